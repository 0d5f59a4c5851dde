"""A log whose lock somebody else holds, so that appends wait."""

import asyncio

import asyncpg

from genjin.log.group_commit import GroupCommit
from tests.log.log import Log, command


async def held(log: Log) -> tuple[asyncpg.Connection, asyncpg.transaction.Transaction]:
    """The log's lock, taken by somebody else: every append waits."""
    connection = await asyncpg.connect(log.database.api_url)
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended($1::uuid::text, 7001))", log.workspace_id
    )
    return connection, transaction


async def under_way(log: Log, writer: GroupCommit) -> asyncio.Task[object]:
    """A first append that waits in Postgres, so that all later ones share the next call."""
    task: asyncio.Task[object] = asyncio.create_task(
        writer.append(log.workspace_id, command("first", 0, "first"))
    )
    await log.until_somebody_waits()
    return task
