"""An index that is not what the log says is halted, and built anew from nothing."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from genjin.event_index.checking import Difference
from genjin.event_index.writing import Transaction
from genjin.log.reading import Reading

# One at a time halts or empties the index of a workspace: nothing is halted for what has just been emptied.
LOCK_CLASS = 7016

_LOCK = "SELECT pg_advisory_xact_lock($1, hashtext($2::text))"

# A finding nearer to the log's beginning takes the place of one behind it.
_HALT = """
INSERT INTO genjin.event_tag_halt AS h (workspace_id, trusted_position, tag, position, reason)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (workspace_id) DO UPDATE
   SET trusted_position = $2, tag = $3, position = $4, reason = $5, halted_at = now()
 WHERE h.trusted_position > $2
"""

_READ = """
SELECT workspace_id, trusted_position, tag, position, reason, halted_at FROM genjin.event_tag_halt
 WHERE workspace_id = $1
"""

# The reader goes first: whoever is writing a block holds its row, and is waited for.
_EMPTY = (
    "DELETE FROM genjin.event_tag_reader WHERE workspace_id = $1",
    "DELETE FROM genjin.event_tag WHERE workspace_id = $1",
    "DELETE FROM genjin.event_tag_check WHERE workspace_id = $1",
    "DELETE FROM genjin.event_tag_halt WHERE workspace_id = $1",
)


@dataclass(frozen=True, slots=True)
class Halt:
    workspace_id: UUID
    trusted_position: int
    tag: str | None
    position: int
    reason: str
    halted_at: datetime


async def read_halt(database: Reading, workspace_id: UUID) -> Halt | None:
    row = await database.fetchrow(_READ, workspace_id)
    return Halt(*row) if row else None


async def halt_where(
    database: asyncpg.Pool,
    workspace_id: UUID,
    look: Callable[[Reading], Awaitable[Difference | None]],
) -> Difference | None:
    """Look once more, while nobody empties the index, and halt it where there still is a difference."""
    async with database.acquire() as connection, connection.transaction():
        await connection.execute(_LOCK, LOCK_CLASS, str(workspace_id))
        found = await look(connection)
        if found is not None:
            place = found.trusted_position, found.tag, found.position, found.reason
            await connection.execute(_HALT, workspace_id, *place)
        return found


async def empty_index(connection: Transaction, workspace_id: UUID) -> None:
    """Needs the rights of the tables' owner. Questions are answered from the log itself until it is written again."""
    async with connection.transaction():
        await connection.execute(_LOCK, LOCK_CLASS, str(workspace_id))
        for statement in _EMPTY:
            await connection.execute(statement, workspace_id)
