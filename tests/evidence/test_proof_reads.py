"""What a proof reads of the log: as many rows as its depth asks for, however long the log is. Postgres counts them."""

import random
from collections.abc import AsyncIterator, Awaitable, Callable
from math import ceil, log2

import asyncpg
import pytest

from genjin.evidence.edge import TILE_BITS, TILE_HASHES
from genjin.evidence.proofs import consistency_path, inclusion_path
from genjin.postgres import create_pool
from genjin_deploy.embedded_postgres import EmbeddedPostgres
from tests.databases import copy_migrated
from tests.evidence.sealed_log import SealedLog
from tests.log.log import new_log

EVENTS = 40_000

# Rows that this transaction has read of the tables that a proof is made of, by whatever way.
_READ = """
SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::bigint FROM pg_stat_xact_user_tables
 WHERE schemaname = 'genjin' AND relname IN ('event', 'evidence_tile')
"""

Path = Callable[[asyncpg.Connection], Awaitable[list[bytes]]]


async def rows_read(sealed: SealedLog, path: Path) -> tuple[int, int]:
    """How many rows were read for a path, and how many hashes it has. By the plan of a large table: one of a few pages
    is read whole.
    """
    async with sealed.log.connection() as connection, connection.transaction():
        await connection.execute("SET LOCAL enable_seqscan = off")
        before: int = await connection.fetchval(_READ)
        hashes = await path(connection)
        return await connection.fetchval(_READ) - before, len(hashes)


def rows_at_most(size: int) -> int:
    """A tile for each hash of a path and its root, and of each level of tiles what is in no full one."""
    levels = ceil(log2(size) / TILE_BITS)
    return 2 * ceil(log2(size)) + levels * TILE_HASHES


@pytest.fixture(scope="module")
async def long(postgres: EmbeddedPostgres) -> AsyncIterator[SealedLog]:
    """In a database of its own: others read all logs of theirs."""
    database = await copy_migrated(postgres)
    superuser = await asyncpg.connect(database.admin_url)
    api_pool = await create_pool(database.api_url, "genjin_api", 2)
    notifier_pool = await create_pool(database.notifier_url, "genjin_notifier", 2)
    sealed = SealedLog(new_log(database, api_pool), notifier_pool, superuser)
    await sealed.insert(EVENTS)
    await sealed.seal()
    await superuser.execute("ANALYZE genjin.event, genjin.evidence_tile")
    yield sealed
    await notifier_pool.close()
    await api_pool.close()
    await superuser.close()


@pytest.mark.parametrize("size", [300, 3_000, EVENTS - 1, EVENTS])
async def test_a_proof_reads_no_more_rows_than_grow_with_the_logarithm(
    long: SealedLog, size: int
) -> None:
    chance = random.Random(size)
    for _ in range(10):
        place = chance.randint(1, size)

        async def inclusion(connection: asyncpg.Connection, at: int = place) -> list[bytes]:
            return await inclusion_path(connection, long.workspace_id, at, size)

        async def consistency(connection: asyncpg.Connection, at: int = place) -> list[bytes]:
            return await consistency_path(connection, long.workspace_id, at, size)

        for path in (inclusion, consistency):
            rows, hashes = await rows_read(long, path)
            assert hashes <= ceil(log2(size)) + 1
            assert 0 < rows <= rows_at_most(size), (place, size)
    assert rows_at_most(EVENTS) < EVENTS / 50


async def test_a_log_of_whole_tiles_is_proven_from_a_few_tiles(long: SealedLog) -> None:
    """Nothing stands at the right edge, so that only the depth counts."""

    async def path(connection: asyncpg.Connection) -> list[bytes]:
        return await inclusion_path(connection, long.workspace_id, 5, 128 * TILE_HASHES)

    rows, hashes = await rows_read(long, path)
    assert hashes == 15
    assert rows <= 128 + 2
