"""Turns the log, block by block, into rows of genjin.event_tag."""

import asyncio
from uuid import UUID

import asyncpg
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
from genjin.log.reading import DamagedLogError, commit_hash_at, read_head

_READER = """
SELECT position, merged_position, commit_position, commit_hash FROM genjin.event_tag_reader WHERE workspace_id = $1
"""

_BLOCK = """
SELECT position, body FROM genjin.event WHERE workspace_id = $1 AND position > $2 AND position <= $3 ORDER BY position
"""

# The commit that a position belongs to.
_COMMIT = """
SELECT last_position, hash FROM genjin.commit
 WHERE workspace_id = $1 AND last_position >= $2 ORDER BY last_position LIMIT 1
"""

_COLUMNS = ("workspace_id", "level", "tag", "block", "positions")

# The reader's first place, where it has none.
_BEGIN = """
INSERT INTO genjin.event_tag_reader (workspace_id, position, merged_position, commit_position, commit_hash)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING true
"""

# The reader's next place, where nobody else has moved it meanwhile, or taken it away.
_MOVE = """
UPDATE genjin.event_tag_reader
   SET position = $2, merged_position = $3, commit_position = $4, commit_hash = $5, updated_at = now()
 WHERE workspace_id = $1 AND position = $6
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


class UnsoundIndexError(Exception):
    """The index cannot be continued: it is of another log, or has rows where none were written."""


class OvertakenError(Exception):
    """Another reader has written this block."""


async def index_block(
    database: asyncpg.Pool, workspace_id: UUID, pause_seconds: float = 0.0
) -> bool:
    """Merge the small blocks that fill a large one, or else index the next block: a large one at once where the log
    goes on so far, or a small one. False: the log has no full block after the last one. pause_seconds lies between the
    parts of a large block. Raises UnsoundIndexError, OvertakenError, DamagedLogError.
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
        raise UnsoundIndexError(f"the log does not reach {end} any more")
    if reader is not None:  # again, now that it is known where the block ends: both are of one log
        await _refuse_fork(database, workspace_id, *reader[2:])
    rows = await rows_of_log(database, workspace_id, start, level, pause_seconds)
    merged = end if level is LARGE else merged
    place = end, merged, *commit.values()
    async with database.acquire() as connection, connection.transaction():
        if reader is None:
            moved = await connection.fetchval(_BEGIN, workspace_id, *place)
        else:
            moved = await connection.fetchval(_MOVE, workspace_id, *place, start)
        if not moved:
            raise OvertakenError
        await _refuse_fork(connection, workspace_id, *commit)  # and so is what lies between
        await _insert(connection, workspace_id, level, level.block(end), rows)
    return True


async def rows_of_log(
    database: asyncpg.Pool, workspace_id: UUID, start: int, level: Level, pause_seconds: float
) -> list[Row]:
    """What the events of the block after a position come to, read in parts of a small one with pauses between them.
    Raises DamagedLogError where an event is missing.
    """
    postings = Postings()
    for offset in range(0, level.positions, SMALL.positions):
        first = start + offset
        part = await database.fetch(_BLOCK, workspace_id, first, first + SMALL.positions)
        for position in range(first + 1, first + SMALL.positions + 1):
            if len(part) < position - first or part[position - first - 1]["position"] != position:
                raise DamagedLogError(f"position {position}: there is no event")
        bodies = [row["body"] for row in part]
        await asyncio.to_thread(postings.add_events, bodies, offset)
        await asyncio.sleep(pause_seconds)
    return await asyncio.to_thread(postings.rows, level)


async def _refuse_fork(
    database: asyncpg.Pool | Transaction, workspace_id: UUID, place: int, commit_hash: bytes
) -> None:
    if await commit_hash_at(database, workspace_id, place) != commit_hash:
        raise UnsoundIndexError(f"the log has another commit at {place}, or none")


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
    try:
        await connection.copy_records_to_table(
            "event_tag", schema_name="genjin", columns=_COLUMNS, records=sorted(records)
        )
    except asyncpg.UniqueViolationError as error:
        raise UnsoundIndexError(f"there are rows already of block {block}") from error
