"""A peer in a process of its own, with a virtual environment of its own: its libraries are none of ours."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

SCRIPT = Path(__file__).parent / "eventsourcing_appends.py"
PYTHON = Path(__file__).resolve().parents[3] / ".venv-peers" / "bin" / "python"
NAME = "eventsourcing"


class Peer:
    """Answers how many durable events a second it makes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def rate(self, callers: int, batch: int, seconds: float) -> float:
        return float(await self._ask(f"{callers} {batch} {seconds}"))

    async def _ask(self, line: str) -> str:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())
        await self._process.stdin.drain()
        return await self.hear()

    async def hear(self) -> str:
        assert self._process.stdout is not None
        answer = await self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{NAME} ended with {await self._process.wait()}")
        return answer.decode().strip()


@asynccontextmanager
async def open_peer(url: str) -> AsyncIterator[Peer | None]:
    """None where `make bench` has not installed it."""
    if not PYTHON.exists():
        yield None
        return
    parts = urlsplit(url)
    login = {
        "POSTGRES_DBNAME": parts.path.lstrip("/"),
        "POSTGRES_HOST": parts.hostname or "",
        "POSTGRES_PORT": str(parts.port),
        "POSTGRES_USER": parts.username or "",
        "POSTGRES_PASSWORD": parts.password or "",
    }
    process = await asyncio.create_subprocess_exec(
        str(PYTHON),
        str(SCRIPT),
        env={**os.environ, **login, "PYTHONPATH": ""},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    peer = Peer(process)
    try:
        await peer.hear()
        yield peer
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
