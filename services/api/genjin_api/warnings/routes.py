"""Warnings over HTTP: those of a project, and those that wait for the caller."""

from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel

from genjin.canonical import plain_json
from genjin_api.http.answers import bodies, listed
from genjin_api.http.context import CurrentCaller, CurrentServices, Write
from genjin_api.http.cursors import read_cursor
from genjin_api.http.documents import answer_of, page_of, reads, writes
from genjin_api.http.pages import after_id, page_by_id, page_with_next
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import page_then
from genjin_api.past.reading import Then
from genjin_api.projects.reading import rows_of_project
from genjin_api.projects.writing import write_project
from genjin_api.warnings import decider, projection
from genjin_api.warnings.state import Warning

router = APIRouter(prefix="/v1", tags=["warnings"], route_class=JsonRoute)

Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str | None, Query(max_length=1000)]
WarningAnswer = answer_of("warning", Warning)


class WaitingWarning(BaseModel):
    """A warning, and the project that was warned."""

    project_id: UUID
    project_code: str
    warning: Warning


@router.get(
    "/me/warnings",
    summary="What waits for your acknowledgement, the oldest first",
    **reads(page_of("WaitingWarning", WaitingWarning), "cursor_invalid"),
)
async def list_waiting(
    services: CurrentServices, caller: CurrentCaller, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    key, workspace_id = services.settings.secret_key_bytes, caller.workspace_id
    filters = {"list": "warnings", "person": str(caller.person_id)}
    after = read_cursor(key, workspace_id, filters, cursor) or [None, None]
    rows = await services.database.fetch(
        projection.WAITING, workspace_id, caller.person_id, *after, limit + 1
    )
    items = [
        {
            "project_id": row["project_id"],
            "project_code": row["project_code"],
            "warning": orjson.loads(row["body"]),
        }
        for row in rows[:limit]
    ]
    if len(rows) <= limit:
        return listed(items)
    place, given = [str(rows[limit - 1][name]) for name in ("id", "project_id")], {"limit": limit}
    return page_with_next(key, workspace_id, "/v1/me/warnings", filters, items, place, given)


@router.get(
    "/projects/{project_id}/warnings",
    summary="What a project was warned of, the newest first",
    **reads(page_of("Warning", Warning), "not_found", "cursor_invalid", "point_in_future"),
)
async def list_warnings(
    services: CurrentServices,
    caller: CurrentCaller,
    project_id: UUID,
    then: Then,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    key, workspace_id = services.settings.secret_key_bytes, caller.workspace_id
    filters = {"list": f"warnings of {project_id}"}
    if then:
        filters["as_of"] = str(then.project.version)
    asked = after_id(key, workspace_id, filters, cursor), limit + 1
    if then:
        found = orjson.loads(plain_json(projection.list_from(then.project.warnings, *asked)))
    else:
        found = bodies(await rows_of_project(services, caller, project_id, projection.LIST, *asked))
    path = f"/v1/projects/{project_id}/warnings"
    page = page_by_id(key, workspace_id, path, filters, found, limit)
    return page_then(page, then) if then else page


@router.post(
    "/projects/{project_id}/warnings/{warning_id}/acknowledgements",
    summary="Say that you know of a warning",
    **writes(WarningAnswer, "not_found", "role_not_allowed"),
)
async def acknowledge_warning(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    warning_id: UUID,
    command: decider.AcknowledgeWarning,
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, _template, _: decider.acknowledge(
            project, warning_id, command, write.caller
        ),
        lambda project: {"warning": project.warnings[str(warning_id)]},
        occurred_at=command.occurred_at,
    )
