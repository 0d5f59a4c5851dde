"""The notifier's work on evidence running in a task of the test, and what it says in its log."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from typing import Any

from tests.evidence.sealed_log import SealedLog

Said = list[MutableMapping[str, Any]]


async def run_until(work: Coroutine[Any, Any, None], done: Callable[[], Awaitable[bool]]) -> None:
    running = asyncio.create_task(work)
    async with asyncio.timeout(30):
        while not await done():  # noqa: ASYNC110  # no event tells
            await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def of(sealed: SealedLog, said: Said) -> Said:
    """What was said of one workspace."""
    return [each for each in said if each.get("workspace_id") == str(sealed.workspace_id)]
