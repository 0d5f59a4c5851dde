"""The notifier's process in a hurry, and killed at a moment that is chosen by what it asks of Postgres."""

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path

from tests.databases import Database
from tests.end_to_end.conftest import notifier_process
from tests.end_to_end.swallowing_proxy import SwallowingProxy
from tests.fork_server import Forked

COMMIT = b"COMMIT;"
QUICK = {
    "GENJIN_SEAL_SECONDS": "0.05",
    "GENJIN_SCRUB_PAUSE_SECONDS": "0.05",
    "GENJIN_CLOCK_SECONDS": "0.05",
}


def at_work(database: Database, folder: Path) -> AbstractAsyncContextManager[Forked]:
    return notifier_process(database, folder / "notifier.log", **QUICK)


async def killed_at(markers: tuple[bytes, ...], database: Database, folder: Path) -> None:
    """When one connection has asked for all of the markers, and before it hears of the last."""
    proxy = SwallowingProxy(database.notifier_url)
    proxy.swallow_answers_after(*markers)
    async with proxy.running():
        doomed = replace(database, notifier_url=proxy.url)
        async with at_work(doomed, folder) as notifier:
            async with asyncio.timeout(30):
                await proxy.swallows.wait()
            await asyncio.sleep(0.1)  # what was asked is done
            notifier.kill()
