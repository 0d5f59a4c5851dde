"""The history over HTTP: one project's events, the workspace's events, one event."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi import Request as HttpRequest
from fastapi.responses import Response

from genjin.event import RecordedEvent, identifier_in, stream_of
from genjin.history.filter import EventFilter, Term
from genjin.history.phrase import to_phrase
from genjin_api.action import RefusedError, Request
from genjin_api.audit.recording import record_reading
from genjin_api.forms.sight import sight_of
from genjin_api.forms.withholding import FULL, Sight
from genjin_api.history.asking import ProjectQuestion, Question, asked_by
from genjin_api.history.places import Place
from genjin_api.history.search import find
from genjin_api.http.context import CurrentServices, RecordedRead, Services, refuse_member
from genjin_api.http.cursors import make_cursor, read_cursor
from genjin_api.http.documents import EventDocument, page_of, queries, reads
from genjin_api.http.problems import Code
from genjin_api.http.reading_body import JsonRoute
from genjin_api.projects.reading import project_version
from genjin_api.refusal import not_found

router = APIRouter(prefix="/v1", tags=["history"], route_class=JsonRoute)

EventPage = page_of("Event", EventDocument)
ALL_EVENTS = "/v1/events"

# RFC 10008: which media types a QUERY of this resource may have.
ACCEPT_QUERY = {"Accept-Query": "application/json"}
# Who reads what is restricted is recorded, so nobody may read it out of a cache.
_NO_STORE = {"Cache-Control": "private, no-store"}

# A cursor knows which event stood where its page ended: after a restore it is refused, and nothing is skipped.
_OF_CURSORS: tuple[Code, ...] = ("cursor_invalid", "position_gone", "log_forked")

_FOR_MEMBERS = "members read the history of a project at /v1/projects/{id}/events"

_ONE = """
SELECT position, stream, version, type, body, leaf_hash FROM genjin.event WHERE workspace_id = $1 AND id = $2
"""


@router.get(
    "/projects/{project_id}/events",
    summary="A project's history",
    **reads(EventPage, "not_found", *_OF_CURSORS),
)
async def list_project_events(
    services: CurrentServices,
    read: RecordedRead,
    http: HttpRequest,
    project_id: UUID,
    question: Annotated[ProjectQuestion, Query()],
) -> Response:
    await project_version(services, read.caller, project_id)
    asked = asked_by(question, "?", Term("stream", (stream_of("project", project_id),)))
    path = f"/v1/projects/{project_id}/events"
    sight = await sight_of(services, read.caller, project_id)
    return await _page(services, read, path, asked, question, http, sight)


@router.get(
    "/events",
    summary="The workspace's history (owners, admins, auditors)",
    **reads(EventPage, "workspace_role_not_allowed", *_OF_CURSORS),
)
async def list_events(
    services: CurrentServices,
    read: RecordedRead,
    http: HttpRequest,
    question: Annotated[Question, Query()],
) -> Response:
    """A page may hold fewer events than its limit although more follow: next_cursor alone says whether they do."""
    refuse_member(read.caller, _FOR_MEMBERS)
    asked = asked_by(question, "?")
    answer = await _page(services, read, ALL_EVENTS, asked, question, http)
    answer.headers.update(ACCEPT_QUERY)
    return answer


@router.api_route(
    "/events",
    methods=["QUERY"],
    summary="The workspace's history, asked with a body",
    **queries(EventPage, "workspace_role_not_allowed", *_OF_CURSORS),
)
async def query_events(
    services: CurrentServices, read: RecordedRead, question: Question
) -> Response:
    """RFC 10008: safe and repeatable as GET, with the same answers; a cursor of the one is good for the other."""
    refuse_member(read.caller, _FOR_MEMBERS)
    answer = await _page(services, read, ALL_EVENTS, asked_by(question, "/"), question)
    answer.headers.update(ACCEPT_QUERY)
    return answer


@router.get(
    "/events/{event_id}",
    summary="One event",
    **reads(EventDocument, "workspace_role_not_allowed", "not_found"),
)
async def get_event(services: CurrentServices, read: RecordedRead, event_id: UUID) -> Response:
    caller = read.caller
    row = await services.database.fetchrow(_ONE, caller.workspace_id, event_id)
    if row is None:
        raise RefusedError(not_found("event", event_id))
    event = RecordedEvent(*row)
    if caller.workspace_role == "member" and not event.stream.startswith("project-"):
        raise RefusedError(not_found("event", event_id))
    sight = FULL
    if event.stream.startswith("project-"):
        sight = await sight_of(services, caller, identifier_in(event.stream))
    event = sight.of(event)
    await record_reading(services, read, EventFilter((Term("id", (str(event_id),)),)), [event])
    return Response(event.public_json(), media_type="application/json", headers=_NO_STORE)


async def _page(
    services: Services,
    read: Request,
    path: str,
    asked: EventFilter,
    question: ProjectQuestion,
    http: HttpRequest | None = None,
    sight: Sight = FULL,
) -> Response:
    """http gives the link to the next page its other parameters; a question in a body has no link."""
    key, workspace_id = services.settings.secret_key_bytes, read.caller.workspace_id
    order = question.order
    signed = {"filter": to_phrase(asked), "order": order, "list": path}
    after = Place.in_cursor(read_cursor(key, workspace_id, signed, question.cursor))
    page = await find(services.database, workspace_id, asked, order, after, question.limit, sight)
    await record_reading(services, read, asked, page.events, descending=order == "desc")
    items = ",".join(event.public_json() for event in page.events)
    if page.place is None:
        text, headers = f'{{"items":[{items}],"next_cursor":null}}', {}
    else:
        cursor = make_cursor(key, workspace_id, signed, [str(page.place)])
        text = f'{{"items":[{items}],"next_cursor":"{cursor}"}}'
        headers = _link(path, http, cursor) if http else {}
    return Response(text, media_type="application/json", headers=headers | _NO_STORE)


def _link(path: str, http: HttpRequest, cursor: str) -> dict[str, str]:
    given = [(name, value) for name, value in http.query_params.multi_items() if name != "cursor"]
    return {"Link": f'<{path}?{urlencode([*given, ("cursor", cursor)])}>; rel="next"'}
