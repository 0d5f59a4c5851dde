"""The newest part of one workspace's log, read once for all live clients of this process."""

import asyncio
from collections import deque
from collections.abc import Sequence
from functools import cached_property
from itertools import islice
from typing import Any
from uuid import UUID

import orjson

from genjin.event import RecordedEvent
from genjin.history.values import POSITION_MAX
from genjin.log.reading import DamagedLogError
from genjin_api.feed.log_pages import LogPages

KEPT_EVENTS_MAX = 1000
KEPT_BYTES_MAX = 4 * 1024 * 1024


class Entry:
    """An event on its way to clients, parsed and put into words once for all of them."""

    def __init__(self, event: RecordedEvent) -> None:
        self.event = event
        self.position = event.position

    @cached_property
    def document(self) -> dict[str, Any]:
        parsed: dict[str, Any] = orjson.loads(self.event.body)
        return parsed

    @cached_property
    def message(self) -> bytes:
        """As text/event-stream has it. The JSON is one line: its line breaks are escaped."""
        event = self.event
        return (
            f"id: {event.position}\nevent: {event.type}\ndata: {event.public_json()}\n\n".encode()
        )


class Tail:
    """Positions have no gaps, so what is kept is found by counting. Who is behind it reads pages by himself, and makes
    nobody wait.
    """

    def __init__(
        self,
        pages: LogPages,
        workspace_id: UUID,
        position: int,
        kept_events_max: int = KEPT_EVENTS_MAX,
    ) -> None:
        self.clients = 0
        self.end = position  # the last position that was read
        self._pages = pages
        self._workspace_id = workspace_id
        self._kept_events_max = kept_events_max
        self._kept: deque[Entry] = deque()
        self._bytes = 0
        self._stale = True
        self._broken = False
        self._reading = asyncio.Lock()
        self._news = asyncio.Event()

    def wake(self) -> None:
        """There may be new events, or another reason to look up."""
        self._stale = True
        self._news.set()
        self._news = asyncio.Event()

    def break_off(self) -> None:
        """The log is no longer the one that was read: whoever reads it meets DamagedLogError."""
        self._broken = True
        self.wake()

    async def read(self, after: int) -> Sequence[Entry]:
        """The next events; none at the end of the log. Raises DamagedLogError."""
        while after >= self.end and self._stale:
            async with self._reading:
                if after > self.end:
                    self._begin_at(after)
                if after == self.end and self._stale:
                    await self._extend()
        if self._broken:
            raise DamagedLogError("the log was put back to an earlier state")
        if after < self.end - len(self._kept):
            page = await self._pages.read(self._workspace_id, after, POSITION_MAX)
            return [Entry(event) for event in page.events]
        return list(islice(self._kept, after - self.end + len(self._kept), None))

    async def news(self, seconds: float) -> None:
        """Return at the next wake-up, or after so many seconds."""
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                await self._news.wait()
        except TimeoutError:
            return

    def _begin_at(self, position: int) -> None:
        """All who are served are ahead: what lies between is nobody's to read again."""
        self._kept.clear()
        self._bytes, self.end = 0, position

    async def _extend(self) -> None:
        self._stale = False  # until somebody wakes us, which may be during the read
        try:
            page = await self._pages.read(self._workspace_id, self.end, POSITION_MAX)
        except BaseException:
            self._stale = True
            raise
        self._stale = self._stale or page.more
        for event in page.events:
            self._kept.append(Entry(event))
            self._bytes += len(event.body)
            self.end = event.position
        while len(self._kept) > self._kept_events_max or self._bytes > KEPT_BYTES_MAX:
            self._bytes -= len(self._kept.popleft().event.body)
