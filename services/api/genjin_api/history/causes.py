"""From events to those that they brought about, and on from these: step by step along causation_id, up to a limit."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import orjson

from genjin.event import RecordedEvent
from genjin.history.filter import EventFilter, Term
from genjin.history.values import Range
from genjin_api.history.search import Page, find

STEPS_MAX = 10
EVENTS_MAX = 100


@dataclass(frozen=True, slots=True)
class Caused:
    """Events of other requests, each with its step: 1 for what the request or one of its events brought about itself,
    2 for what such an event brought about. In the order of steps, then of the log. more: it was cut off, or the search
    for it was.
    """

    steps: Sequence[tuple[int, RecordedEvent]]
    more: bool


async def caused_by(
    database: asyncpg.Pool, workspace_id: UUID, request_id: str, events: Sequence[RecordedEvent]
) -> Caused:
    """What a request and these of its events led to."""
    causes, first = [request_id, *_ids(events)], 1
    known, found, more = set(causes), list[tuple[int, RecordedEvent]](), False

    async def following(limit: int) -> Page:
        terms = (
            Term("causation_id", tuple(causes)),
            Term("request_id", (request_id,), negated=True),
            Term("position", (Range(first, None),)),
        )
        return await find(database, workspace_id, EventFilter(terms), "asc", None, limit)

    for step in range(1, STEPS_MAX + 1):
        page = await following(EVENTS_MAX - len(found))
        new = _without(known, page.events)
        found += [(step, event) for event in new]
        more = more or page.place is not None
        if not new:
            return Caused(found, more)
        # An event stands behind its cause.
        causes, first = _ids(new), new[0].position + 1
        known.update(causes)
        if len(found) == EVENTS_MAX:
            break
    beyond = await following(1)
    return Caused(found, more or bool(beyond.events) or beyond.place is not None)


def _ids(events: Sequence[RecordedEvent]) -> list[str]:
    return [orjson.loads(event.body)["id"] for event in events]


def _without(known: Collection[str], events: Sequence[RecordedEvent]) -> list[RecordedEvent]:
    ids = _ids(events)
    return [event for event, identifier in zip(events, ids, strict=True) if identifier not in known]
