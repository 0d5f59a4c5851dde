"""Real Postgres for every test that wants it: one embedded server per run, a database of its own for each test."""

import sys
from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from genjin_deploy.embedded_postgres import EmbeddedPostgres
from tests.api_process import ApiProcess, api_process
from tests.databases import Database, copy_migrated, drop, migrate_once
from tests.throwaway_postgres import is_in_memory, throwaway_postgres
from tests.world import World, make_world

# httpx asks for it some times a request: where it is not there, every folder of the path is looked through each time.
if find_spec("sniffio") is None:
    sys.modules["sniffio"] = None  # type: ignore[assignment]  # how a module is known to be missing


@pytest.fixture(scope="session")
async def postgres(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[EmbeddedPostgres]:
    """A server of this run's own."""
    with throwaway_postgres(tmp_path_factory.mktemp("postgres")) as server:
        await migrate_once(server)
        yield server


@pytest.fixture
async def fresh_database(postgres: EmbeddedPostgres) -> AsyncIterator[Database]:
    database = await copy_migrated(postgres)
    yield database
    if is_in_memory(postgres):  # on a disk this syncs every file of every database
        await drop(postgres, database)


@pytest.fixture(scope="session")
async def api(
    postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ApiProcess]:
    """A real API process on a database of its own, for all tests that ask it over HTTP. Live streams end by themselves,
    so that tests that ask every operation get an answer.
    """
    database = await copy_migrated(postgres)
    logs: Path = tmp_path_factory.mktemp("api") / "api.log"
    async with api_process(database, logs, GENJIN_STREAM_LIFE_SECONDS="0.5") as process:
        yield process


@pytest.fixture
async def world(api: ApiProcess) -> AsyncIterator[World]:
    """A workspace of the test's own with its people, each with an HTTP client that carries their key."""
    async with make_world(api) as made:
        yield made
