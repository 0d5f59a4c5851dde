"""Reading what is restricted is itself recorded, before it is sent.

Of the history and of the past every look is, whoever takes it. What stands today the people of a project work with, and
no other member is shown it; there the looks of owners, admins and auditors are recorded, for they see every project.
"""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from genjin.event import RecordedEvent
from genjin.forms.payloads import restricted_document
from genjin.history.filter import EventFilter
from genjin_api.acting import Decision
from genjin_api.action import Action, Request
from genjin_api.audit.decider import (
    RecordContacts,
    RecordDisclosure,
    RecordReading,
    record,
    record_contacts_disclosure,
    record_disclosure,
)
from genjin_api.audit.projection import AUDIT
from genjin_api.http.context import Services

_recording: WeakValueDictionary[tuple[UUID, UUID], asyncio.Lock] = WeakValueDictionary()


async def record_reading(
    services: Services,
    request: Request,
    asked: EventFilter,
    events: Sequence[RecordedEvent],
    *,
    descending: bool = False,
) -> None:
    """A failure to record is one of the request: nothing is shown then."""
    restricted = restricted_of(events)
    if not restricted:
        return
    command = RecordReading(asked, descending, [event.position for event in events], restricted)
    await _write(services, request, record(command))


async def record_opened(services: Services, request: Request, command: RecordDisclosure) -> None:
    """Likewise, of forms and stakeholders whose restricted values are shown in the clear."""
    if _is_recorded(request, past=command.past) and (command.forms or command.stakeholders):
        await _write(services, request, record_disclosure(command))


async def record_contacts(services: Services, request: Request, command: RecordContacts) -> None:
    """Likewise, of contacts."""
    if _is_recorded(request, past=command.past) and command.opened:
        await _write(services, request, record_contacts_disclosure(command))


def _is_recorded(request: Request, *, past: bool) -> bool:
    return past or request.caller.workspace_role != "member"


async def _write(services: Services, request: Request, decision: Decision) -> None:
    action = Action(
        kind=AUDIT,
        identifier=request.caller.person_id,
        decide=lambda _readings, _moment: decision,
        show=lambda _readings: {},
    )
    # One stream a person: their readings at the same time would only decide each other anew.
    place = request.caller.workspace_id, request.caller.person_id
    async with _recording.setdefault(place, asyncio.Lock()):
        await services.writer.handle(request, action)


def restricted_of(events: Sequence[RecordedEvent]) -> list[dict[str, Any]]:
    """The events that hold restricted values, parsed."""
    found = (restricted_document(event.body) for event in events)
    return [document for document in found if document is not None]
