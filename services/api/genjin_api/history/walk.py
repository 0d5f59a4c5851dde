"""Ways through the log that meet every event which may match a plan, in order and in bounded steps."""

from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, TypeVar
from uuid import UUID

import asyncpg
from pyroaring import BitMap

from genjin.event import RecordedEvent
from genjin.history.postings import LARGE, MALFORMED, SMALL, Level
from genjin_api.history.index_reading import Reach, Transaction, read_candidates
from genjin_api.history.passing import CONDITIONS
from genjin_api.history.plan import Plan, is_of_values
from genjin_api.history.spans import Span

Candidates = tuple[int, BitMap]
Ordered = TypeVar("Ordered", int, RecordedEvent, Span, Candidates)
Order = Literal["asc", "desc"]

READ_EVENTS_MAX = 250
# Events of up to so many characters cost the same: most of them have fewer.
COST_CHARACTERS = 2048
PASSED_OVER = 8  # events in a row that Postgres passes over cost what one does that is read
PASSED_OVER_APART = 2  # the same of events that lie all over the log
SCAN_POSITIONS_MAX = 1024
WINDOW_BLOCKS_MAX = 256
# So many large blocks are looked at first where a value is asked for by its hash: few events have it.
VALUE_WINDOW_BLOCKS = 16

_COLUMNS = "position, stream, version, type, body, leaf_hash"

_BY_ID = f"""
SELECT {_COLUMNS} FROM genjin.event WHERE workspace_id = $1 AND id = ANY ($2) ORDER BY position
"""

# Some events, less those that cannot match.
_AT = f"""
SELECT {_COLUMNS} FROM genjin.event WHERE workspace_id = $1 AND position = ANY ($18) AND {CONDITIONS}
 ORDER BY position
"""

# A part of the log, less what cannot match.
_PART = f"""
SELECT {_COLUMNS} FROM genjin.event WHERE workspace_id = $1 AND position BETWEEN $18 AND $19 AND {CONDITIONS}
 ORDER BY position
"""

# A stream's events in order of version, which is that of position.
_STREAM: dict[Order, str] = {
    "asc": f"""
SELECT {_COLUMNS} FROM genjin.event
 WHERE workspace_id = $1 AND stream = $2 AND ($3::integer IS NULL OR version > $3) AND position BETWEEN $4 AND $5
 ORDER BY version LIMIT $6
""",
    "desc": f"""
SELECT {_COLUMNS} FROM genjin.event
 WHERE workspace_id = $1 AND stream = $2 AND ($3::integer IS NULL OR version < $3) AND position BETWEEN $4 AND $5
 ORDER BY version DESC LIMIT $6
""",
}

_VERSION_AT = """
SELECT version FROM genjin.event WHERE workspace_id = $1 AND position = $2 AND stream = $3
"""


@dataclass(frozen=True, slots=True)
class Step:
    """Events that may match, and the position up to which nothing else may. cost counts events, or what costs a
    reader as much: a block's rows, positions that Postgres passed over.
    """

    events: Sequence[RecordedEvent]
    through: int
    cost: int


Steps = AsyncGenerator[Step, None]


