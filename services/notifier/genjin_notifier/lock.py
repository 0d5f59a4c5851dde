"""One notifier works per database: the holder of a session advisory lock, on a connection of its own.

When the process dies, its socket closes and Postgres frees the lock; who stands by takes over. Session locks and LISTEN
need a direct connection: not through a pooler in transaction mode.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from genjin.log.reading import Head, read_heads
from genjin.log.wakeup import CHANNEL

LOCK_CLASS = 7002
STAND_BY_SECONDS = 0.25
PULSE_SECONDS_MAX = 5.0

# A connection of the pool, which wraps it; the stubs know it by another name.
Held = Any


class LockLostError(OSError):
    """The connection that held the lock is gone: somebody else may be sending."""


class Lock:
    """The lock and its connection, which the recorder and the look at the logs' heads use by turns."""

    def __init__(self, connection: Held) -> None:
        self.held_connection = connection
        self._turn = asyncio.Lock()
        self._heard: Callable[..., None] | None = None
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.lost.add_done_callback(lambda lost: lost.cancelled() or lost.exception())
        connection.add_termination_listener(self._terminated)

    async def acquire(self) -> None:
        """Asks again and again rather than waiting in Postgres: a waiting statement would hold vacuum back."""
        ask = "SELECT pg_try_advisory_lock($1, 0)"
        while not await self.held_connection.fetchval(ask, LOCK_CLASS):  # noqa: ASYNC110  # no event tells
            await asyncio.sleep(STAND_BY_SECONDS)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Held]:
        async with self._turn:
            if self.lost.done():
                raise LockLostError("the connection that held the lock is gone")
            yield self.held_connection

    async def listen(self, heard: Callable[[str], None]) -> None:
        """heard gets the workspace's id after each append."""
        self._heard = lambda *message: heard(message[-1])
        async with self.connection() as connection:
            await connection.add_listener(CHANNEL, self._heard)

    async def heads(self, workspaces: list[UUID]) -> list[tuple[UUID, Head]]:
        """Also shows, with its deadline, that the connection is alive."""
        async with self.connection() as connection, asyncio.timeout(PULSE_SECONDS_MAX):
            return await read_heads(connection, workspaces)

    async def release(self) -> None:
        async with self.connection() as connection:
            connection.remove_termination_listener(self._terminated)
            if self._heard is not None:
                await connection.remove_listener(CHANNEL, self._heard)
            await connection.execute("SELECT pg_advisory_unlock_all()")

    def _terminated(self, *_: object) -> None:
        if not self.lost.done():
            self.lost.set_exception(LockLostError("the connection that held the lock is gone"))
