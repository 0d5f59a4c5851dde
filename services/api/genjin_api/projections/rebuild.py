"""Folding all streams anew, comparing the rows with the live ones at the same position, and switching if asked to.

First every stream is folded into the shadows, then, again and again, those that moved meanwhile. The comparison and its
last catch-up share one snapshot, which shows every log and the rows that go with it at the same commit.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import asyncpg

from genjin_api.projections.comparison import TableDifference, compare
from genjin_api.projections.encoding import encode
from genjin_api.projections.folding import (
    LogHead,
    StreamRange,
    fold_streams,
    moved_streams,
    read_heads,
)
from genjin_api.projections.owner import alone, owner_connection, refuse_other_logins
from genjin_api.projections.progress import Progress
from genjin_api.projections.second_fold import MIDDLE, SPLIT_FROM_EVENTS, folded_apart
from genjin_api.projections.shadow import (
    Shadow,
    ShadowWriter,
    make_shadow,
    refuse_what_hangs_on,
    remove_shadows,
)
from genjin_api.projections.switch import Switched, switch
from genjin_api.projections.tables import Projection, kinds

ROUNDS_MAX = 10
LITTLE_EVENTS = 500  # so few that the next round would find as many again
STREAMS_MAX = 200  # of those read again at once


@dataclass(frozen=True, slots=True)
class Report:
    """heads are where every log stood when the tables were compared."""

    compared_at: datetime
    heads: list[LogHead]
    tables: list[TableDifference]
    events_read: int
    seconds: float

    @property
    def differences(self) -> int:
        return sum(table.count for table in self.tables)


class Rebuild:
    """A fold of the chosen projections beside the live ones. Use by open_rebuild."""

    def __init__(
        self,
        url: str,
        reading: asyncpg.Connection,
        writing: asyncpg.Connection,
        shadows: Sequence[Shadow],
        workspace_id: UUID | None,
        progress: Progress,
        split_from: int = SPLIT_FROM_EVENTS,
    ) -> None:
        self._url = url
        self._split_from = split_from
        self._reading = reading
        self._writing = writing
        self._shadows = shadows
        self._workspace_id = workspace_id
        self._progress = progress
        self._tables = {shadow.projection.table for shadow in shadows}
        self._kinds = kinds([shadow.projection for shadow in shadows])
        self._positions: dict[UUID, int] = {}

    async def fill(self) -> None:
        """Every stream once, then what came meanwhile, until little of it is left."""
        heads = await self._heads()
        self._progress.start(sum(head.position for head in heads))
        for head in heads:
            await self._fill(head)
            self._positions[head.workspace_id] = head.position
        for _ in range(ROUNDS_MAX):
            if await self._catch_up(self._reading) <= LITTLE_EVENTS:
                break
        for shadow in self._shadows:
            await self._writing.execute(f"ANALYZE {shadow.name}")

    async def compare(self, samples_max: int) -> Report:
        async with self._writing.transaction(isolation="repeatable_read"):
            await self._catch_up(self._writing)
            heads = await self._heads(self._writing)
            self._progress.say("comparing")
            workspaces = None if self._workspace_id is None else [self._workspace_id]
            tables = [
                await compare(self._writing, shadow, workspaces, samples_max)
                for shadow in self._shadows
            ]
        return Report(
            datetime.now(UTC), heads, tables, self._progress.events, self._progress.seconds
        )

    async def switch(self) -> Switched:
        async def catch_up() -> None:
            await self._catch_up(self._writing)

        self._progress.say("switching")
        await catch_up()
        return await switch(self._writing, self._shadows, catch_up)

    async def _heads(self, connection: asyncpg.Connection | None = None) -> list[LogHead]:
        heads = (await read_heads(connection or self._reading)).values()
        return [head for head in heads if self._workspace_id in (None, head.workspace_id)]

    async def _catch_up(self, reading: asyncpg.Connection) -> int:
        """Fold again what moved since the last time; how many events that were."""
        events = 0
        for head in await self._heads(reading):
            known = self._positions.get(head.workspace_id, 0)
            if head.position > known:
                events += head.position - known
                streams = await moved_streams(reading, head.workspace_id, known)
                for first in range(0, len(streams), STREAMS_MAX):
                    some = streams[first : first + STREAMS_MAX]
                    await self._write(head.workspace_id, some, reading)
                self._positions[head.workspace_id] = head.position
        return events

    async def _fill(self, head: LogHead) -> None:
        """A whole log; a long one in two halves at the same time."""
        writer = self._writer(head.workspace_id, fresh=True)
        async with aclosing(writer):
            if head.position < self._split_from:
                await self._fold(writer, self._reading, head.workspace_id, StreamRange())
            else:
                await self._fold_halves(writer, head)
            await writer.flush()

    async def _fold_halves(self, writer: ShadowWriter, head: LogHead) -> None:
        workspace_id = head.workspace_id
        middle = await self._reading.fetchval(MIDDLE, workspace_id, head.position // 2)
        upper = folded_apart(
            self._url,
            workspace_id,
            self._tables,
            StreamRange(after=middle),
            self._progress.count,
        )

        async def fold_upper() -> None:
            async with aclosing(upper) as every:
                async for encoded in every:
                    await writer.add(encoded)

        lower = StreamRange(up_to=middle)
        other = asyncio.create_task(fold_upper())
        try:
            await self._fold(writer, self._reading, workspace_id, lower)
            await other
        finally:
            other.cancel()
            await asyncio.wait([other])

    async def _write(
        self, workspace_id: UUID, streams: Sequence[str], reading: asyncpg.Connection
    ) -> None:
        """Streams that are there already, anew."""
        behind = reading is not self._writing
        writer = self._writer(workspace_id, fresh=False, behind=behind)
        async with aclosing(writer):
            await self._fold(writer, reading, workspace_id, streams)
            await writer.flush()

    def _writer(self, workspace_id: UUID, *, fresh: bool, behind: bool = True) -> ShadowWriter:
        return ShadowWriter(self._writing, self._shadows, workspace_id, fresh=fresh, behind=behind)

    async def _fold(
        self,
        writer: ShadowWriter,
        source: asyncpg.Connection,
        workspace_id: UUID,
        streams: Sequence[str] | StreamRange,
    ) -> None:
        ahead = source is not self._writing
        count = self._progress.count
        folding = fold_streams(source, workspace_id, self._kinds, count, streams, ahead=ahead)
        async with aclosing(folding) as every:
            async for folded in every:
                await writer.add(encode(folded, workspace_id, self._tables))


@asynccontextmanager
async def open_rebuild(
    url: str,
    projections: Sequence[Projection],
    progress: Progress,
    *,
    lasting: bool,
    workspace_id: UUID | None = None,
    split_from: int = SPLIT_FROM_EVENTS,
) -> AsyncIterator[Rebuild]:
    """A log of split_from events or more is folded by two processes. lasting: the shadows stay until they are switched,
    dropped, or the next rebuild begins; else they go with it.
    """
    async with owner_connection(url) as writing, owner_connection(url) as reading, alone(writing):
        await refuse_other_logins(writing, projections)
        if lasting:
            await remove_shadows(writing)
            await refuse_what_hangs_on(writing, projections)
        shadows = [await make_shadow(writing, one, lasting=lasting) for one in projections]
        yield Rebuild(url, reading, writing, shadows, workspace_id, progress, split_from)
