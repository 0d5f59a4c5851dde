"""The stage where a project stands, over HTTP: record, judgements, follow-ups, gate."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import orjson
from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel

from genjin.identifiers import new_id
from genjin_api.handle import moment_in
from genjin_api.http.answers import listed, shown
from genjin_api.http.context import CurrentCaller, CurrentServices, Services, Write
from genjin_api.http.cursors import make_cursor, read_cursor
from genjin_api.http.documents import BlockerDocument, answer_of, page_of, reads, writes
from genjin_api.http.reading_body import JsonRoute
from genjin_api.projects.projection import card
from genjin_api.projects.reading import list_of_project, load_project, rows_of_project
from genjin_api.projects.state import Project
from genjin_api.projects.writing import template_of, write_project
from genjin_api.stages import decider, projection
from genjin_api.stages.gate import gate
from genjin_api.stages.state import FollowUp, Visit

router = APIRouter(prefix="/v1/projects/{project_id}", tags=["stages"], route_class=JsonRoute)
mine = APIRouter(prefix="/v1/follow-ups", tags=["stages"], route_class=JsonRoute)

VisitAnswer = answer_of("visit", Visit)
FollowUpAnswer = answer_of("follow_up", FollowUp)


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


class OpenFollowUp(BaseModel):
    project_id: UUID
    follow_up: FollowUp


@router.get(
    "/stages",
    summary="The stage timeline: visits, records, receipts",
    **reads(page_of("Visit", Visit), "not_found"),
)
async def get_timeline(
    services: CurrentServices, caller: CurrentCaller, project_id: UUID
) -> Response:
    rows = await rows_of_project(services, caller, project_id, projection.TIMELINE)
    return listed([_with_duration(orjson.loads(row["body"]), row) for row in rows])


def _with_duration(body: dict[str, Any], row: Any) -> dict[str, Any]:
    left_at = row["left_at"]
    seconds = (left_at - row["entered_at"]).total_seconds() if left_at else None
    return {**body, "duration_seconds": seconds}


@router.get(
    "/gate",
    summary="What stands between this stage and the next",
    **reads(GateDocument, "not_found"),
)
async def get_gate(services: CurrentServices, caller: CurrentCaller, project_id: UUID) -> Response:
    project = await load_project(services, caller, project_id)
    now = gate(project, template_of(project), moment_in(caller.time_zone).today)
    document = {
        "stage": now.stage,
        "visit": now.visit,
        "open": now.is_open,
        "blockers": now.blockers(),
        "checks": [check.document() for check in now.checks],
    }
    return shown(document, project.version)


@router.get(
    "/judgements",
    summary="The judgement matrix: role by visit",
    **reads(page_of("JudgementField", JudgementField), "not_found"),
)
async def get_judgements(
    services: CurrentServices, caller: CurrentCaller, project_id: UUID
) -> Response:
    project = await load_project(services, caller, project_id)
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
    return listed(fields)


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


@router.get(
    "/follow-ups",
    summary="A project's follow-ups by due date",
    **reads(page_of("FollowUp", FollowUp), "not_found"),
)
async def list_follow_ups(
    services: CurrentServices,
    caller: CurrentCaller,
    project_id: UUID,
    status: Literal["open", "completed"] | None = None,
) -> Response:
    return await list_of_project(services, caller, project_id, projection.FOLLOW_UPS, status)


@router.post(
    "/follow-ups",
    summary="Set a follow-up (跟进措施)",
    **writes(
        FollowUpAnswer,
        "not_found",
        "not_role_holder",
        "project_suspended",
        "project_closed",
        "field_invalid",
        "unknown_person",
        status=201,
    ),
)
async def set_follow_up(
    services: CurrentServices, write: Write, project_id: UUID, command: decider.SetFollowUp
) -> Response:
    follow_up_id = new_id()
    owner = await services.person_name(write.caller.workspace_id, command.owner_id)
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: decider.set_follow_up(
            project, template, command, follow_up_id, owner, write.caller
        ),
        lambda project: {"follow_up": project.course.follow_ups[str(follow_up_id)]},
        status=201,
        location=f"/v1/projects/{project_id}/follow-ups",
        occurred_at=command.occurred_at,
    )


@router.put(
    "/follow-ups/{follow_up_id}/completion",
    summary="Complete a follow-up",
    **writes(
        FollowUpAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "follow_up_already_completed",
    ),
)
async def complete_follow_up(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    follow_up_id: UUID,
    command: decider.CompleteFollowUp,
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, _template, moment: decider.complete_follow_up(
            project, follow_up_id, command, write.caller, moment
        ),
        lambda project: {"follow_up": project.course.follow_ups[str(follow_up_id)]},
        occurred_at=command.occurred_at,
    )


@mine.get(
    "",
    summary="A person's open follow-ups in all projects, the most urgent first",
    **reads(page_of("OpenFollowUp", OpenFollowUp), "cursor_invalid"),
)
async def list_open_follow_ups(
    services: CurrentServices,
    caller: CurrentCaller,
    owner_id: UUID | None = None,
    limit: int = Query(50, ge=1, le=200),
    cursor: str | None = None,
) -> Response:
    owner = owner_id or caller.person_id
    return await _open_follow_ups(services, caller.workspace_id, owner, limit, cursor)


async def _open_follow_ups(
    services: Services, workspace_id: UUID, owner_id: UUID, limit: int, cursor: str | None
) -> Response:
    key = services.settings.secret_key_bytes
    filters = {"list": "follow-ups", "owner_id": str(owner_id)}
    place = read_cursor(key, workspace_id, filters, cursor) or [None, None]
    due_on = date.fromisoformat(place[0]) if place[0] else None
    rows = await services.database.fetch(
        projection.OPEN_FOLLOW_UPS, workspace_id, owner_id, due_on, place[1], limit + 1
    )
    items = [
        {"project_id": row["project_id"], "follow_up": orjson.loads(row["body"])}
        for row in rows[:limit]
    ]
    if len(rows) <= limit:
        return listed(items)
    last = rows[limit - 1]
    next_cursor = make_cursor(
        key, workspace_id, filters, [last["due_on"].isoformat(), str(last["id"])]
    )
    link = f"/v1/follow-ups?owner_id={owner_id}&limit={limit}&cursor={next_cursor}"
    return listed(items, link, next_cursor)


def _current_visit(project: Project) -> dict[str, Any]:
    return {
        "visit": projection.visit_document(project.course.current),
        "project": card(project),
    }
