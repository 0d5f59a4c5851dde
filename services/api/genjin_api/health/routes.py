"""A project's health over HTTP: what people say of it beside what its record says."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from genjin.clock.past import life_of_project
from genjin.working_days import working_days
from genjin_api.handle import moment_in
from genjin_api.health import decider
from genjin_api.health.signals import Code, Level, level_of, signals_of
from genjin_api.health.state import Health
from genjin_api.http.answers import shown
from genjin_api.http.context import CurrentCaller, CurrentServices, Write
from genjin_api.http.documents import answer_of, reads, writes
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import shown_then
from genjin_api.past.reading import Then
from genjin_api.projects.reading import load_project
from genjin_api.projects.writing import template_of, write_project

router = APIRouter(prefix="/v1/projects/{project_id}", tags=["health"], route_class=JsonRoute)

HealthAnswer = answer_of("health", Health)


class SignalDocument(BaseModel):
    """subject: the id of what it is about, or its key in the template."""

    code: Code
    subject: str
    since: date | None


class ComputedHealth(BaseModel):
    level: Level
    signals: list[SignalDocument]


class HealthDocument(BaseModel):
    """said: by a person, newest; null before anybody did. What was said before is in the history (health.assessed)."""

    said: Health | None
    computed: ComputedHealth


@router.get(
    "/health",
    summary="A project's health: what people say beside what the record says",
    **reads(HealthDocument, "not_found", "point_in_future"),
)
async def get_health(
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
    signals = list(signals_of(project, template, life, moment.today, calendar))
    health = {
        "said": project.health,
        "computed": {"level": level_of(signals), "signals": signals},
    }
    return shown_then(health, then) if then else shown(health, project.version)


@router.post(
    "/health-assessments",
    summary="Say how the project is, on the template's levels",
    **writes(
        HealthAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "health_not_kept",
        "field_invalid",
        status=201,
    ),
)
async def assess_health(
    services: CurrentServices, write: Write, project_id: UUID, command: decider.AssessHealth
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: decider.assess(project, template, command, write.caller),
        lambda project: {"health": project.health},
        status=201,
        occurred_at=command.occurred_at,
    )
