"""The audit index's reader: turns the log, block by block, into rows of genjin.event_tag, behind the write path.

One task for all workspaces. It is never waited for: what it has not come to is read from the log by whoever asks.
"""

import asyncio
from uuid import UUID

import asyncpg
import structlog
from asyncpg.pool import PoolConnectionProxy

from genjin.history.postings import (
    LARGE,
    SMALL,
    SMALL_IN_LARGE,
    Level,
    Postings,
    Row,
    large_block,
)
from genjin.log.reading import commit_hash_at, read_head
from genjin.postgres import DATABASE_ERRORS

POLL_SECONDS = 1.0
# Between blocks and between the parts of one, so that deliveries come first while a long log is indexed.
PAUSE_SECONDS = 0.02
RETRY_SECONDS = 5.0

# Workspaces whose log has a full block that is not indexed.
_BEHIND = """
SELECT w.workspace_id
  FROM genjin.workspace w
  LEFT JOIN genjin.event_tag_reader r USING (workspace_id)
 WHERE (SELECT c.last_position FROM genjin.commit c
         WHERE c.workspace_id = w.workspace_id ORDER BY c.last_position DESC LIMIT 1)
       >= coalesce(r.position, 0) + $1
"""

_READER = """
SELECT position, merged_position, commit_position, commit_hash FROM genjin.event_tag_reader WHERE workspace_id = $1
"""

_BLOCK = """
SELECT body FROM genjin.event WHERE workspace_id = $1 AND position > $2 AND position <= $3 ORDER BY position
"""

# The commit that a position belongs to.
_COMMIT = """
SELECT last_position, hash FROM genjin.commit
 WHERE workspace_id = $1 AND last_position >= $2 ORDER BY last_position LIMIT 1
"""

_COLUMNS = ("workspace_id", "level", "tag", "block", "positions")

# The reader's next place, where nobody else has moved it meanwhile.
_MOVE = """
INSERT INTO genjin.event_tag_reader AS r (workspace_id, position, merged_position, commit_position, commit_hash)
VALUES ($1, $3, $4, $5, $6)
ON CONFLICT (workspace_id) DO UPDATE
   SET position = $3, merged_position = $4, commit_position = $5, commit_hash = $6, updated_at = now()
 WHERE r.position = $2
RETURNING true
"""

_SMALL_ROWS = """
SELECT block - $3, tag, positions FROM genjin.event_tag
 WHERE workspace_id = $1 AND level = $2 AND block >= $3 AND block < $4
"""

_DELETE = """
DELETE FROM genjin.event_tag WHERE workspace_id = $1 AND level = $2 AND block >= $3 AND block < $4
"""

_MERGED = """
UPDATE genjin.event_tag_reader SET merged_position = $3 WHERE workspace_id = $1 AND merged_position = $2 RETURNING true
"""

Transaction = asyncpg.Connection | PoolConnectionProxy

_log = structlog.get_logger(__name__)


class ForkedLogError(Exception):
    """The log is not the one that was indexed: it was restored or forked."""


class OvertakenError(Exception):
    """Another reader has written this block."""


class EventIndex:
    """Runs until it is cancelled. A workspace whose index cannot go on is left alone until the process starts again."""

    def __init__(self, database: asyncpg.Pool) -> None:
        self._database = database
        self._stopped: set[UUID] = set()

    async def run(self) -> None:
        while True:
            wait = POLL_SECONDS
            try:
                for row in await self._database.fetch(_BEHIND, SMALL.positions):
                    if row["workspace_id"] not in self._stopped:
                        await self._index(row["workspace_id"])
                        wait = PAUSE_SECONDS
            except DATABASE_ERRORS as error:  # whether the database is lost, the lock will say
                _log.warning("event_index_waits", reason=str(error))
                wait = RETRY_SECONDS
            await asyncio.sleep(wait)

    async def _index(self, workspace_id: UUID) -> None:
        """One block, so that every workspace gets its turn."""
        name = str(workspace_id)
        try:
            await index_block(self._database, workspace_id, PAUSE_SECONDS)
        except OvertakenError:
            _log.info("event_index_overtaken", workspace_id=name)
        except DATABASE_ERRORS:
            raise
        except ForkedLogError as error:
            self._stopped.add(workspace_id)
            _log.error("event_index_halted", workspace_id=name, reason=str(error))
        except Exception:
            self._stopped.add(workspace_id)
            _log.exception("event_index_failed", workspace_id=name)


