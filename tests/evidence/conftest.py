"""One database for all tests of the evidence; each test has a workspace, and so a log, of its own."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from genjin.postgres import create_pool
from genjin_deploy.embedded_postgres import EmbeddedPostgres
from tests.databases import Database, copy_migrated
from tests.evidence.sealed_log import SealedLog
from tests.log.log import new_log


@pytest.fixture(scope="session")
async def evidence_database(postgres: EmbeddedPostgres) -> Database:
    return await copy_migrated(postgres)


@pytest.fixture(scope="session")
async def api_pool(evidence_database: Database) -> AsyncIterator[asyncpg.Pool]:
    pool = await create_pool(evidence_database.api_url, "genjin_api", 4)
    yield pool
    await pool.close()


@pytest.fixture(scope="session")
async def notifier_pool(evidence_database: Database) -> AsyncIterator[asyncpg.Pool]:
    pool = await create_pool(evidence_database.notifier_url, "genjin_notifier", 4)
    yield pool
    await pool.close()


@pytest.fixture(scope="session")
async def superuser(evidence_database: Database) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(evidence_database.admin_url)
    yield connection
    await connection.close()


@pytest.fixture
def sealed(
    evidence_database: Database,
    api_pool: asyncpg.Pool,
    notifier_pool: asyncpg.Pool,
    superuser: asyncpg.Connection,
) -> SealedLog:
    return SealedLog(new_log(evidence_database, api_pool), notifier_pool, superuser)
