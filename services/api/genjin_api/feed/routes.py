"""The live feed over HTTP (text/event-stream): the workspace's events, one project's events."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response
from pydantic import Field

from genjin.event import RecordedEvent, stream_of
from genjin.history.filter import EventFilter, Term
from genjin_api.action import Request as ReadRequest
from genjin_api.audit.recording import record_reading
from genjin_api.feed.live import Limits, live
from genjin_api.forms.sight import sees_restricted, sight_of
from genjin_api.forms.withholding import FULL
from genjin_api.history.asking import Filters, ProjectFilters, asked_by
from genjin_api.history.places import PATTERN, Place, checked_place, newest_place
from genjin_api.http.authentication import is_still
from genjin_api.http.context import CurrentServices, RecordedRead, Services, refuse_member
from genjin_api.http.documents import streams
from genjin_api.http.problems import Code, ProblemError
from genjin_api.http.reading_body import JsonRoute
from genjin_api.http.streams import StreamedResponse
from genjin_api.projects.reading import project_version

router = APIRouter(prefix="/v1", tags=["history"], route_class=JsonRoute)

MEDIA_TYPE = "text/event-stream"
_MESSAGES = (
    "Messages with the event's type as `event` and the event as `data`; `id` is its position, `-` and the first 16 "
    "digits of its leaf_hash. A message with an `id` alone is a sign of life. Streams end from time to time: come "
    "again with `Last-Event-ID`. Where the log has another event at that position, as after a restore, the answer is "
    "410 `log_forked`; in an open stream a last message `problem` says so. So does "
    "one as `log_damaged` where the stored events behind are not what was hashed. A bare position is taken unchecked."
)
_CODES: tuple[Code, ...] = ("header_invalid", "position_gone", "log_forked", "too_many_streams")
# The last keeps proxies from holding messages back.
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

LastEventId = Annotated[
    str | None,
    Header(
        alias="Last-Event-ID",
        description="the id after which to go on; weighs more than after_position",
    ),
]
After = Annotated[
    str | None,
    Field(
        pattern=f"^{PATTERN}$",
        description="an id of a stream, or a bare position, which is taken unchecked; 0 is the start",
        examples=["4711-9f2c4e0b6a1d8835"],
    ),
]


class ProjectStream(ProjectFilters):
    """Without after_position the stream begins with what comes from now on."""

    after_position: After = None


class WorkspaceStream(Filters):
    after_position: After = None


@router.get(
    "/events/stream",
    summary="The workspace's events as they come (owners, admins, auditors)",
    **streams(MEDIA_TYPE, _MESSAGES, "workspace_role_not_allowed", *_CODES),
)
async def stream_events(
    request: Request,
    services: CurrentServices,
    read: RecordedRead,
    question: Annotated[WorkspaceStream, Query()],
    last_event_id: LastEventId = None,
) -> Response:
    refuse_member(read.caller, "members follow a project at /v1/projects/{id}/events/stream")
    after = _place(last_event_id, question.after_position)
    return await _stream(request, services, read, asked_by(question, "?"), after)


@router.get(
    "/projects/{project_id}/events/stream",
    summary="A project's events as they come",
    **streams(MEDIA_TYPE, _MESSAGES, "not_found", *_CODES),
)
async def stream_project_events(
    request: Request,
    services: CurrentServices,
    read: RecordedRead,
    project_id: UUID,
    question: Annotated[ProjectStream, Query()],
    last_event_id: LastEventId = None,
) -> Response:
    await project_version(services, read.caller, project_id)
    asked = asked_by(question, "?", Term("stream", (stream_of("project", project_id),)))
    after = _place(last_event_id, question.after_position)
    return await _stream(request, services, read, asked, after, project_id)


def _place(last_event_id: str | None, after_position: str | None) -> Place | None:
    """A client that comes again asks with the same address as before, so what it saw last weighs more."""
    if last_event_id is None:
        return None if after_position is None else Place.parse(after_position)
    place = Place.parse(last_event_id)
    if place is None:
        detail = "Last-Event-ID must be an id of a stream, as 4711-9f2c4e0b6a1d8835, or a position"
        raise ProblemError("header_invalid", detail)
    return place


async def _stream(
    request: Request,
    services: Services,
    read: ReadRequest,
    asked: EventFilter,
    after: Place | None,
    project_id: UUID | None = None,
) -> Response:
    caller = read.caller
    head = await newest_place(services.database, caller.workspace_id)
    start = head
    if after is not None:
        start = await checked_place(services.database, caller.workspace_id, after)

    sight = await sight_of(services, caller, project_id) if project_id else FULL

    async def is_welcome() -> bool:
        """Not under a sight that is no longer theirs either: they come again, and see what they may see now."""
        if project_id and await sees_restricted(services, caller, project_id) != sight.is_full:
            return False
        return await is_still(caller, request)

    async def shown(events: Sequence[RecordedEvent]) -> None:
        await record_reading(services, read, asked, events)

    settings = services.settings
    limits = Limits(
        settings.stream_heartbeat_seconds,
        settings.stream_life_seconds,
        settings.stream_buffer_bytes,
    )
    messages = live(services.feed, read, asked, start, head, limits, is_welcome, shown, sight)
    return StreamedResponse(
        services.feed.streams,
        caller,
        messages,
        media_type=MEDIA_TYPE,
        headers=_HEADERS,
        stall_seconds=settings.stream_stall_seconds,
    )
