"""From cause to effect over HTTP: a request, the events it made or brought about, every attempt to deliver them."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

import orjson
from fastapi import APIRouter, Path, Query
from fastapi.responses import Response
from pydantic import BaseModel

from genjin.canonical import plain_json
from genjin.event import RecordedEvent
from genjin.history.filter import EventFilter, Term
from genjin_api.action import RefusedError
from genjin_api.audit.recording import record_reading
from genjin_api.history.attempts import (
    ATTEMPTS_OF_EVENT_MAX,
    OF_EVENT,
    EventAttemptDocument,
    attempts_of,
)
from genjin_api.history.causes import caused_by
from genjin_api.history.places import Place
from genjin_api.history.search import find
from genjin_api.http.context import (
    CurrentCaller,
    CurrentServices,
    RecordedRead,
    refuse_member,
)
from genjin_api.http.cursors import make_cursor, read_cursor
from genjin_api.http.documents import EventDocument, page_of, reads
from genjin_api.http.pages import after_id, page_by_id
from genjin_api.http.reading_body import JsonRoute
from genjin_api.refusal import not_found

router = APIRouter(prefix="/v1", tags=["history"], route_class=JsonRoute)

_FOR_MEMBERS = "only owners, admins and auditors see what requests brought about"

_POSITION = "SELECT position FROM genjin.event WHERE workspace_id = $1 AND id = $2"


class EffectDocument(BaseModel):
    """An event with the first attempts to deliver it; more_attempts says that there are others."""

    event: EventDocument
    attempts: list[EventAttemptDocument]
    more_attempts: bool


class CausedDocument(EffectDocument):
    """step 1: the request or one of its events brought it about; 2: an event of step 1 did, and so on."""

    step: int


class RequestDocument(BaseModel):
    """items are the request's own events. caused are events of other requests: those whose causation_id names the
    request or an event of this page, those whose causation_id names one of them, and so on, up to 10 steps and 100
    events. more_caused says that the chain was cut off there; GET /v1/events?causation_id= follows it further.
    """

    items: list[EffectDocument]
    caused: list[CausedDocument]
    more_caused: bool
    next_cursor: str | None


@router.get(
    "/requests/{request_id}",
    summary="What a request brought about: its events, and every attempt to deliver them",
    **reads(
        RequestDocument,
        "workspace_role_not_allowed",
        "not_found",
        "cursor_invalid",
        "position_gone",
        "log_forked",
    ),
)
async def get_request(
    services: CurrentServices,
    read: RecordedRead,
    request_id: Annotated[str, Path(min_length=1, max_length=128)],
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
    cursor: Annotated[str | None, Query(max_length=1000)] = None,
) -> Response:
    """request_id is what every answer carries as Request-Id."""
    refuse_member(read.caller, _FOR_MEMBERS)
    workspace_id, key = read.caller.workspace_id, services.settings.secret_key_bytes
    path = f"/v1/requests/{quote(request_id, safe='')}"
    signed = {"list": path}
    asked = EventFilter((Term("request_id", (request_id,)),))
    after = Place.in_cursor(read_cursor(key, workspace_id, signed, cursor))
    page = await find(services.database, workspace_id, asked, "asc", after, limit)
    if after is None and page.place is None and not page.events:
        raise RefusedError(not_found("request", request_id))
    caused = await caused_by(services.database, workspace_id, request_id, page.events)
    seen = [*page.events, *(event for _, event in caused.steps)]
    attempts = await attempts_of(services.database, workspace_id, [one.position for one in seen])
    await record_reading(services, read, asked, seen)
    next_cursor, headers = None, {"Cache-Control": "private, no-store"}
    if page.place is not None:
        next_cursor = make_cursor(key, workspace_id, signed, [str(page.place)])
        headers["Link"] = f'<{path}?limit={limit}&cursor={next_cursor}>; rel="next"'
    body = {
        "items": [_effect(event, attempts) for event in page.events],
        "caused": [{"step": step, **_effect(event, attempts)} for step, event in caused.steps],
        "more_caused": caused.more,
        "next_cursor": next_cursor,
    }
    return Response(plain_json(body), media_type="application/json", headers=headers)


@router.get(
    "/events/{event_id}/attempts",
    summary="Every attempt to deliver one event, to whichever subscription",
    **reads(
        page_of("EventAttempt", EventAttemptDocument),
        "workspace_role_not_allowed",
        "not_found",
        "cursor_invalid",
    ),
)
async def list_attempts_of_event(
    services: CurrentServices,
    caller: CurrentCaller,
    event_id: UUID,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=1000)] = None,
) -> Response:
    refuse_member(caller, _FOR_MEMBERS)
    workspace_id, key = caller.workspace_id, services.settings.secret_key_bytes
    position = await services.database.fetchval(_POSITION, workspace_id, event_id)
    if position is None:
        raise RefusedError(not_found("event", event_id))
    path = f"/v1/events/{event_id}/attempts"
    filters = {"list": path}
    after = after_id(key, workspace_id, filters, cursor)
    rows = await services.database.fetch(OF_EVENT, workspace_id, position, after, limit + 1)
    return page_by_id(key, workspace_id, path, filters, rows, limit)


def _effect(event: RecordedEvent, attempts: Mapping[int, list[dict[str, Any]]]) -> dict[str, Any]:
    made = attempts.get(event.position, [])
    return {
        "event": orjson.loads(event.public_json()),
        "attempts": made[:ATTEMPTS_OF_EVENT_MAX],
        "more_attempts": len(made) > ATTEMPTS_OF_EVENT_MAX,
    }
