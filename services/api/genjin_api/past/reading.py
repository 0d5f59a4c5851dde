"""A project, or a log, at a point of its past."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Depends, Query, Request

from genjin.event import stream_of
from genjin.log.reading import read_head
from genjin_api.acting import Caller, Moment
from genjin_api.action import RefusedError
from genjin_api.http.context import Services
from genjin_api.past.points import (
    RULE,
    TEXT_MAX,
    AtPosition,
    AtTime,
    AtVersion,
    OnDay,
    Point,
    end_of_day,
    in_future,
    parse_point,
)
from genjin_api.projects.projection import PROJECT
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, not_found
from genjin_api.streams import State, StreamKind

POSITION_MAX = 2**63 - 1

_VERSION_AT = "SELECT genjin.version_at($1, $2, $3)"

_POSITION_AT = "SELECT genjin.position_at($1, $2)"

_EVENT_OF_VERSION = """
SELECT position, recorded_at FROM genjin.event WHERE workspace_id = $1 AND stream = $2 AND version = $3
"""

_NOW = "SELECT clock_timestamp()"

_TIME_OF_POSITION = "SELECT recorded_at FROM genjin.event WHERE workspace_id = $1 AND position = $2"


@dataclass(frozen=True, slots=True)
class Place:
    """A point found in a log: its last position, and the time that it stands for. lasting: the same point leads here
    for ever, as a day does from its end on.
    """

    position: int
    at: datetime
    lasting: bool = True


@dataclass(frozen=True, slots=True)
class Past:
    """A project as it was. All that is told of it follows from the log up to place, which never changes."""

    project: Project
    place: Place

    def moment(self, time_zone: str) -> Moment:
        """When it was so."""
        return Moment(self.place.at, time_zone)


AsOf = Annotated[str | None, Query(max_length=TEXT_MAX, description=RULE)]


async def _then(request: Request, project_id: UUID, as_of: AsOf = None) -> Past | None:
    if as_of is None:
        return None
    services, caller = request.app.state.services, request.state.caller
    return await project_at(
        services, caller, project_id, parse_point(as_of, "as_of"), parameter="as_of"
    )


# What a route shows: the project at as_of, or None for the present.
Then = Annotated[Past | None, Depends(_then)]


async def project_at(
    services: Services, caller: Caller, project_id: UUID, point: Point, *, parameter: str
) -> Past:
    """A project at a point. parameter is the one to blame when the log has not come there yet."""
    found = await state_at(services, caller, PROJECT, project_id, point, parameter=parameter)
    if found is None:
        raise RefusedError(not_found("project", project_id))
    project, place = found
    if project is None or not project.stands:
        raise RefusedError(Refusal("not_found", f"project {project_id} did not stand by then"))
    return Past(project, place)


async def state_at(
    services: Services,
    caller: Caller,
    kind: StreamKind[State],
    identifier: UUID,
    point: Point,
    *,
    parameter: str,
) -> tuple[State | None, Place] | None:
    """What has a stream of its own, at a point: None where there is none, no state where it came later."""
    workspace_id, stream = caller.workspace_id, stream_of(kind.noun, identifier)
    newest = await services.database.fetchval(_VERSION_AT, workspace_id, stream, POSITION_MAX)
    if newest is None:
        return None
    if isinstance(point, AtVersion):
        version = point.version
        if version > newest:
            raise in_future(parameter, f"the {kind.noun} is at version {newest}")
        row = await services.database.fetchrow(_EVENT_OF_VERSION, workspace_id, stream, version)
        assert row is not None, "versions are without a gap"
        place = Place(row["position"], row["recorded_at"])
    else:
        place = await place_in_log(services, caller, point, parameter=parameter)
        version = await services.database.fetchval(
            _VERSION_AT, workspace_id, stream, place.position
        )
    if not version:
        return None, place
    return await services.states.at(kind, workspace_id, identifier, version), place


async def place_in_log(
    services: Services, caller: Caller, point: AtPosition | AtTime | OnDay, *, parameter: str
) -> Place:
    """Where a point is in a workspace's log."""
    workspace_id = caller.workspace_id
    if isinstance(point, OnDay):
        return await _place_of_day(services, caller, point.day, parameter)
    if isinstance(point, AtTime):
        position = await services.database.fetchval(_POSITION_AT, workspace_id, point.time)
        if position is None:
            raise in_future(parameter, "this time has not passed yet on the log's clock")
        return Place(position, point.time)
    at = await services.database.fetchval(_TIME_OF_POSITION, workspace_id, point.position)
    if at is None:
        head = await read_head(services.database, workspace_id)
        raise in_future(parameter, f"the log is at position {head.position}")
    return Place(point.position, at)


async def _place_of_day(services: Services, caller: Caller, day: date, parameter: str) -> Place:
    """What day it is, the log's clock says too: another one might go ahead of what is recorded."""
    now: datetime = await services.database.fetchval(_NOW)
    today = now.astimezone(ZoneInfo(caller.time_zone)).date()
    if day > today:
        raise in_future(parameter, f"the day is {today} in {caller.time_zone}, the workspace's")
    over = day < today
    moment = AtTime(end_of_day(day, caller.time_zone) if over else now)
    place = await place_in_log(services, caller, moment, parameter=parameter)
    return replace(place, lasting=over)
