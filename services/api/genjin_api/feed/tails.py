"""Keeps the tails of all workspaces with live clients fresh: one listening connection, and a poll as its backstop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import UUID

import asyncpg
import structlog

from genjin.log.wakeup import CHANNEL
from genjin.postgres import DATABASE_ERRORS, connection_settings, plain_url
from genjin_api.feed.log_pages import LogPages
from genjin_api.feed.tail import Tail
from genjin_api.history.places import Place, newest_places

CONNECT_SECONDS_MAX = 5.0
RECONNECT_SECONDS = 1.0

_log = structlog.get_logger(__name__)


class Tails:
    """A tail is kept while it has clients. url and role are those of the listening connection, which is opened for the
    first client.
    """

    def __init__(
        self, url: str, role: str, database: asyncpg.Pool, pages: LogPages, poll_seconds: float
    ) -> None:
        self._url = url
        self._role = role
        self._database = database
        self._pages = pages
        self._poll_seconds = poll_seconds
        self._tails: dict[UUID, Tail] = {}
        self._watching: list[asyncio.Task[None]] = []

    @asynccontextmanager
    async def tail(self, workspace_id: UUID, head: Place) -> AsyncIterator[Tail]:
        """The workspace's tail for one client. head is the end of the log as the client has seen it."""
        if not self._watching:
            self._watching = [asyncio.create_task(each) for each in (self._listen(), self._poll())]
        tail = self._tails.get(workspace_id)
        if tail is None or tail.is_broken:
            tail = self._tails[workspace_id] = Tail(self._pages, workspace_id, head)
        tail.clients += 1
        try:
            yield tail
        finally:
            tail.clients -= 1
            if not tail.clients and self._tails.get(workspace_id) is tail:
                del self._tails[workspace_id]

    def wake_all(self) -> None:
        for tail in self._tails.values():
            tail.wake()

    async def close(self) -> None:
        for task in self._watching:
            task.cancel()
        await asyncio.gather(*self._watching, return_exceptions=True)

    # Watching

    async def _listen(self) -> None:
        while True:
            try:
                await self._listen_until_lost()
            except DATABASE_ERRORS as error:
                _log.warning("feed_not_listening", reason=repr(error)[:300])
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _listen_until_lost(self) -> None:
        connection = await asyncpg.connect(
            plain_url(self._url),
            timeout=CONNECT_SECONDS_MAX,
            server_settings=connection_settings(self._role),
        )
        lost = asyncio.Event()
        try:
            connection.add_termination_listener(lambda *_: lost.set())
            await connection.add_listener(CHANNEL, self._heard)
            self.wake_all()  # for what was said before
            await lost.wait()
        finally:
            connection.terminate()

    def _heard(self, *message: object) -> None:
        with suppress(ValueError):
            tail = self._tails.get(UUID(str(message[-1])))
            if tail is not None:
                tail.wake()

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(self._poll_seconds)
            if self._tails:
                try:
                    await self._look_at_heads()
                except DATABASE_ERRORS as error:
                    _log.warning("feed_not_polling", reason=repr(error)[:300])

    async def _look_at_heads(self) -> None:
        seen = {workspace_id: (tail, tail.end) for workspace_id, tail in self._tails.items()}
        heads = await newest_places(self._database, list(seen))
        for workspace_id, (tail, end) in seen.items():
            head = heads[workspace_id]
            if head.position > tail.end.position:
                tail.wake()
            elif head.position < end.position or (head.position == end.position and head != end):
                tail.break_off()
