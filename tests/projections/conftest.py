"""A database of the test's own with something in every projection: made once, then copied."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from genjin_deploy.embedded_postgres import EmbeddedPostgres
from tests.databases import Database, copy_migrated, copy_of
from tests.projections.filled import Installation, fill


@pytest.fixture(scope="session")
async def filled_database(postgres: EmbeddedPostgres) -> Database:
    database = await copy_migrated(postgres)
    await fill(database)
    return database


@pytest.fixture
async def installation(
    postgres: EmbeddedPostgres, filled_database: Database, tmp_path: Path
) -> Installation:
    return Installation(await copy_of(postgres, filled_database), tmp_path)


@pytest.fixture(scope="module")
async def connection(postgres: EmbeddedPostgres) -> AsyncIterator[asyncpg.Connection]:
    """To no database in particular."""
    opened = await asyncpg.connect(postgres.dsn())
    yield opened
    await opened.close()
