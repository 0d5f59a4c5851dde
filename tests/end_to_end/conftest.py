"""The whole product as it runs: Postgres, the API process, the notifier process, a receiver on loopback."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from genjin_deploy.embedded_postgres import EmbeddedPostgres
from tests.api_process import environment
from tests.databases import Database, migrate_once
from tests.fork_server import Forked, fork
from tests.notifier.receiver import Receiver
from tests.throwaway_postgres import throwaway_postgres


@asynccontextmanager
async def notifier_process(database: Database, log: Path, **settings: str) -> AsyncIterator[Forked]:
    with log.open("ab") as out:
        started = {
            **environment(database),
            "GENJIN_RETRY_SCHEDULE_SECONDS": ",".join(["0.2"] * 50),
            "TMPDIR": str(log.parent),
            **settings,
        }
        process = await asyncio.to_thread(fork, "genjin_notifier", env=started, out=out, error=out)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(process.wait, 20) is not None, "the notifier did not end"


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver() as made:
        yield made


@pytest.fixture
async def doomed(tmp_path: Path) -> AsyncIterator[EmbeddedPostgres]:
    """A server of this test's own, for it will be killed."""
    with throwaway_postgres(tmp_path / "postgres") as server:
        await migrate_once(server)
        yield server
