"""One database for all tests of the log; each test has a workspace, and so a log, of its own."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from genjin.postgres import create_pool
from genjin_deploy.embedded_postgres import EmbeddedPostgres
from tests.databases import Database, copy_migrated
from tests.log.log import Log, new_log


@pytest.fixture(scope="session")
async def log_database(postgres: EmbeddedPostgres) -> Database:
    return await copy_migrated(postgres)


@pytest.fixture(scope="session")
async def log_pool(log_database: Database) -> AsyncIterator[asyncpg.Pool]:
    pool = await create_pool(log_database.api_url, "genjin_api", 10)
    yield pool
    await pool.close()


@pytest.fixture
def log(log_database: Database, log_pool: asyncpg.Pool) -> Log:
    return new_log(log_database, log_pool)
