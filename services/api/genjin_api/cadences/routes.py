"""How a project keeps its cadences, over HTTP."""

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from genjin.clock.keeping import Turn, keeping
from genjin.clock.past import life_of_project
from genjin.templates.words import Text
from genjin.working_days import working_days
from genjin_api.handle import moment_in
from genjin_api.http.answers import listed
from genjin_api.http.context import CurrentCaller, CurrentServices
from genjin_api.http.documents import page_of, reads
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import listed_then
from genjin_api.past.reading import Then
from genjin_api.projects.reading import load_project
from genjin_api.projects.writing import template_of

router = APIRouter(prefix="/v1/projects/{project_id}", tags=["cadences"], route_class=JsonRoute)


class CadenceDocument(BaseModel):
    """What is due again and again: a copy of the form, or an entry of the actual situation where form is null. kept and
    missed count all turns, rate is kept of both. newest: the last turns that have begun, the oldest first; kept null in
    one: not yet, and there is time.
    """

    cadence: str
    title: Text
    form: str | None
    kept: int
    missed: int
    rate: float | None
    last_done_on: date | None
    next_due_on: date | None
    newest: list[Turn]


@router.get(
    "/cadences",
    summary="How the project keeps its cadences, and when each is due next",
    **reads(page_of("Cadence", CadenceDocument), "not_found", "point_in_future"),
)
async def list_cadences(
    services: CurrentServices, caller: CurrentCaller, project_id: UUID, then: Then
) -> Response:
    project = then.project if then else await load_project(services, caller, project_id)
    moment = then.moment(caller.time_zone) if then else moment_in(caller.time_zone)
    template = await template_of(services, caller, project)
    zone = ZoneInfo(caller.time_zone)
    life = await life_of_project(
        services.database, caller.workspace_id, zone, project_id, project.version
    )
    calendar = working_days(services.settings.calendar)
    items: list[dict[str, Any]] = [
        {
            **asdict(keeping(life, cadence, moment.today, calendar)),
            "title": cadence.title,
            "form": cadence.form,
        }
        for cadence in template.cadences
    ]
    return listed_then(items, then) if then else listed(items)
