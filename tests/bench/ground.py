"""What measurements stand on: a Postgres of the run's own, a folder, and processes that end with it."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from genjin_deploy.embedded_postgres import EmbeddedPostgres
from genjin_deploy.ports import HOST
from genjin_deploy.processes import Child, log_tail
from tests.bench.row import Effort
from tests.databases import Database, copy_migrated, migrate_once

START_TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Ground:
    """say tells the person before the screen what is going on."""

    postgres: EmbeddedPostgres
    folder: Path
    effort: Effort
    say: Callable[[str], None]

    async def database(self) -> Database:
        """A migrated, empty one."""
        return await copy_migrated(self.postgres)

    @contextmanager
    def process(self, module: str, environment: Mapping[str, str]) -> Iterator[Child]:
        """`python -m module`, ended on the way out whatever happens."""
        command = [sys.executable, "-m", module]
        log_file = self.folder / f"{module}.log"
        child = Child(module, command, {**os.environ, **environment}, log_file)
        try:
            yield child
        finally:
            child.stop()


@asynccontextmanager
async def open_ground(
    folder: Path, effort: Effort, say: Callable[[str], None]
) -> AsyncIterator[Ground]:
    say("starting Postgres")
    with EmbeddedPostgres(folder / "postgres" / "data") as postgres:
        await migrate_once(postgres)
        yield Ground(postgres, folder, effort, say)


async def wait_until_listening(child: Child, port: int) -> None:
    async with asyncio.timeout(START_TIMEOUT_SECONDS):
        while True:
            if child.exit_code is not None:
                raise RuntimeError(f"{child.name} ended:\n{log_tail(child.log_file)}")
            try:
                _, writer = await asyncio.open_connection(HOST, port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            writer.close()
            return
