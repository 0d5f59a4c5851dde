"""Wake-up of the log's readers: one NOTIFY after the commit, on a connection of its own, never inside the append.

A NOTIFY inside the writing transaction takes a lock of the whole Postgres instance at commit. Readers poll as well,
so a lost wake-up costs a poll interval, never an event.
"""

import asyncio
from uuid import UUID

import asyncpg
import structlog

CHANNEL = "genjin_log"
PAUSE_SECONDS = 0.005

_log = structlog.get_logger(__name__)


class Wakeup:
    """Coalesces wake-ups: at most one NOTIFY per workspace and pause."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._waiting: set[UUID] = set()
        self._task: asyncio.Task[None] | None = None

    def ring(self, workspace_id: UUID) -> None:
        self._waiting.add(workspace_id)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._send())

    async def _send(self) -> None:
        while self._waiting:
            workspaces, self._waiting = self._waiting, set()
            try:
                for workspace_id in workspaces:
                    await self._pool.execute("SELECT pg_notify($1, $2)", CHANNEL, str(workspace_id))
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                _log.warning("wakeup_lost", reason=str(error))
            await asyncio.sleep(PAUSE_SECONDS)

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
