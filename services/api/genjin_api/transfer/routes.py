"""The export over HTTP."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi import Request as HttpRequest
from fastapi.responses import Response

from genjin.event import RecordedEvent
from genjin.log.reading import read_head
from genjin_api.audit.recording import record_reading
from genjin_api.history.asking import Filters, asked_by
from genjin_api.http.authentication import is_still
from genjin_api.http.context import CurrentServices, RecordedRead, refuse_member
from genjin_api.http.documents import streams
from genjin_api.http.reading_body import JsonRoute
from genjin_api.http.streams import StreamedResponse
from genjin_api.transfer.export import MEDIA_TYPE, SILENCE_SECONDS_MAX, Client, export

router = APIRouter(prefix="/v1", tags=["history"], route_class=JsonRoute)

_LINES = (
    "One JSON document a line: what the export is; the events as everywhere; without filters each commit behind its "
    "events; at the end the count of events, the RFC 9162 root of the log up to last_position, which a filter does not "
    "change, and the newest signed checkpoints of here and of where the log was before. What has no end line was cut "
    "off. Of a damaged log there is every event before the first one or commit that is damaged, and a last line "
    '`{"cut_short":{…}}` with the members of an end line, of that part, and with the damaged position and the reason. '
    'Where a filter finds nothing for some seconds, a line `{"progress":{"position":…}}` tells how far it has looked; '
    "readers pass over it."
)


@router.get(
    "/events/export",
    summary="The workspace's log as JSON lines (owners, admins, auditors)",
    **streams(MEDIA_TYPE, _LINES, "workspace_role_not_allowed", "too_many_streams"),
)
async def export_events(
    request: HttpRequest,
    services: CurrentServices,
    read: RecordedRead,
    filters: Annotated[Filters, Query()],
) -> Response:
    caller = read.caller
    refuse_member(caller, "only owners, admins and auditors export the log")
    asked = asked_by(filters, "?")
    workspace_id, feed = caller.workspace_id, services.feed
    head = await read_head(services.database, workspace_id)

    async def shown(events: Sequence[RecordedEvent]) -> None:
        await record_reading(services, read, asked, events)

    settings = services.settings
    client = Client(
        shown,
        lambda: is_still(caller, request),
        silence_seconds=min(SILENCE_SECONDS_MAX, settings.stream_heartbeat_seconds),
    )
    name = f"genjin-{workspace_id}-{head.position}.jsonl"
    return StreamedResponse(
        feed.streams,
        caller,
        export(services.database, feed.pages, workspace_id, head.position, asked, client),
        media_type=MEDIA_TYPE,
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="{name}"',
        },
        stall_seconds=settings.stream_stall_seconds,
    )
