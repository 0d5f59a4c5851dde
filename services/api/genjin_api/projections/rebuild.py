"""Folding all streams anew, comparing the rows with the live ones at the same position, and switching if asked to.

First every stream is folded into the shadows, then, again and again, those that moved meanwhile. The comparison and its
last catch-up share one snapshot, which shows every log and the rows that go with it at the same commit.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import asyncpg

from genjin_api.projections.comparison import TableDifference, compare
from genjin_api.projections.folding import LogHead, fold_streams, moved_streams, read_heads
from genjin_api.projections.owner import alone, owner_connection, refuse_other_logins
from genjin_api.projections.progress import Progress
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
        reading: asyncpg.Connection,
        writing: asyncpg.Connection,
        shadows: Sequence[Shadow],
        workspace_id: UUID | None,
        progress: Progress,
    ) -> None:
        self._reading = reading
        self._writing = writing
        self._shadows = shadows
        self._workspace_id = workspace_id
        self._progress = progress
        self._kinds = kinds([shadow.projection for shadow in shadows])
        self._positions: dict[UUID, int] = {}

    async def fill(self) -> None:
        """Every stream once, then what came meanwhile, until little of it is left."""
        heads = await self._heads()
        self._progress.start(sum(head.position for head in heads))
        for head in heads:
            await self._write(head.workspace_id, fresh=True)
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
                    await self._write(head.workspace_id, some, reading=reading)
                self._positions[head.workspace_id] = head.position
        return events

    async def _write(
        self,
        workspace_id: UUID,
        streams: Sequence[str] | None = None,
        *,
        reading: asyncpg.Connection | None = None,
        fresh: bool = False,
    ) -> None:
        source = reading or self._reading
        apart = source is not self._writing
        writer = ShadowWriter(self._writing, self._shadows, workspace_id, fresh=fresh, behind=apart)
        folding = fold_streams(
            source,
            workspace_id,
            self._kinds,
            self._progress.count,
            streams,
            ahead=apart,
        )
        async with aclosing(folding) as every, aclosing(writer):
            async for folded in every:
                await writer.add(folded)
            await writer.flush()


@asynccontextmanager
async def open_rebuild(
    url: str,
    projections: Sequence[Projection],
    progress: Progress,
    *,
    lasting: bool,
    workspace_id: UUID | None = None,
) -> AsyncIterator[Rebuild]:
    """lasting: the shadows stay until they are switched, dropped, or the next rebuild begins; else they go with it."""
    async with owner_connection(url) as writing, owner_connection(url) as reading, alone(writing):
        await refuse_other_logins(writing, projections)
        if lasting:
            await remove_shadows(writing)
            await refuse_what_hangs_on(writing, projections)
        shadows = [await make_shadow(writing, one, lasting=lasting) for one in projections]
        yield Rebuild(reading, writing, shadows, workspace_id, progress)
