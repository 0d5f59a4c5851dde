"""The stage where a project stands, over HTTP: record, judgements, gate."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from genjin_api.handle import moment_in
from genjin_api.http.answers import listed, shown
from genjin_api.http.context import CurrentCaller, CurrentServices, Write
from genjin_api.http.documents import BlockerDocument, answer_of, page_of, reads, writes
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import listed_then, shown_then
from genjin_api.past.reading import Then
from genjin_api.projects.projection import card
from genjin_api.projects.reading import load_project, rows_of_project
from genjin_api.projects.state import Project
from genjin_api.projects.writing import template_of, write_project
from genjin_api.stages import decider, projection
from genjin_api.stages.gate import gate
from genjin_api.stages.state import Visit

router = APIRouter(prefix="/v1/projects/{project_id}", tags=["stages"], route_class=JsonRoute)

VisitAnswer = answer_of("visit", Visit)


class CheckDocument(BaseModel):
    code: str
    subject: str
    passed: bool
    value: Any
    events: list[UUID]


class GateDocument(BaseModel):
    """open: whether an advance would pass now. checks: everything that was looked at."""

    stage: str
    visit: int
    open: bool
    blockers: list[BlockerDocument]
    checks: list[CheckDocument]


class JudgementField(BaseModel):
    """One role's judgement of one visit; verdict null: not judged yet."""

    stage: str
    visit: int
    role: str
    verdict: str | None
    comment: str | None
    stale: bool | None
    person_name: str | None
    at: datetime | None


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
    today = then.day(caller.time_zone) if then else moment_in(caller.time_zone).today
    now = gate(project, template_of(project), today)
    document = {
        "stage": now.stage,
        "visit": now.visit,
        "open": now.is_open,
        "blockers": now.blockers(),
        "checks": [check.document() for check in now.checks],
    }
    return shown_then(document, then) if then else shown(document, project.version)


@router.get(
    "/judgements",
    summary="The judgement matrix: role by visit",
    **reads(page_of("JudgementField", JudgementField), "not_found", "point_in_future"),
)
async def get_judgements(
    services: CurrentServices, caller: CurrentCaller, project_id: UUID, then: Then
) -> Response:
    project = then.project if then else await load_project(services, caller, project_id)
    template = template_of(project)
    fields = []
    for visit in project.course.visits.values():
        for role in template.judgement_of(visit.stage).roles:
            given = visit.judgements.get(role)
            fields.append(
                {
                    "stage": visit.stage,
                    "visit": visit.number,
                    "role": role,
                    "verdict": given.verdict if given else None,
                    "comment": given.comment if given else None,
                    "stale": visit.is_stale(given) if given else None,
                    "person_name": given.person_name if given else None,
                    "at": given.at if given else None,
                }
            )
    return listed_then(fields, then) if then else listed(fields)


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
        _current_visit,
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
        _current_visit,
        occurred_at=command.occurred_at,
    )


@router.post(
    "/judgements",
    summary="Judge the current stage (判断)",
    **writes(
        VisitAnswer,
        "not_found",
        "not_role_holder",
        "second_slot_refused",
        "project_suspended",
        "project_closed",
        "already_judged",
        "facts_changed",
        "comment_required",
        "field_invalid",
        status=201,
    ),
)
async def judge(
    services: CurrentServices, write: Write, project_id: UUID, command: decider.Judge
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: decider.judge(project, template, command, write.caller),
        _current_visit,
        status=201,
        occurred_at=command.occurred_at,
    )


def _current_visit(project: Project) -> dict[str, Any]:
    return {
        "visit": projection.visit_document(project.course.current),
        "project": card(project),
    }
