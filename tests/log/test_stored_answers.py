"""What an append with an idempotency key reads of the answers stored before it."""

from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest
from asyncpg.pool import PoolConnectionProxy

from genjin.log.append import append
from genjin.postgres import create_pool
from genjin_deploy.embedded_postgres import EmbeddedPostgres
from tests.databases import Database, copy_migrated
from tests.log.log import command

CALLS = 30
COMMANDS = 10  # of a call

# The entries and rows of stored answers that every session has read so far.
_READ = """
SELECT t.seq_tup_read + i.idx_tup_read
  FROM pg_stat_user_tables t JOIN pg_stat_user_indexes i USING (relid)
 WHERE t.relname = 'idempotent_answer'
"""


@pytest.fixture
async def empty(postgres: EmbeddedPostgres) -> Database:
    """A database of the test's own: Postgres plans the look at the answers while there are none."""
    return await copy_migrated(postgres)


@pytest.fixture
async def connection(empty: Database) -> AsyncIterator[PoolConnectionProxy]:
    pool = await create_pool(empty.api_url, "genjin_api", 1)
    async with pool.acquire() as connection:
        yield connection
    await pool.close()


async def test_a_key_is_looked_up_without_reading_the_answers_to_others(
    empty: Database, connection: PoolConnectionProxy
) -> None:
    workspace_id = uuid4()

    async def call(number: int) -> None:
        keyed = [
            command(f"stream-{place}", number, "text", key=f"key-{number}-{place}")
            for place in range(COMMANDS)
        ]
        await append(connection, workspace_id, keyed)

    for number in range(CALLS - 1):
        await call(number)
    before = await _read_so_far(empty, connection)
    await call(CALLS - 1)
    assert await _read_so_far(empty, connection) - before <= COMMANDS


async def _read_so_far(database: Database, connection: PoolConnectionProxy) -> int:
    await connection.execute("SELECT pg_stat_force_next_flush()")
    admin = await asyncpg.connect(database.admin_url)
    try:
        read: int = await admin.fetchval(_READ)
        return read
    finally:
        await admin.close()
