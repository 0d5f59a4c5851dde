"""What every report takes: which projects, which days, and as of when. Every member reads every project, and so each
report as a whole.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from fastapi.responses import Response

from genjin_api.acting import Caller, Moment
from genjin_api.handle import moment_in
from genjin_api.health.levels import HealthLevel
from genjin_api.http.answers import shown
from genjin_api.http.context import Services
from genjin_api.past.answers import kept
from genjin_api.past.points import TEXT_MAX, TIME_OR_DAY, AtVersion, parse_point, point_refused
from genjin_api.past.reading import Place, place_in_log
from genjin_api.reports.asking import Asked
from genjin_api.reports.completing import complete_counted
from genjin_api.reports.days import beginning
from genjin_api.reports.stages import Stages, versions_of

_AS_OF = f"the report at a position in the log (@1234), {TIME_OR_DAY}"
TemplateKey = Annotated[
    str | None, Query(max_length=64, description="only projects of this template")
]
Department = Annotated[
    str | None, Query(max_length=200, description="only projects of this department")
]
Region = Annotated[str | None, Query(max_length=200, description="only projects of this region")]
Currency = Annotated[
    str | None, Query(max_length=3, description="only projects with amounts in this currency")
]
FirstDay = Annotated[
    date | None, Query(description="the first day of the period, in the workspace's time zone")
]
LastDay = Annotated[date | None, Query(description="its last day, which is in it")]
Limit = Annotated[
    int, Query(ge=1, le=1000, description="of the list; how many more there are is told beside it")
]
LIMIT = 500
AsOf = Annotated[str | None, Query(max_length=TEXT_MAX, description=_AS_OF)]


@dataclass(frozen=True, slots=True)
class Question:
    """moment is when what goes on is looked at: now, or the time of the past point."""

    services: Services
    caller: Caller
    asked: Asked
    place: Place | None
    moment: Moment

    async def stages(self, named: Iterable[tuple[str, int]]) -> Stages:
        library, workspace_id = self.services.library, self.caller.workspace_id
        return Stages(await versions_of(library, workspace_id, named))

    def answer(self, document: Any) -> Response:
        response = shown(document)
        if self.place is None:
            return response
        return kept(response, self.place.position, lasting=self.place.lasting)


async def _standing(
    request: Request,
    template: TemplateKey = None,
    department: Department = None,
    region: Region = None,
    currency: Currency = None,
    health: HealthLevel = None,
    as_of: AsOf = None,
) -> Question:
    services, caller = request.app.state.services, request.state.caller
    place = await _place(services, caller, as_of)
    await complete_counted(services.database, caller.workspace_id)
    position = place.position if place else None
    asked = Asked(template, department, region, currency, health, position=position)
    moment = Moment(place.at, caller.time_zone) if place else moment_in(caller.time_zone)
    return Question(services, caller, asked, place, moment)


async def _of_period(
    request: Request,
    template: TemplateKey = None,
    department: Department = None,
    region: Region = None,
    currency: Currency = None,
    since: FirstDay = None,
    until: LastDay = None,
    as_of: AsOf = None,
) -> Question:
    if since and until and until < since:
        raise point_refused("until", "must not be before since")
    question = await _standing(request, template, department, region, currency, as_of=as_of)
    zone = question.caller.time_zone
    asked = Asked(
        template,
        department,
        region,
        currency,
        since=beginning(since, zone) if since else None,
        until=beginning(until + timedelta(days=1), zone) if until and until < date.max else None,
        position=question.asked.position,
    )
    return Question(question.services, question.caller, asked, question.place, question.moment)


def first_of(name: str, found: Sequence[Any], limit: int) -> dict[str, Any]:
    """The first members of a list, and how many more there are."""
    return {name: found[:limit], f"{name}_left_out": max(0, len(found) - limit)}


# A report of how things stand, and one of what happened in a period.
StandingQuestion = Annotated[Question, Depends(_standing)]
PeriodQuestion = Annotated[Question, Depends(_of_period)]


async def _place(services: Services, caller: Caller, as_of: str | None) -> Place | None:
    """None: now."""
    if as_of is None:
        return None
    point = parse_point(as_of, "as_of")
    if isinstance(point, AtVersion):
        raise point_refused(
            "as_of", "of a report must be @position, a time or a day: a version is one project's"
        )
    return await place_in_log(services, caller, point, parameter="as_of")
