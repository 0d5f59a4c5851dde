"""A log on real Postgres: its connections, and commands in few words."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

import asyncpg

from genjin.event import Actor, Change, Fact, RecordedEvent
from genjin.identifiers import new_id
from genjin.log.append import Append, AppendResult, IdempotentAnswer, NewEvent, append
from genjin.log.group_commit import GroupCommit
from genjin.log.reading import read_tail
from genjin.log.wakeup import Wakeup
from genjin.postgres import connection_settings, create_pool
from tests.databases import Database

ACTOR = Actor("person", UUID(int=7), "赵敏", "sales_manager")


class Noted(Fact):
    """A fact of no noun: the log does not care what it keeps."""

    type: ClassVar[str] = "test.noted"
    text: str


def command(stream: str, version: int, *texts: str, **options: Any) -> Append:
    """An append of one event per text. key, answer and fingerprint make it idempotent."""
    key = options.pop("key", None)
    fingerprint = options.pop("fingerprint", b"same request")
    return Append(
        stream=stream,
        expected_version=version,
        actor=ACTOR,
        request_id="request-1",
        correlation_id="correlation-1",
        events=options.pop("events", None) or [event(text) for text in texts],
        answer=IdempotentAnswer(key, fingerprint, 201, None, '{"ok":true}') if key else None,
        **options,
    )


def event(text: str, identifier: UUID | None = None) -> NewEvent:
    changes = [Change("/text", None, text)]
    return NewEvent(identifier or new_id(), Noted(text=text), datetime.now(UTC), changes)


def as_calls(commands: list[Append]) -> list[list[Append]]:
    """As few calls as may be: each stream and each key is in a call once."""
    made: list[list[Append]] = []
    for each in commands:
        last = made[-1] if made else []
        streams = {other.stream for other in last}
        keys = {other.idempotency for other in last if other.idempotency}
        if not made or each.stream in streams or each.idempotency in keys:
            made.append([each])
        else:
            last.append(each)
    return made


def chained(previous: bytes, first: int, last: int, leaves: list[bytes]) -> bytes:
    """A commit's hash as it is documented."""
    place = first.to_bytes(8, "big") + last.to_bytes(8, "big")
    return hashlib.sha256(previous + place + b"".join(leaves)).digest()


def genesis(workspace_id: UUID) -> bytes:
    return hashlib.sha256(f"genjin.log {workspace_id}".encode()).digest()


@dataclass(frozen=True, slots=True)
class Log:
    """One workspace's log, written and read in the rights of the API."""

    workspace_id: UUID
    database: Database
    pool: asyncpg.Pool

    async def append(self, *commands: Append) -> list[AppendResult]:
        return await append(self.pool, self.workspace_id, commands)

    async def events(self) -> list[RecordedEvent]:
        return await read_tail(self.pool, self.workspace_id, 0, 100_000)

    async def texts(self) -> list[str]:
        """What every event says, in the order of the log."""
        rows = await self.pool.fetch(
            "SELECT body::json->'data'->>'text' FROM event WHERE workspace_id = $1 ORDER BY position",
            self.workspace_id,
        )
        return [row[0] for row in rows]

    async def count(self, table: str) -> int:
        query = f"SELECT count(*) FROM genjin.{table} WHERE workspace_id = $1"
        found: int = await self.pool.fetchval(query, self.workspace_id)
        return found

    async def until_somebody_waits(self) -> None:
        """Until an append stands in front of the log's lock."""
        query = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        for _ in range(1000):
            if await self.pool.fetchval(query):
                return
            await asyncio.sleep(0.01)
        raise AssertionError("nobody waits for the log's lock")

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection of its own, with the rights and limits of the API."""
        settings = connection_settings("genjin_api")
        connection = await asyncpg.connect(self.database.api_url, server_settings=settings)
        try:
            yield connection
        finally:
            await connection.close()

    @asynccontextmanager
    async def group_commit(self, connections: int = 4, **limits: Any) -> AsyncIterator[GroupCommit]:
        """The writer of another process, as far as Postgres can tell."""
        pool = await create_pool(self.database.api_url, "genjin_api", connections)
        wakeup = Wakeup(self.pool)
        given = {"batch_max": 64, "queue_max": 2000, "timeout_seconds": 30.0} | limits
        writer = GroupCommit(pool, wakeup, **given)
        try:
            yield writer
        finally:
            await writer.close()
            await wakeup.close()
            await asyncio.wait_for(pool.close(), 10)


def new_log(database: Database, pool: asyncpg.Pool) -> Log:
    return Log(uuid4(), database, pool)
