"""A workspace's audit index written anew from its log."""

from uuid import UUID

import asyncpg

from genjin.event_index.halting import empty_index
from genjin.event_index.writing import OvertakenError, index_block
from genjin.log.reading import DamagedLogError
from genjin_api.projections.folding import LogHead
from genjin_api.projections.progress import Progress

_POSITION = "SELECT position FROM genjin.event_tag_reader WHERE workspace_id = $1"


async def rebuild_index(pool: asyncpg.Pool, head: LogHead, progress: Progress) -> None:
    """To the end of the log as it was at head. A notifier that is at work takes its part of the blocks. Raises
    DamagedLogError where an event is missing, UnsoundIndexError.
    """
    workspace_id = head.workspace_id
    async with pool.acquire() as connection:
        await empty_index(connection, workspace_id)
    position = 0
    try:
        while await _position(pool, workspace_id) <= head.position and await _advance(pool, head):
            reached = await _position(pool, workspace_id)
            progress.count(reached - position)
            position = reached
    except DamagedLogError as error:
        raise DamagedLogError(f"workspace {workspace_id}: {error}") from error


async def _advance(pool: asyncpg.Pool, head: LogHead) -> bool:
    """Whether another block was written, by us or by the notifier."""
    try:
        return await index_block(pool, head.workspace_id)
    except OvertakenError:
        return True


async def _position(pool: asyncpg.Pool, workspace_id: UUID) -> int:
    return await pool.fetchval(_POSITION, workspace_id) or 0