async def index_block(
    database: asyncpg.Pool, workspace_id: UUID, pause_seconds: float = 0.0
) -> bool:
    """Merge the small blocks that fill a large one, or else index the next block: a large one at once where the log
    goes on so far, or a small one. False: the log has no full block after the last one. pause_seconds lies between the
    parts of a large block. Raises ForkedLogError, OvertakenError.
    """
    reader = await database.fetchrow(_READER, workspace_id)
    start, merged = (reader["position"], reader["merged_position"]) if reader else (0, 0)
    if reader is not None:
        await _refuse_fork(database, workspace_id, *reader[2:])
        if start - merged >= LARGE.positions:
            await _merge(database, workspace_id, merged)
            return True
    head = await read_head(database, workspace_id)
    if start == merged and head.position >= start + LARGE.positions:
        level = LARGE
    elif head.position >= start + SMALL.positions:
        level = SMALL
    else:
        return False
    end = start + level.positions
    commit = await database.fetchrow(_COMMIT, workspace_id, end)
    if commit is None:
        raise ForkedLogError(f"the log does not reach {end} any more")
    if reader is not None:  # again, now that it is known where the block ends: both are of one log
        await _refuse_fork(database, workspace_id, *reader[2:])
    rows = await _rows(database, workspace_id, start, level, pause_seconds)
    merged = end if level is LARGE else merged
    async with database.acquire() as connection, connection.transaction():
        place = start, end, merged, *commit.values()
        if not await connection.fetchval(_MOVE, workspace_id, *place):
            raise OvertakenError
        await _refuse_fork(connection, workspace_id, *commit)  # and so is what lies between
        await _insert(connection, workspace_id, level, level.block(end), rows)
    return True


async def _rows(
    database: asyncpg.Pool, workspace_id: UUID, start: int, level: Level, pause_seconds: float
) -> list[Row]:
    """Of the block after a position, read in parts of a small one."""
    postings = Postings()
    for offset in range(0, level.positions, SMALL.positions):
        first = start + offset
        part = await database.fetch(_BLOCK, workspace_id, first, first + SMALL.positions)
        bodies = [row["body"] for row in part]
        await asyncio.to_thread(postings.add_events, bodies, offset)
        await asyncio.sleep(pause_seconds)
    return await asyncio.to_thread(postings.rows, level)


async def _refuse_fork(
    database: asyncpg.Pool | Transaction, workspace_id: UUID, place: int, commit_hash: bytes
) -> None:
    if await commit_hash_at(database, workspace_id, place) != commit_hash:
        raise ForkedLogError(f"the log has another commit at {place}, or none")


async def _merge(database: asyncpg.Pool, workspace_id: UUID, after: int) -> None:
    """Put one large block in the place of the small ones that come after a position."""
    first = SMALL.block(after + 1)
    blocks = workspace_id, SMALL.number, first, first + SMALL_IN_LARGE
    async with database.acquire() as connection, connection.transaction():
        if not await connection.fetchval(_MERGED, workspace_id, after, after + LARGE.positions):
            raise OvertakenError
        small_rows = [tuple(row) for row in await connection.fetch(_SMALL_ROWS, *blocks)]
        rows = await asyncio.to_thread(large_block, small_rows)
        await connection.execute(_DELETE, *blocks)
        await _insert(connection, workspace_id, LARGE, LARGE.block(after + 1), rows)


async def _insert(
    connection: Transaction, workspace_id: UUID, level: Level, block: int, rows: list[Row]
) -> None:
    records = [(workspace_id, level.number, tag, block, positions) for tag, positions in rows]
    await connection.copy_records_to_table(
        "event_tag", schema_name="genjin", columns=_COLUMNS, records=sorted(records)
    )
