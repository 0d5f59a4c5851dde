"""A TCP proxy before Postgres that, on a word, lets no answer through: what was asked is done unheard."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from urllib.parse import urlsplit, urlunsplit

CHUNK_BYTES = 65536


class SwallowingProxy:
    """url is that of the database behind it. As soon as one connection has asked for all the markers, in their order,
    every answer is swallowed.
    """

    def __init__(self, database_url: str) -> None:
        self._target = urlsplit(database_url)
        self._markers: tuple[bytes, ...] = ()
        self._tasks: set[asyncio.Task[None]] = set()
        self.swallows = asyncio.Event()
        self.url = ""

    def swallow_answers_after(self, *markers: bytes) -> None:
        self._markers = markers

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_connection(self._target.hostname, self._target.port)
        self._tasks |= {
            asyncio.create_task(self._requests(reader, there[1])),
            asyncio.create_task(self._answers(there[0], writer)),
        }

    async def _requests(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        seen = 0
        with closing(sink):
            while data := await source.read(CHUNK_BYTES):
                while seen < len(self._markers) and self._markers[seen] in data:
                    seen += 1
                if 0 < len(self._markers) == seen:
                    self.swallows.set()
                sink.write(data)
                await sink.drain()

    async def _answers(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with closing(sink):
            while data := await source.read(CHUNK_BYTES):
                if not self.swallows.is_set():
                    sink.write(data)
                    await sink.drain()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["SwallowingProxy"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        login = self._target.netloc.rpartition("@")[0]
        self.url = urlunsplit(self._target._replace(netloc=f"{login}@127.0.0.1:{port}"))
        try:
            yield self
        finally:
            server.close()
            for task in self._tasks:
                task.cancel()
                with suppress(asyncio.CancelledError, OSError):
                    await task
