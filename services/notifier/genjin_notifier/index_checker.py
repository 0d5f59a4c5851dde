"""Holds every audit index against its log, block by block and for ever, as the scrubber reads the logs again.

What is found halts the index: it is not continued, and whoever asks the history reads the log itself from the first
block on that differs. So an answer that leaves out an event is not given any more.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from time import monotonic
from uuid import UUID

import asyncpg
import structlog

from genjin.event_index.checking import (
    Block,
    Difference,
    MovedError,
    block_after,
    difference_of_block,
    difference_of_bounds,
)
from genjin.event_index.halting import halt_where, read_halt
from genjin.event_index.writing import rows_of_log
from genjin.history.postings import SMALL
from genjin.log.reading import DamagedLogError, Reading
from genjin.postgres import DATABASE_ERRORS
from genjin.settings import NotifierSettings
from genjin_notifier.event_index import tell_halt

# Short indexes are not held against their logs over and over.
ROUND_SECONDS_MIN = 600.0

# Every workspace with a row of the index, each found by a step along the primary key, or with a reader's place.
_INDEXED = """
WITH RECURSIVE indexed AS (
    (SELECT workspace_id FROM genjin.event_tag ORDER BY workspace_id LIMIT 1)
    UNION ALL
    SELECT (SELECT t.workspace_id FROM genjin.event_tag t WHERE t.workspace_id > i.workspace_id
             ORDER BY t.workspace_id LIMIT 1)
      FROM indexed i WHERE i.workspace_id IS NOT NULL
)
SELECT workspace_id FROM indexed WHERE workspace_id IS NOT NULL
UNION
SELECT workspace_id FROM genjin.event_tag_reader
"""

_PLACE = "SELECT position FROM genjin.event_tag_check WHERE workspace_id = $1"

_MOVE = """
INSERT INTO genjin.event_tag_check (workspace_id, position) VALUES ($1, $2)
ON CONFLICT (workspace_id) DO UPDATE SET position = $2, updated_at = now()
"""

_log = structlog.get_logger(__name__)


class IndexChecker:
    """Runs until it is cancelled; no fault of an index or of the database ends it.

    Between two pauses it reads about as many events as the scrubber does. It keeps its place over a restart, so that
    the end of a long index has its turn too. That an index is halted is said in each round.
    """

    def __init__(self, settings: NotifierSettings, database: asyncpg.Pool) -> None:
        per_event = settings.scrub_pause_seconds / settings.scrub_events_max
        self._pause_seconds = per_event * SMALL.positions
        self._database = database

    async def run(self) -> None:
        while True:
            next_round = monotonic() + ROUND_SECONDS_MIN
            await asyncio.sleep(self._pause_seconds)
            try:
                await self._check_all()
            except DATABASE_ERRORS as error:  # whether the database is lost, the lock will say
                _log.warning("index_check_ended", reason=f"{type(error).__name__}: {error}")
            await asyncio.sleep(max(0.0, next_round - monotonic()))

    async def _check_all(self) -> None:
        for row in await self._database.fetch(_INDEXED):
            try:
                await self.check(row["workspace_id"])
            except (
                asyncpg.DataCorruptedError
            ):  # a page of one index is no reason to leave the others
                _log.exception("index_not_checked", workspace_id=str(row["workspace_id"]))
            except DATABASE_ERRORS:
                raise
            except Exception:
                _log.exception("index_not_checked", workspace_id=str(row["workspace_id"]))

    async def check(self, workspace_id: UUID) -> None:
        """One index, from where the last check ended to its end, or to where it is trusted."""
        bounds = partial(difference_of_bounds, workspace_id=workspace_id)
        is_told = await self._halts(workspace_id, bounds)
        halt = await read_halt(self._database, workspace_id)
        if halt is not None and not is_told:
            found = Difference(halt.trusted_position, halt.position, halt.tag, halt.reason)
            tell_halt(workspace_id, found)
        end = halt.trusted_position if halt else None
        position = await self._database.fetchval(_PLACE, workspace_id) or 0
        while block := await block_after(self._database, workspace_id, position):
            if end is not None and block.end > end:
                break
            if await self._check_block(workspace_id, block):
                break
            position = block.end
            await self._database.execute(_MOVE, workspace_id, position)
        await self._database.execute(_MOVE, workspace_id, 0)

    async def _check_block(self, workspace_id: UUID, block: Block) -> bool:
        """Whether the index was halted because of it."""
        place = self._database, workspace_id
        try:
            wanted = await rows_of_log(*place, block.start, block.level, self._pause_seconds)
            look = partial(
                difference_of_block, workspace_id=workspace_id, block=block, wanted=wanted
            )
            return await self._halts(workspace_id, look)
        except MovedError:
            return False  # it is of another block now, which the next round looks at
        except DamagedLogError as error:
            name = str(workspace_id)
            _log.error("index_not_checked", workspace_id=name, after=block.start, reason=str(error))
            return False

    async def _halts(
        self, workspace_id: UUID, look: Callable[[Reading], Awaitable[Difference | None]]
    ) -> bool:
        if await look(self._database) is None:
            return False
        found = await halt_where(self._database, workspace_id, look)
        if found is not None:
            tell_halt(workspace_id, found)
        return found is not None
