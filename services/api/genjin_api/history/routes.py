"""The history over HTTP: one project's events, the workspace's events, one event."""

import re
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from genjin.event import RecordedEvent, stream_of
from genjin_api.acting import Caller
from genjin_api.fields import Instant
from genjin_api.handle import RefusedError
from genjin_api.history.query import EventFilters, Order, events
from genjin_api.http.context import CurrentCaller, CurrentServices, Services
from genjin_api.http.cursors import make_cursor, read_cursor
from genjin_api.http.documents import EventDocument, page_of, reads
from genjin_api.http.problems import ProblemError
from genjin_api.http.reading_body import JsonRoute
from genjin_api.projects.reading import project_version
from genjin_api.refusal import FieldError, not_found

router = APIRouter(prefix="/v1", tags=["history"], route_class=JsonRoute)

_TYPE = re.compile(r"\*|[a-z_]+\.(\*|[a-z_]+)")
TYPES_MAX = 20
_ALL = "/v1/events"

_ONE = """
SELECT position, stream, version, type, body, leaf_hash FROM genjin.event WHERE workspace_id = $1 AND id = $2
"""


async def _filters(
    actor: UUID | None = Query(None, description="a person's id"),
    role: str | None = Query(None, max_length=64, description="the project role acted in"),
    type_: list[str] | None = Query(
        None, alias="type", description="whole types or noun.*", max_length=TYPES_MAX
    ),
    recorded_from: Instant | None = Query(None),
    recorded_to: Instant | None = Query(None, description="not included"),
    occurred_from: Instant | None = Query(None),
    occurred_to: Instant | None = Query(None, description="not included"),
    request_id: str | None = Query(None, max_length=128),
    correlation_id: str | None = Query(None, max_length=128),
) -> EventFilters:
    for pattern in type_ or ():
        if not _TYPE.fullmatch(pattern):
            error = FieldError("?type", "invalid", "must be as stage.advanced, stage.* or *")
            raise ProblemError("validation_failed", "a filter is not understood", errors=(error,))
    return EventFilters(
        actor=actor,
        role=role,
        type=tuple(type_ or ()),
        recorded_from=recorded_from,
        recorded_to=recorded_to,
        occurred_from=occurred_from,
        occurred_to=occurred_to,
        request_id=request_id,
        correlation_id=correlation_id,
    )


Filters = Annotated[EventFilters, Depends(_filters)]
Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str | None, Query(max_length=1000)]


@router.get(
    "/projects/{project_id}/events",
    summary="A project's history",
    **reads(page_of("Event", EventDocument), "not_found", "cursor_invalid"),
)
async def list_project_events(
    services: CurrentServices,
    caller: CurrentCaller,
    project_id: UUID,
    filters: Filters,
    order: Order = "asc",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    await project_version(services, caller, project_id)
    path = f"/v1/projects/{project_id}/events"
    of_project = _of_project(filters, project_id)
    return await _page(services, caller, path, of_project, order, limit, cursor)


@router.get(
    "/events",
    summary="The workspace's history (owners, admins, auditors)",
    **reads(page_of("Event", EventDocument), "workspace_role_not_allowed", "cursor_invalid"),
)
async def list_events(
    services: CurrentServices,
    caller: CurrentCaller,
    filters: Filters,
    project: UUID | None = None,
    order: Order = "asc",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    if caller.workspace_role == "member":
        raise ProblemError(
            "workspace_role_not_allowed",
            "members read the history of a project at /v1/projects/{id}/events",
        )
    chosen = _of_project(filters, project) if project else filters
    return await _page(services, caller, _ALL, chosen, order, limit, cursor)


@router.get(
    "/events/{event_id}",
    summary="One event",
    **reads(EventDocument, "workspace_role_not_allowed", "not_found"),
)
async def get_event(services: CurrentServices, caller: CurrentCaller, event_id: UUID) -> Response:
    row = await services.database.fetchrow(_ONE, caller.workspace_id, event_id)
    if row is None:
        raise RefusedError(not_found("event", event_id))
    event = RecordedEvent(*row)
    if caller.workspace_role == "member" and not event.stream.startswith("project-"):
        raise RefusedError(not_found("event", event_id))
    return Response(event.public_json(), media_type="application/json")


def _of_project(filters: EventFilters, project_id: UUID) -> EventFilters:
    given = {name: getattr(filters, name) for name in filters.__slots__}
    return EventFilters(**{**given, "stream": stream_of("project", project_id)})


async def _page(
    services: Services,
    caller: Caller,
    path: str,
    filters: EventFilters,
    order: Order,
    limit: int,
    cursor: str | None,
) -> Response:
    key = services.settings.secret_key_bytes
    signed = {**filters.document(), "order": order, "list": path}
    place = read_cursor(key, caller.workspace_id, signed, cursor)
    query = events(caller.workspace_id, filters, order, place[0] if place else None, limit)
    async with services.engine.connect() as connection:
        rows = (await connection.execute(query)).all()
    page = [RecordedEvent(*row) for row in rows[:limit]]
    items = ",".join(event.public_json() for event in page)
    if len(rows) <= limit:
        return Response(f'{{"items":[{items}],"next_cursor":null}}', media_type="application/json")
    next_cursor = make_cursor(key, caller.workspace_id, signed, [page[-1].position])
    link = f"{path}?{urlencode(_query(path, filters, order, limit, next_cursor), doseq=True)}"
    return Response(
        f'{{"items":[{items}],"next_cursor":"{next_cursor}"}}',
        media_type="application/json",
        headers={"Link": f'<{link}>; rel="next"'},
    )


def _query(
    path: str, filters: EventFilters, order: Order, limit: int, cursor: str
) -> dict[str, object]:
    """The query parameters of the next page. A project's own path names it already."""
    given: dict[str, object] = {}
    for name in filters.__slots__:
        value = getattr(filters, name)
        if name == "stream" or not value:
            continue
        given[name] = value.isoformat() if hasattr(value, "isoformat") else value
    if filters.stream and path == _ALL:
        given["project"] = filters.stream.partition("-")[2]
    return {**given, "order": order, "limit": limit, "cursor": cursor}
