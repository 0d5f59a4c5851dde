"""The embedded PostgreSQL starts anywhere, keeps what was committed, and recovers from being killed."""

import os
import shutil
import socket
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from genjin_deploy.embedded_postgres import EmbeddedPostgres
from genjin_deploy.postgres_binaries import PostgresUnavailable, program


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """Below a folder that only we may enter, as a checkout in a temporary folder is."""
    with tempfile.TemporaryDirectory() as private:
        assert stat.S_IMODE(os.stat(private).st_mode) == 0o700
        yield Path(private) / "checkout" / ".genjin" / "postgres"


async def run_sql(postgres: EmbeddedPostgres, statement: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(postgres.dsn())
    try:
        return await connection.fetch(statement)
    finally:
        await connection.close()


async def test_it_starts_below_a_private_folder_and_is_set_up_to_lose_nothing(
    data_dir: Path,
) -> None:
    with EmbeddedPostgres(data_dir) as postgres:
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
            [row] = await run_sql(postgres, f"SHOW {setting}")
            assert row[0] == "on", setting


async def test_its_programs_may_lie_below_a_private_folder_too(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As they do when the whole checkout, with its virtual environment, is in a temporary folder."""
    private = data_dir.parents[1] / "packages"
    packages = program("postgres").parents[3]
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(packages / name, private / name)
    monkeypatch.syspath_prepend(str(private))
    assert program("postgres").is_relative_to(private)
    with EmbeddedPostgres(data_dir) as postgres:
        assert len(await run_sql(postgres, "SELECT 1")) == 1


async def test_it_listens_on_this_machine_only_and_asks_for_a_password(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir) as postgres:
        [row] = await run_sql(postgres, "SHOW listen_addresses")
        assert row[0] == "127.0.0.1"
        password = data_dir.parent / "postgres.password"
        assert stat.S_IMODE(password.stat().st_mode) == 0o600
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(postgres.dsn().replace(password.read_text().strip(), "wrong"))


async def test_a_second_start_finds_the_data_and_the_port_of_the_first(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir) as first:
        await run_sql(first, "CREATE TABLE kept AS SELECT 1 AS one")
        port = first.port
    with EmbeddedPostgres(data_dir) as second:
        assert [row["one"] for row in await run_sql(second, "SELECT one FROM kept")] == [1]
        assert second.port == port


async def test_committed_rows_survive_kill_9(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir) as postgres:
        await run_sql(postgres, "CREATE TABLE kept (one integer)")
        for number in range(3):
            await run_sql(postgres, f"INSERT INTO kept VALUES ({number})")
            postgres.kill()
            assert not postgres.running
            postgres.start()
        assert len(await run_sql(postgres, "SELECT FROM kept")) == 3


async def test_a_server_that_a_killed_run_left_behind_is_replaced(data_dir: Path) -> None:
    left_behind = EmbeddedPostgres(data_dir)
    left_behind.start()
    await run_sql(left_behind, "CREATE TABLE kept AS SELECT 1 AS one")
    old_pid = left_behind.pid
    with EmbeddedPostgres(data_dir) as postgres:
        assert postgres.pid != old_pid
        assert not left_behind.running
        assert len(await run_sql(postgres, "SELECT FROM kept")) == 1


async def test_a_stale_pid_file_that_names_another_program_is_no_obstacle(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir) as postgres:
        pid_file = data_dir / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
        postgres.kill()
        pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
        postgres.start()
        assert postgres.running


async def test_another_port_is_picked_when_the_noted_one_is_taken(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir) as first:
        port = first.port
    with socket.create_server(("127.0.0.1", port)), EmbeddedPostgres(data_dir) as second:
        assert second.port != port


async def test_a_fixed_port_that_is_taken_is_named(data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PostgresUnavailable, match=f"Port {port} is taken"):
            EmbeddedPostgres(data_dir, port).start()


async def test_stopping_leaves_no_process(data_dir: Path) -> None:
    postgres = EmbeddedPostgres(data_dir)
    postgres.start()
    assert postgres.pid is not None
    family = [process := psutil.Process(postgres.pid), *process.children(recursive=True)]
    postgres.stop()
    _, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []


def test_discarding_leaves_neither_process_nor_data(data_dir: Path) -> None:
    postgres = EmbeddedPostgres(data_dir)
    postgres.start()
    assert postgres.pid is not None
    family = [process := psutil.Process(postgres.pid), *process.children(recursive=True)]
    postgres.discard()
    _, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []
    assert not data_dir.exists()
