"""The live feed over HTTP (text/event-stream): the workspace's events, one project's events."""

import re
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response

from genjin.event import RecordedEvent, stream_of
from genjin.history.filter import EventFilter, Term
from genjin.log.reading import read_head
from genjin_api.action import Request as ReadRequest
from genjin_api.audit.recording import record_reading
from genjin_api.feed.live import Limits, live
from genjin_api.history.asking import Filters, Number, ProjectFilters, asked_by
from genjin_api.http.authentication import authenticate
from genjin_api.http.context import CurrentServices, RecordedRead, Services, refuse_member
from genjin_api.http.documents import streams
from genjin_api.http.problems import Code, ProblemError
from genjin_api.http.reading_body import JsonRoute
from genjin_api.http.streams import StreamedResponse
from genjin_api.projects.reading import project_version

router = APIRouter(prefix="/v1", tags=["history"], route_class=JsonRoute)

MEDIA_TYPE = "text/event-stream"
_MESSAGES = (
    "Messages with the position as `id`, the event's type as `event` and the event as `data`. "
    "A message with an `id` alone is a sign of life. Streams end from time to time: come again with `Last-Event-ID`."
)
_CODES: tuple[Code, ...] = ("header_invalid", "position_gone", "too_many_streams")
_POSITION = re.compile(r"\d{1,18}")
# The last keeps proxies from holding messages back.
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

LastEventId = Annotated[
    str | None,
    Header(
        alias="Last-Event-ID",
        description="the position after which to go on; weighs more than after_position",
    ),
]


class ProjectStream(ProjectFilters):
    """after_position: 0 is the start; without it the stream begins with what comes from now on."""

    after_position: Number = None


class WorkspaceStream(Filters):
    after_position: Number = None


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
    return await _stream(request, services, read, asked, after)


def _place(last_event_id: str | None, after_position: int | None) -> int | None:
    """A client that comes again asks with the same address as before, so what it saw last weighs more."""
    if last_event_id is None:
        return after_position
    if not _POSITION.fullmatch(last_event_id):
        raise ProblemError("header_invalid", "Last-Event-ID must be a position, as 4711")
    return int(last_event_id)


async def _stream(
    request: Request, services: Services, read: ReadRequest, asked: EventFilter, after: int | None
) -> Response:
    caller = read.caller
    head = await read_head(services.database, caller.workspace_id)
    start = head.position if after is None else after
    if start > head.position:
        raise ProblemError(
            "position_gone",
            f"the log ends at {head.position}, not at {start}: it was put back to an earlier state",
        )

    async def is_welcome() -> bool:
        try:
            return await authenticate(request) == caller
        except ProblemError:
            return False

    async def shown(events: Sequence[RecordedEvent]) -> None:
        await record_reading(services, read, asked, events)

    settings = services.settings
    limits = Limits(
        settings.stream_heartbeat_seconds,
        settings.stream_life_seconds,
        settings.stream_buffer_bytes,
    )
    messages = live(
        services.feed, caller.workspace_id, asked, start, head.position, limits, is_welcome, shown
    )
    return StreamedResponse(
        services.feed.streams,
        caller,
        messages,
        media_type=MEDIA_TYPE,
        headers=_HEADERS,
        stall_seconds=settings.stream_stall_seconds,
    )
