"""Follow-ups over HTTP: those of a project, and a person's open ones in all projects."""

from datetime import date
from typing import Literal
from uuid import UUID

import orjson
from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel

from genjin.identifiers import new_id
from genjin_api.http.answers import listed
from genjin_api.http.context import CurrentCaller, CurrentServices, Services, Write
from genjin_api.http.cursors import read_cursor
from genjin_api.http.documents import answer_of, page_of, reads, writes
from genjin_api.http.pages import page_with_next
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import listed_then
from genjin_api.past.reading import Then
from genjin_api.projects.reading import list_of_project
from genjin_api.projects.writing import write_project
from genjin_api.stages import follow_ups, projection
from genjin_api.stages.follow_up_state import FollowUp

router = APIRouter(prefix="/v1/projects/{project_id}", tags=["stages"], route_class=JsonRoute)
mine = APIRouter(prefix="/v1/follow-ups", tags=["stages"], route_class=JsonRoute)

FollowUpAnswer = answer_of("follow_up", FollowUp)


class OpenFollowUp(BaseModel):
    project_id: UUID
    follow_up: FollowUp


@router.get(
    "/follow-ups",
    summary="A project's follow-ups by due date",
    **reads(page_of("FollowUp", FollowUp), "not_found", "point_in_future"),
)
async def list_follow_ups(
    services: CurrentServices,
    caller: CurrentCaller,
    project_id: UUID,
    then: Then,
    status: Literal["open", "completed"] | None = None,
) -> Response:
    if then:
        return listed_then(projection.follow_ups_from(then.project.course, status), then)
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
    services: CurrentServices, write: Write, project_id: UUID, command: follow_ups.SetFollowUp
) -> Response:
    follow_up_id = new_id()
    owner = await services.person_name(write.caller.workspace_id, command.owner_id)
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: follow_ups.set_follow_up(
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
    command: follow_ups.CompleteFollowUp,
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, _template, moment: follow_ups.complete_follow_up(
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
    here = [last["due_on"].isoformat(), str(last["id"])]
    given = {"owner_id": owner_id, "limit": limit}
    return page_with_next(key, workspace_id, "/v1/follow-ups", filters, items, here, given)
