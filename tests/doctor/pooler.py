"""A connection pooler as far as its clients can tell: it hands out its own backend number for each connection."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit


@asynccontextmanager
async def between(url: str) -> AsyncIterator[str]:
    """The URL of a pooler before the server of this URL, without TLS."""
    parts = urlsplit(url)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection(parts.hostname, parts.port)
        await asyncio.gather(
            _forward(reader, there_writer), _forward_messages(there_reader, writer)
        )

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    login = parts.netloc.rpartition("@")[0]
    try:
        yield urlunsplit(
            parts._replace(netloc=f"{login}@127.0.0.1:{port}", query="sslmode=disable")
        )
    finally:
        server.close()


async def _forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
    writer.close()


async def _forward_messages(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Server to client, with the process number in BackendKeyData (K) replaced."""
    try:
        while True:
            head = await reader.readexactly(5)
            body = await reader.readexactly(int.from_bytes(head[1:], "big") - 4)
            if head[:1] == b"K":
                body = (1).to_bytes(4, "big") + body[4:]
            writer.write(head + body)
    except asyncio.IncompleteReadError:
        writer.close()
