"""Durations over HTTP: how long a project was in its stages, now or as of a past point."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from genjin.working_days import WorkingDays, working_days
from genjin_api.acting import Moment
from genjin_api.handle import moment_in
from genjin_api.http.answers import shown
from genjin_api.http.context import CurrentCaller, CurrentServices
from genjin_api.http.documents import reads
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import shown_then
from genjin_api.past.reading import Then
from genjin_api.projects.reading import load_project
from genjin_api.projects.state import Project
from genjin_api.stages.durations import (
    Length,
    StageDuration,
    VisitDuration,
    stage_durations,
    total,
    visit_durations,
    years_of,
)

router = APIRouter(prefix="/v1/projects/{project_id}", tags=["stages"], route_class=JsonRoute)


class DurationsDocument(BaseModel):
    """until: when what is open is looked at. calendar: the country whose working days these are. calendar_known: they
    are certain for all years that the project touches; else they were computed ahead for some.
    """

    until: datetime
    time_zone: str
    calendar: str
    calendar_known: bool
    visits: list[VisitDuration]
    stages: list[StageDuration]
    returns: int
    total: Length


@router.get(
    "/durations",
    summary="How long a project was in its stages, suspensions told apart",
    **reads(DurationsDocument, "not_found", "point_in_future"),
)
async def get_durations(
    services: CurrentServices, caller: CurrentCaller, project_id: UUID, then: Then
) -> Response:
    calendar = working_days(services.settings.calendar)
    if then:
        moment = then.moment(caller.time_zone)
        return shown_then(_document(then.project, moment, calendar), then)
    project = await load_project(services, caller, project_id)
    document = _document(project, moment_in(caller.time_zone), calendar)
    return shown(document, project.version)


def _document(project: Project, moment: Moment, calendar: WorkingDays) -> dict[str, Any]:
    until, time_zone = moment.now, moment.time_zone
    visits = visit_durations(project, until, time_zone, calendar)
    return {
        "until": until,
        "time_zone": time_zone,
        "calendar": calendar.country,
        "calendar_known": calendar.knows(years_of(project, until, time_zone)),
        "visits": visits,
        "stages": stage_durations(visits),
        "returns": sum(visit.left_by == "return" for visit in visits),
        "total": total(visits),
    }
