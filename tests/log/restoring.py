"""A log as after a restore from a backup: its newest events never were, and others have come in their place."""

from uuid import UUID

import asyncpg

from genjin.log.append import append
from tests.databases import Database
from tests.log.log import command


async def put_back(database: Database, workspace_id: UUID | str, position: int, grow: int) -> None:
    """To a position at which a commit ends; then as many other events are appended, in one moment for every reader."""
    workspace_id = UUID(str(workspace_id))
    owner = await asyncpg.connect(database.admin_url)
    try:
        async with owner.transaction():
            await owner.execute("SET LOCAL session_replication_role = replica")
            for table, column in (("event", "position"), ("commit", "last_position")):
                await owner.execute(
                    f"DELETE FROM genjin.{table} WHERE workspace_id = $1 AND {column} > $2",
                    workspace_id,
                    position,
                )
            texts = [f"other {number}" for number in range(grow)]
            if texts:
                await append(owner, workspace_id, [command(f"other-{position}", 0, *texts)])
    finally:
        await owner.close()
