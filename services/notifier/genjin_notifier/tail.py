"""A workspace's log as its subscriptions read it: the newest page is read once and shared by all who stand there."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from genjin.canonical import canonical_json
from genjin.catalog import public_payload
from genjin.event import RecordedEvent
from genjin.log.reading import DamagedLogError, read_tail

# A stream's next events up to a position: what a lane still has to send before it joins the tail.
_LANE = """
SELECT position, stream, version, type, body, leaf_hash FROM genjin.event
 WHERE workspace_id = $1 AND stream = $2 AND version > $3 AND position <= $4 ORDER BY version LIMIT $5
"""


class Outgoing:
    """An event with its webhook body, made once for all subscriptions and all tries."""

    __slots__ = ("_body", "_id", "_told", "position", "recorded", "stream", "type", "version")

    def __init__(self, recorded: RecordedEvent) -> None:
        self.recorded = recorded
        self.position = recorded.position
        self.stream = recorded.stream
        self.version = recorded.version
        self.type = recorded.type
        self._id: UUID | None = None
        self._body: bytes | None = None
        self._told: dict[str, Any] | None = None

    @property
    def id(self) -> UUID:
        if self._id is None:
            self._id = UUID(orjson.loads(self.recorded.body)["id"])
        return self._id

    def body(self) -> bytes | None:
        """The same bytes every time; None where the outside is not told of the event."""
        if self._body is None:
            data = self.told()
            if data is not None:
                envelope = {"type": self.type, "timestamp": data["recorded_at"], "data": data}
                self._body = canonical_json(envelope).encode()
        return self._body

    def told(self) -> dict[str, Any] | None:
        """What the outside is told of the event, parsed once; None where it is told nothing."""
        if self._told is None:
            self._told = public_payload(orjson.loads(self.recorded.public_json()))
        return self._told


class Tail:
    """Positions have no gaps, so what is kept is found by counting."""

    def __init__(
        self,
        database: asyncpg.Pool,
        workspace_id: UUID,
        page_events: int,
        on_subscription_event: Callable[[], None],
    ) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._page_events = page_events
        self._on_subscription_event = on_subscription_event
        self._reading = asyncio.Lock()
        self._start: int | None = None
        self._kept: list[Outgoing] = []
        self._complete = False
        self.readers: set[asyncio.Event] = set()

    @property
    def end(self) -> int:
        """The last position that was read."""
        return (self._start or 0) + len(self._kept)

    def wake(self) -> None:
        """There may be new events."""
        self._complete = False
        for reader in self.readers:
            reader.set()

    async def read(self, after: int) -> list[Outgoing]:
        """The next page; empty at the end of the log. Raises DamagedLogError."""
        async with self._reading:
            if self._start is None or after > self.end:
                self._start, self._kept, self._complete = after, [], False
            if after < self._start:
                return await self._page(after)
            if after == self.end and not self._complete:
                await self._extend()
            return self._kept[after - self._start :][: self._page_events]

    async def _extend(self) -> None:
        self._complete = True  # until somebody wakes us, which may be during the read
        page = await self._page(self.end)
        if len(page) == self._page_events:
            self._complete = False
        self._kept += page
        surplus = max(0, len(self._kept) - self._page_events)
        self._start = (self._start or 0) + surplus
        del self._kept[:surplus]
        if any(event.type.startswith("webhook_subscription.") for event in page):
            self._on_subscription_event()

    async def _page(self, after: int) -> list[Outgoing]:
        events = await read_tail(self._database, self._workspace_id, after, self._page_events)
        for expected, event in enumerate(events, after + 1):
            if event.position != expected:
                raise DamagedLogError(
                    f"no event at position {expected}, but one at {event.position}"
                )
        return [Outgoing(event) for event in events]

    async def read_lane(
        self, stream: str, after_version: int, up_to: int, limit: int
    ) -> list[Outgoing]:
        rows = await self._database.fetch(
            _LANE, self._workspace_id, stream, after_version, up_to, limit
        )
        return [Outgoing(RecordedEvent(*row)) for row in rows]
