"""A peer in a process of its own: its libraries are none of ours."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Program:
    """A script that says "ready", and is then driven line by line. needs are files without which it cannot run:
    `make bench` installs them where it can.
    """

    name: str
    command: Sequence[str | Path]
    needs: Sequence[Path]

    @property
    def is_installed(self) -> bool:
        return all(path.exists() for path in self.needs)


class Peer:
    """Answers how many durable events a second it makes."""

    def __init__(self, name: str, process: asyncio.subprocess.Process) -> None:
        self._name = name
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
            raise RuntimeError(f"{self._name} ended with {await self._process.wait()}")
        return answer.decode().strip()


@asynccontextmanager
async def open_peers(
    programs: Sequence[Program], login: Mapping[str, str]
) -> AsyncIterator[dict[str, Peer]]:
    """Those that are installed, by name. login is what their environment says of Postgres."""
    async with AsyncExitStack() as stack:
        installed = [program for program in programs if program.is_installed]
        yield {one.name: await stack.enter_async_context(_open(one, login)) for one in installed}


@asynccontextmanager
async def _open(program: Program, login: Mapping[str, str]) -> AsyncIterator[Peer]:
    process = await asyncio.create_subprocess_exec(
        *program.command,
        env={**os.environ, **login, "PYTHONPATH": ""},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    peer = Peer(program.name, process)
    try:
        await peer.hear()
        yield peer
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