@dataclass(frozen=True, slots=True)
class Walk:
    """spans are the positions that are left to look at, in ascending order, at least one; first_events is how many the
    caller wants at once. conditions are those of the filter.
    """

    connection: Transaction
    workspace_id: UUID
    plan: Plan
    order: Order
    spans: Sequence[Span]
    first_events: int
    conditions: Sequence[Any]

    async def by_id(self, ids: frozenset[str]) -> Steps:
        rows = await self.connection.fetch(
            _BY_ID, self.workspace_id, [UUID(identifier) for identifier in ids]
        )
        events = [RecordedEvent(*row) for row in rows]
        first, last = self.spans[0][0], self.spans[-1][1]
        inside = [event for event in events if first <= event.position <= last]
        yield Step(self._in_order(inside), last if self.order == "asc" else first, _cost(inside))

    async def by_stream(self, stream: str, after: int | None) -> Steps:
        """after is the position of the event where the last page ended."""
        place = self.workspace_id, stream
        version = None
        if after is not None:
            version = await self.connection.fetchval(_VERSION_AT, self.workspace_id, after, stream)
        count = self.first_events
        bounds = self.spans[0][0], self.spans[-1][1]
        while True:
            rows = await self.connection.fetch(_STREAM[self.order], *place, version, *bounds, count)
            events = [RecordedEvent(*row) for row in rows]
            if events:
                yield Step(events, events[-1].position, _cost(events))
            if len(events) < count:
                return
            version = events[-1].version
            count = READ_EVENTS_MAX

    async def by_index(self, reach: Reach) -> Steps:
        """Large blocks, small ones, and the log itself where the index does not reach."""
        for first, last in self._in_order(list(self.spans)):
            parts = [
                self._blocks(LARGE, first, min(last, reach.merged)),
                self._blocks(SMALL, max(first, reach.merged + 1), min(last, reach.indexed)),
                self._log(max(first, reach.indexed + 1), last),
            ]
            for part in parts if self.order == "asc" else reversed(parts):
                async for step in part:
                    yield step

    async def by_position(self) -> Steps:
        for first, last in self._in_order(list(self.spans)):
            async for step in self._log(first, last):
                yield step

    async def _log(self, first: int, last: int) -> Steps:
        """The log itself. Where a tag is asked for, few events match and the steps are large from the first."""
        size = SCAN_POSITIONS_MAX if self.plan.is_indexed else self.first_events
        for start, end in self._parts(first, last, size):
            rows = await self._fetch(_PART, start, end)
            events = [RecordedEvent(*row) for row in rows]
            through = end if self.order == "asc" else start
            yield Step(
                self._in_order(events), through, _cost(events) + (end - start) // PASSED_OVER
            )

    async def _blocks(self, level: Level, first: int, last: int) -> Steps:
        if first > last:
            return
        size = VALUE_WINDOW_BLOCKS if any(map(is_of_values, self.plan.any_of)) else 1
        for low, high in self._parts(
            level.block(first), level.block(last), size, WINDOW_BLOCKS_MAX
        ):
            blocks = range(low, high + 1)
            place = max(first, level.first(low)), min(last, level.first(high + 1) - 1)
            try:
                found = await read_candidates(
                    self.connection, self.workspace_id, self.plan, level, blocks
                )
            except MALFORMED:  # what a row should say, the log knows
                async for step in self._log(*place):
                    yield step
                continue
            yield Step((), self._start_of(level, blocks, first, last), len(blocks))
            async for step in self._events_at(self._positions(level, found, first, last)):
                yield step
            yield Step((), place[1] if self.order == "asc" else place[0], 0)

    def _start_of(self, level: Level, blocks: range, first: int, last: int) -> int:
        """Before the blocks, in the order of the walk: nothing in them has been looked at."""
        if self.order == "asc":
            return max(first, level.first(blocks[0])) - 1
        return min(last, level.first(blocks[-1] + 1) - 1) + 1

    def _positions(
        self, level: Level, found: list[Candidates], first: int, last: int
    ) -> Iterator[int]:
        """Counted out block by block, when a reader comes to it: there may be very many."""
        for block, offsets in self._in_order(found):
            start = level.first(block)
            end = min(level.positions, last - start + 1)
            inside = (offsets & BitMap(range(max(0, first - start), end))).to_array()
            for offset in inside if self.order == "asc" else reversed(inside):
                yield start + offset

    async def _events_at(self, positions: Iterator[int]) -> Steps:
        size = self.first_events
        while chosen := list(islice(positions, size)):
            rows = await self._fetch(_AT, chosen)
            events = self._in_order([RecordedEvent(*row) for row in rows])
            yield Step(events, chosen[-1], _cost(events) + len(chosen) // PASSED_OVER_APART)
            size = READ_EVENTS_MAX

    async def _fetch(self, query: str, *place: object) -> list[asyncpg.Record]:
        return await self.connection.fetch(query, self.workspace_id, *self.conditions, *place)

    def _parts(
        self, first: int, last: int, size: int, size_max: int = SCAN_POSITIONS_MAX
    ) -> Iterator[tuple[int, int]]:
        """first..last in parts that grow fourfold, from the side where the walk begins."""
        while first <= last:
            if self.order == "asc":
                end = min(last, first + size - 1)
                yield first, end
                first = end + 1
            else:
                start = max(first, last - size + 1)
                yield start, last
                last = start - 1
            size = min(size * 4, size_max)

    def _in_order(self, ascending: list[Ordered]) -> list[Ordered]:
        return ascending if self.order == "asc" else ascending[::-1]


def _cost(events: Sequence[RecordedEvent]) -> int:
    return sum(1 + len(event.body) // COST_CHARACTERS for event in events)
