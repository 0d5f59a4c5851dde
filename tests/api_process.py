"""The API as its own process, over loopback, as in production."""

import asyncio
import base64
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from genjin_deploy.ports import free_port
from tests.databases import Database
from tests.fork_server import Forked, fork

SECRET_KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()
START_TIMEOUT_SECONDS = 90.0


@dataclass(frozen=True, slots=True)
class ApiProcess:
    url: str
    database: Database
    pid: int
    log: Path

    def environment(self) -> dict[str, str]:
        return environment(self.database)


def environment(database: Database) -> dict[str, str]:
    """What both services are started with in tests."""
    return {
        **os.environ,
        "GENJIN_SECRET_KEY": SECRET_KEY,
        "GENJIN_API_DATABASE_URL": database.api_url,
        "GENJIN_NOTIFIER_DATABASE_URL": database.notifier_url,
        "GENJIN_WEBHOOK_ALLOW_HTTP": "true",
        "GENJIN_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
    }


@asynccontextmanager
async def api_process(database: Database, log: Path, **settings: str) -> AsyncIterator[ApiProcess]:
    port = free_port()
    with log.open("wb") as out:
        started = {**environment(database), "GENJIN_PORT": str(port), **settings}
        process = await asyncio.to_thread(fork, "genjin_api", env=started, out=out, error=out)
    url = f"http://127.0.0.1:{port}"
    try:
        await ready(url, process, log)
        yield ApiProcess(url, database, process.pid, log)
    finally:
        process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(process.wait, 20) is not None, "the API did not end"


async def ready(url: str, process: Forked | asyncio.subprocess.Process, log: Path) -> None:
    """Waits until the API answers that it may serve. AssertionError when it ends, or takes too long."""
    async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
        deadline = asyncio.get_running_loop().time() + START_TIMEOUT_SECONDS
        while asyncio.get_running_loop().time() < deadline:
            if process.returncode is not None:
                raise AssertionError(f"the API ended: {_text(log)}")
            try:
                if (await client.get("/readyz")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.05)
    raise AssertionError(f"the API did not become ready: {_text(log)}")


def _text(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")
