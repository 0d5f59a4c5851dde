"""Where in the log a list of projects is asked for. The rows of the past are there from then on."""

from genjin_api.acting import Caller
from genjin_api.http.context import Services
from genjin_api.past.points import AtVersion, parse_point, point_refused
from genjin_api.past.reading import Place, place_in_log
from genjin_api.projects.past_rows import complete_past


async def place_of_list(services: Services, caller: Caller, as_of: str | None) -> Place | None:
    """None: now."""
    if as_of is None:
        return None
    point = parse_point(as_of, "as_of")
    if isinstance(point, AtVersion):
        raise point_refused(
            "as_of", "of a list must be @position, a time or a day: a version is one project's"
        )
    place = await place_in_log(services, caller, point, parameter="as_of")
    await complete_past(services.database, caller.workspace_id)
    return place
