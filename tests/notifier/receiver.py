"""A receiver on loopback that does as it is told: refuses, hangs, drips, redirects; and remembers what came."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self

CLOSED = (ConnectionError, asyncio.IncompleteReadError)


@dataclass(frozen=True)
class Received:
    path: str
    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def event(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads(self.body)["data"]
        return data

    @property
    def project(self) -> str:
        return str(self.event["stream"]).removeprefix("project-")

    @property
    def version(self) -> int:
        return int(self.headers["webhook-sequence"])

    @property
    def previous(self) -> int:
        return int(self.headers["webhook-previous-sequence"])


@dataclass(frozen=True)
class Reply:
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"ok"
    wait_seconds: float = 0
    drip_seconds: float = 0  # between the bytes of the body


class Receiver:
    """Use as an async context manager. `reply` may be replaced at any time."""

    def __init__(self, reply: Callable[[Received], Reply] | None = None) -> None:
        self.received: list[Received] = []
        self.accepted: list[Received] = []
        self.reply = reply or (lambda _: Reply())
        self.connections = 0
        self.under_way = self.under_way_most = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = int(self._server.sockets[0].getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}/hook"
        self._connections: set[asyncio.StreamWriter] = set()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for writer in self._connections:
            writer.transport.abort()
        await self._server.wait_closed()

    def versions(self, project: str) -> list[int]:
        return [each.version for each in self.accepted if each.project == project]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections.add(writer)
        self.connections += 1
        with suppress(*CLOSED):
            while True:
                await self._answer(await _request(reader), writer)
        self._connections.discard(writer)
        writer.close()

    async def _answer(self, received: Received, writer: asyncio.StreamWriter) -> None:
        self.received.append(received)
        self.under_way += 1
        self.under_way_most = max(self.under_way, self.under_way_most)
        try:
            reply = self.reply(received)
            await asyncio.sleep(reply.wait_seconds)
            headers = {"content-length": str(len(reply.body))} | reply.headers
            lines = [f"HTTP/1.1 {reply.status} X", *(f"{k}: {v}" for k, v in headers.items())]
            if 200 <= reply.status < 300:
                self.accepted.append(received)
            writer.write("\r\n".join(lines).encode() + b"\r\n\r\n")
            for part in (
                [reply.body] if not reply.drip_seconds else [bytes([b]) for b in reply.body]
            ):
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(reply.drip_seconds)
        finally:
            self.under_way -= 1


async def _request(reader: asyncio.StreamReader) -> Received:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = dict(_header(line) for line in head[1:] if line)
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Received(head[0].split(" ")[1], headers, body, time.monotonic())


def _header(line: str) -> tuple[str, str]:
    name, _, value = line.partition(": ")
    return name.lower(), value


async def until(condition: Callable[[], bool | Awaitable[bool]], seconds: float = 20) -> None:
    """Return as soon as the condition holds; fail after so many seconds."""
    deadline = time.monotonic() + seconds
    while True:
        holds = condition()
        if holds if isinstance(holds, bool) else await holds:
            return
        assert time.monotonic() < deadline, f"not so within {seconds} s"
        await asyncio.sleep(0.01)
