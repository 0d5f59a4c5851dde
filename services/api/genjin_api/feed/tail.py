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
from genjin.log.reading import DamagedLogError, ForkedLogError
from genjin_api.feed.log_pages import LogPages
from genjin_api.forms.withholding import Sight
from genjin_api.history.places import Place

KEPT_EVENTS_MAX = 1000
KEPT_BYTES_MAX = 4 * 1024 * 1024


class PutBackError(DamagedLogError):
    """The log is another one than was read, and has the reader's place: who comes again goes on."""


class Entry:
    """An event on its way to clients, parsed and put into words once for all of them."""

    def __init__(self, event: RecordedEvent) -> None:
        self.event = event
        self.place = Place.of(event)

    def seen(self, sight: Sight) -> "Entry":
        """As a reader sees it: nearly always itself."""
        event = sight.of(self.event)
        return self if event is self.event else Entry(event)

    @cached_property
    def document(self) -> dict[str, Any]:
        parsed: dict[str, Any] = orjson.loads(self.event.body)
        return parsed

    @cached_property
    def message(self) -> bytes:
        """As text/event-stream has it. The JSON is one line: its line breaks are escaped."""
        event = self.event
        return f"id: {self.place}\nevent: {event.type}\ndata: {event.public_json()}\n\n".encode()


class Tail:
    """Positions have no gaps, so what is kept is found by counting. Who is behind it reads pages by himself, and makes
    nobody wait. Whoever reads says where he stands, and is told nothing of a log that does not have this place.
    """

    def __init__(
        self,
        pages: LogPages,
        workspace_id: UUID,
        place: Place,
        kept_events_max: int = KEPT_EVENTS_MAX,
    ) -> None:
        self.clients = 0
        self.end = place  # the last one that was read
        self.is_broken = False
        self._pages = pages
        self._workspace_id = workspace_id
        self._kept_events_max = kept_events_max
        self._kept: deque[Entry] = deque()
        self._bytes = 0
        self._stale = True
        self._before = place  # what is kept begins behind it
        self._reading = asyncio.Lock()
        self._news = asyncio.Event()

    def wake(self) -> None:
        """There may be new events, or another reason to look up."""
        self._stale = True
        self._news.set()
        self._news = asyncio.Event()

    def break_off(self) -> None:
        """The log is no longer the one that was read: whoever reads it is sent away."""
        self.is_broken = True
        self.wake()

    async def read(self, after: Place) -> Sequence[Entry]:
        """The next events; none at the end of the log. Raises ForkedLogError where the log does not have this place,
        PutBackError where it is another and has it, DamagedLogError where its events are not what was hashed.
        """
        while after.position >= self.end.position and self._stale and not self.is_broken:
            async with self._reading:
                if after.position > self.end.position:
                    self._begin_at(after)
                if after.position == self.end.position and self._stale:
                    await self._extend()
        passed = after.position - self._before.position
        if 0 <= passed <= len(self._kept):
            if after != (self._kept[passed - 1].place if passed else self._before):
                self.break_off()  # one of the two is of another log
        elif passed < 0 and not self.is_broken:
            page = await self._pages.read(self._workspace_id, after, POSITION_MAX)
            return [Entry(event) for event in page.events]
        if self.is_broken:
            await self._pages.read(self._workspace_id, after, after.position)
            raise PutBackError("the log was put back to an earlier state")
        return list(islice(self._kept, passed, None))

    async def news(self, seconds: float) -> None:
        """Return at the next wake-up, or after so many seconds."""
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                await self._news.wait()
        except TimeoutError:
            return

    def _begin_at(self, place: Place) -> None:
        """All who are served are ahead: what lies between is nobody's to read again."""
        self._kept.clear()
        self._bytes, self.end, self._before = 0, place, place

    async def _extend(self) -> None:
        self._stale = False  # until somebody wakes us, which may be during the read
        try:
            page = await self._pages.read(self._workspace_id, self.end, POSITION_MAX)
        except ForkedLogError:
            self.break_off()
            raise
        except BaseException:
            self._stale = True
            raise
        self._stale = self._stale or page.more
        for event in page.events:
            entry = Entry(event)
            self._kept.append(entry)
            self._bytes += len(event.body)
            self.end = entry.place
        while len(self._kept) > self._kept_events_max or self._bytes > KEPT_BYTES_MAX:
            passed = self._kept.popleft()
            self._bytes -= len(passed.event.body)
            self._before = passed.place
