"""A workspace's log as its subscriptions read it: the newest page is read once and shared by all who stand there."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from genjin.canonical import canonical_json
from genjin.catalog import public_payload
from genjin.event import RecordedEvent
from genjin.log.reading import ForkedLogError
from genjin_notifier.log_pages import Commit, Place, read_lane, read_page, refuse_fork


def envelope(told: Mapping[str, Any]) -> bytes:
    """The body of a delivery."""
    body = {"type": told["type"], "timestamp": told["recorded_at"], "data": told}
    return canonical_json(body).encode()


class Outgoing:
    """An event with its webhook body, made once for all tries and all subscriptions but those that are told more."""

    __slots__ = (
        "_body",
        "_id",
        "_told",
        "commit",
        "position",
        "recorded",
        "stream",
        "type",
        "version",
    )

    def __init__(self, recorded: RecordedEvent, commit: Commit) -> None:
        self.recorded = recorded
        self.commit = commit
        self.position = recorded.position
        self.stream = recorded.stream
        self.version = recorded.version
        self.type = recorded.type
        self._id: UUID | None = None
        self._body: bytes | None = None
        self._told: dict[str, Any] | None = None

    @property
    def place(self) -> Place:
        return Place(self.position, self.commit)

    @property
    def id(self) -> UUID:
        if self._id is None:
            self._id = UUID(orjson.loads(self.recorded.body)["id"])
        return self._id

    def body(self) -> bytes | None:
        """The same bytes every time; None where the outside is not told of the event."""
        if self._body is None:
            told = self.told()
            if told is not None:
                self._body = envelope(told)
        return self._body

    def told(self) -> dict[str, Any] | None:
        """What the outside is told of the event, parsed once; None where it is told nothing."""
        if self._told is None:
            self._told = public_payload(self.document())
        return self._told

    def document(self) -> dict[str, Any]:
        """The event as it stands in the log, parsed anew each time."""
        document: dict[str, Any] = orjson.loads(self.recorded.public_json())
        return document


class Tail:
    """Positions have no gaps, so what is kept is found by counting. Whoever reads says where he stands, and is told
    nothing of a log that does not have this place.
    """

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
        self._before: Place | None = None  # what is kept begins behind it
        self._kept: list[Outgoing] = []
        self._complete = False
        self.readers: set[asyncio.Event] = set()

    @property
    def end(self) -> Place:
        """The last place that was read."""
        return self._kept[-1].place if self._kept else self._before or Place()

    def wake(self) -> None:
        """There may be new events, or another log."""
        self._complete = False
        for reader in self.readers:
            reader.set()

    async def read(self, after: Place) -> list[Outgoing]:
        """The next page; empty at the end of the log. Raises ForkedLogError, DamagedLogError."""
        async with self._reading:
            if self._before is None or after.position > self.end.position:
                self._before, self._kept, self._complete = after, [], False
            passed = after.position - self._before.position
            if passed < 0:
                return await self._page(after)
            if after != (self._kept[passed - 1].place if passed else self._before):
                page = await self._page(after)  # who reads is right; what is kept is of another log
                self._forget()
                return page
            if passed == len(self._kept) and not self._complete:
                await self._extend()
            return self._kept[after.position - self._before.position :][: self._page_events]

    async def prove(self, place: Place) -> None:
        """Raises ForkedLogError where the log does not have the place."""
        with self._noticing_a_fork():
            await refuse_fork(self._database, self._workspace_id, place.proof)

    async def _extend(self) -> None:
        self._complete = True  # until somebody wakes us, which may be during the read
        try:
            page = await self._page(self.end)
        except BaseException:
            self._forget()
            raise
        if len(page) == self._page_events:
            self._complete = False
        self._kept += page
        surplus = max(0, len(self._kept) - self._page_events)
        if surplus:
            self._before = self._kept[surplus - 1].place
            del self._kept[:surplus]
        if any(event.type.startswith("webhook_subscription.") for event in page):
            self._on_subscription_event()

    def _forget(self) -> None:
        """Each of the readers shall see for himself whether the log still has his place."""
        self._before, self._kept = None, []
        self.wake()

    async def _page(self, after: Place) -> list[Outgoing]:
        asked = self._workspace_id, after, self._page_events
        return [Outgoing(*found) for found in await read_page(self._database, *asked)]

    async def read_lane(
        self, stream: str, after_version: int, up_to: Place, limit: int
    ) -> list[Outgoing]:
        """A stream's events up to a place. Raises ForkedLogError where the log does not have it, DamagedLogError."""
        asked = self._workspace_id, up_to, stream, after_version, limit
        with self._noticing_a_fork():
            return [Outgoing(*found) for found in await read_lane(self._database, *asked)]

    @contextmanager
    def _noticing_a_fork(self) -> Iterator[None]:
        """Whoever notices it, what is kept may be of the log that was: a recovery begins at a place that both have."""
        try:
            yield
        except ForkedLogError:
            self._forget()
            raise
