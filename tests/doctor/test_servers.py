"""Faults of a whole server, each on one of the test's own."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from genjin_deploy import embedded_postgres, postgres_data
from genjin_deploy.embedded_postgres import EmbeddedPostgres
from tests.databases import Database, copy_migrated, migrate_once
from tests.doctor.examining import examined, execute, wrong
from tests.throwaway_postgres import throwaway_postgres

UNSAFE = {
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "12",
}


@pytest.fixture(scope="module")
async def unsafe(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Database]:
    """Fast, and good for nothing else."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("unsafe") / "data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedded_postgres, "SETTINGS", embedded_postgres.SETTINGS | UNSAFE)
        options = (*postgres_data.INITDB_OPTIONS, "--no-data-checksums")
        patch.setattr(postgres_data, "INITDB_OPTIONS", options)
        server.start()
    try:
        await migrate_once(server)
        yield await copy_migrated(server)
    finally:
        server.discard()


async def test_what_a_crash_would_destroy_is_fatal(unsafe: Database) -> None:
    findings = await examined(unsafe.api_url)
    assert wrong(findings) == {
        "fsync": "fatal",
        "full_page_writes": "fatal",
        "data_checksums": "warn",
        "connections": "warn",
    }
    assert findings["backups"].level == "warn"
    assert "minimal" in findings["backups"].reason


async def test_torn_pages_are_no_fault_of_storage_that_writes_whole_ones(unsafe: Database) -> None:
    findings = await examined(unsafe.api_url, storage_writes_whole_pages=True)
    assert (findings["full_page_writes"].level, findings["fsync"].level) == ("ok", "fatal")


async def test_a_superuser_must_not_serve(unsafe: Database) -> None:
    await execute(unsafe.admin_url, "ALTER ROLE genjin_api SUPERUSER")
    findings = await examined(unsafe.api_url)
    await execute(unsafe.admin_url, "ALTER ROLE genjin_api NOSUPERUSER")
    assert findings["log_rights"].level == "fatal"
    assert "superuser" in findings["log_rights"].reason


async def test_a_standby_is_fatal(tmp_path: Path) -> None:
    with throwaway_postgres(tmp_path / "standby") as server:
        await migrate_once(server)
        database = await copy_migrated(server)
        assert wrong(await examined(database.api_url)) == {}
        await asyncio.to_thread(server.stop)
        (server.data_dir / "standby.signal").touch()
        await asyncio.to_thread(server.start)
        assert wrong(await examined(database.api_url)) == {"standby": "fatal"}
