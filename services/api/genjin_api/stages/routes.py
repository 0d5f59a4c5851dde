"""The stage where a project stands, over HTTP: record, judgements, gate."""

from typing import Any
from uuid import UUID

import orjson
from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from genjin.templates.words import Text
from genjin_api.handle import moment_in
from genjin_api.http.answers import listed, shown
from genjin_api.http.context import CurrentCaller, CurrentServices, Write
from genjin_api.http.documents import BlockerDocument, page_of, reads, writes
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import listed_then, shown_then
from genjin_api.past.reading import Then
from genjin_api.projects.reading import load_project, rows_of_project
from genjin_api.projects.writing import template_of, write_project
from genjin_api.stages import approvals, decider, projection
from genjin_api.stages.answers import VisitAnswer, current_visit
from genjin_api.stages.gate import gate
from genjin_api.stages.state import Visit
from genjin_api.stages.ways import ways

router = APIRouter(prefix="/v1/projects/{project_id}", tags=["stages"], route_class=JsonRoute)


class CheckDocument(BaseModel):
    code: str
    subject: str
    passed: bool
    value: Any
    events: list[UUID]


class WayDocument(BaseModel):
    """A way on. when: the expression that must be true, null without one; text says it in words."""

    to_stage: str
    open: bool
    when: str | None
    text: Text | None


class GateDocument(BaseModel):
    """open: whether an advance would pass now. checks: everything that was looked at. exits: where it could lead."""

    stage: str
    visit: int
    open: bool
    blockers: list[BlockerDocument]
    checks: list[CheckDocument]
    exits: list[WayDocument]


@router.get(
    "/stages",
    summary="The stage timeline: visits, records, receipts",
    **reads(page_of("Visit", Visit), "not_found", "point_in_future"),
)
async def get_timeline(
    services: CurrentServices, caller: CurrentCaller, project_id: UUID, then: Then
) -> Response:
    if then:
        return listed_then(projection.timeline_from(then.project.course), then)
    rows = await rows_of_project(services, caller, project_id, projection.TIMELINE)
    return listed(
        [
            projection.with_duration(orjson.loads(row["body"]), row["entered_at"], row["left_at"])
            for row in rows
        ]
    )


@router.get(
    "/gate",
    summary="What stands between this stage and the next",
    **reads(GateDocument, "not_found", "point_in_future"),
)
async def get_gate(
    services: CurrentServices, caller: CurrentCaller, project_id: UUID, then: Then
) -> Response:
    project = then.project if then else await load_project(services, caller, project_id)
    moment = then.moment(caller.time_zone) if then else moment_in(caller.time_zone)
    template = await template_of(services, caller, project)
    now = gate(project, template, moment)
    document = {
        "stage": now.stage,
        "visit": now.visit,
        "open": now.is_open,
        "blockers": now.blockers(),
        "checks": [check.document() for check in now.checks],
        "exits": ways(project, template, moment),
    }
    return shown_then(document, then) if then else shown(document, project.version)


@router.post(
    "/actuals",
    summary="Record the actual situation (实际情况)",
    **writes(
        VisitAnswer,
        "not_found",
        "role_not_allowed",
        "project_suspended",
        "project_closed",
        status=201,
    ),
)
async def record_actual(
    services: CurrentServices, write: Write, project_id: UUID, command: decider.RecordActual
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: decider.record_actual(
            project, template, command, write.caller
        ),
        current_visit,
        status=201,
        occurred_at=command.occurred_at,
    )


@router.put(
    "/conditions/{key}",
    summary="Mark a condition of the current stage as met or not",
    **writes(
        VisitAnswer,
        "not_found",
        "role_not_allowed",
        "project_suspended",
        "project_closed",
        "condition_is_computed",
        "evidence_required",
    ),
)
async def mark_condition(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    key: str,
    command: decider.MarkCondition,
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: decider.mark_condition(
            project, template, key, command, write.caller
        ),
        current_visit,
        occurred_at=command.occurred_at,
    )


@router.post(
    "/conditions/{key}/approvals",
    summary="Approve a condition of the current stage, or say no",
    **writes(
        VisitAnswer,
        "not_found",
        "not_role_holder",
        "second_slot_refused",
        "project_suspended",
        "project_closed",
        "condition_is_computed",
        "form_not_complete",
        "comment_required",
        "field_invalid",
        status=201,
    ),
)
async def approve_condition(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    key: str,
    command: approvals.ApproveCondition,
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: approvals.approve_condition(
            project, template, key, command, write.caller
        ),
        current_visit,
        status=201,
        occurred_at=command.occurred_at,
    )
