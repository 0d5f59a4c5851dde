"""The notifier's life: get the lock, work a term, and when the lock or Postgres is lost, begin again."""

import asyncio
from contextlib import suppress
from random import random

import structlog

from genjin.postgres import DATABASE_ERRORS, create_pool
from genjin.settings import NotifierSettings
from genjin_notifier.delivery import Attempt
from genjin_notifier.egress import Egress
from genjin_notifier.lock import Lock
from genjin_notifier.term import Term

ROLE = "genjin_notifier"
CONNECTIONS = 5  # one for the lock, four for reading and sealing
CONNECT_SECONDS_MAX = 10.0
BACKOFF_SECONDS = (0.1, 0.2, 0.5, 1.0, 2.0)
CLOSE_SECONDS_MAX = 2.0

_log = structlog.get_logger(__name__)


class Notifier:
    """Runs until `stopping` is set. Loss of Postgres is waited out, for as long as it takes."""

    def __init__(self, settings: NotifierSettings) -> None:
        self._settings = settings
        self._failures = 0
        self._unsaved_attempts: list[Attempt] = []

    async def run(self, stopping: asyncio.Event) -> None:
        egress = Egress(
            allow_http=self._settings.webhook_allow_http,
            allowed_networks=self._settings.allowed_networks,
            timeout_seconds=self._settings.attempt_timeout_seconds,
            answer_bytes_max=self._settings.response_bytes_max,
        )
        async with egress:
            while not stopping.is_set():
                try:
                    await self._connect_and_serve(egress, stopping)
                except DATABASE_ERRORS as error:
                    _log.warning("database_lost", reason=f"{type(error).__name__}: {error}")
                    await self._pause(stopping)

    async def _connect_and_serve(self, egress: Egress, stopping: asyncio.Event) -> None:
        async with asyncio.timeout(CONNECT_SECONDS_MAX):
            pool = await create_pool(self._settings.notifier_database_url, ROLE, CONNECTIONS)
        try:
            lock = Lock(await pool.acquire())
            if await _acquired(lock, stopping):
                _log.info("term_began")
                self._failures = 0
                await Term(self._settings, pool, lock, egress, self._unsaved_attempts).run(stopping)
            await lock.release()
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_SECONDS_MAX):
                    await pool.release(lock.held_connection)
                    await pool.close()
        finally:
            pool.terminate()

    async def _pause(self, stopping: asyncio.Event) -> None:
        wait = BACKOFF_SECONDS[min(self._failures, len(BACKOFF_SECONDS) - 1)]
        self._failures += 1
        with suppress(TimeoutError):
            async with asyncio.timeout(wait * (1 + random())):
                await stopping.wait()


async def _acquired(lock: Lock, stopping: asyncio.Event) -> bool:
    """Stand by until we have the lock; False when we are stopped meanwhile."""
    acquiring = asyncio.create_task(lock.acquire())
    stop = asyncio.create_task(stopping.wait())
    await asyncio.wait((acquiring, stop), return_when=asyncio.FIRST_COMPLETED)
    for task in (acquiring, stop):
        if not task.done():
            task.cancel()
    await asyncio.gather(stop, return_exceptions=True)
    if stopping.is_set():
        await asyncio.gather(acquiring, return_exceptions=True)
        return False
    acquiring.result()
    return True
