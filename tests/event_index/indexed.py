"""A log with an index of two blocks and a third one to come, whoever tampers with it, and whoever mends it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import structlog
from typer.testing import CliRunner

from genjin.event_index.halting import empty_index
from genjin.event_index.writing import index_block
from genjin.history.filter import EventFilter
from genjin.history.phrase import parse_phrase
from genjin.postgres import create_pool
from genjin_api.command_line import cli
from genjin_api.history.search import find
from genjin_notifier.index_checker import IndexChecker
from tests.databases import Database
from tests.evidence.sealed_log import notifier_settings
from tests.history.lived import Asked, Chance, Event, Lived, naive, read_all

BLOCKS = 2

# A tag of the index of each kind, alone and excluded.
QUESTIONS = (
    Asked("type:risk.assessed", lambda e: e["type"] == "risk.assessed"),
    Asked("role:marketer", lambda e: e["actor"]["role"] == "marketer"),
    Asked("role:marketer", lambda e: e["actor"]["role"] == "marketer", negated=True),
    Asked("request_id:request-900", lambda e: e["request_id"] == "request-900"),
    Asked("after:华北", lambda c: c["after"] == "华北", of_change=True),
    Asked("after:17", lambda c: c["after"] == 17, of_change=True),
    Asked("occurred:2025-03-01..", lambda e: e["occurred_at"] >= "2025-03-01"),
)

ROWS = "SELECT level, tag, block, positions FROM genjin.event_tag WHERE workspace_id = $1 ORDER BY 1, 2, 3"

Tamper = Callable[["IndexedLog"], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Ended:
    exit_code: int
    said: str


@dataclass
class IndexedLog:
    """Written, tampered with and mended in the rights of the owner, checked in those of the notifier."""

    database: Database
    owner: asyncpg.Pool
    api: asyncpg.Pool
    notifier: asyncpg.Pool
    lived: Lived
    events: list[Event]
    answers: dict[str, list[int]]

    @property
    def workspace_id(self) -> UUID:
        return self.lived.workspace_id

    async def tamper(self, statement: str, *arguments: Any) -> int:
        """$1 is the workspace. How many rows were changed."""
        status = await self.owner.execute(statement, self.workspace_id, *arguments)
        return int(status.rpartition(" ")[2])

    async def tamper_with_log(self, statement: str, *arguments: Any) -> int:
        """The same, past the triggers."""
        async with self.owner.acquire() as connection, connection.transaction():
            await connection.execute("SET LOCAL session_replication_role = replica")
            status = await connection.execute(statement, self.workspace_id, *arguments)
        return int(status.rpartition(" ")[2])

    async def begin(self) -> None:
        """A sound index of two blocks, whatever was done to it."""
        async with self.owner.acquire() as connection:
            await empty_index(connection, self.workspace_id)
        for _ in range(BLOCKS):
            assert await index_block(self.owner, self.workspace_id)

    async def row(self, tag: str, block: int = 0) -> bytes:
        found: bytes = await self.owner.fetchval(
            "SELECT positions FROM genjin.event_tag WHERE workspace_id = $1 AND tag = $2 AND block = $3",
            self.workspace_id,
            tag,
            block,
        )
        return found

    async def put(self, tag: str, positions: bytes, block: int = 0) -> int:
        return await self.tamper(
            "INSERT INTO genjin.event_tag VALUES ($1, 0, $2, $3, $4)"
            " ON CONFLICT (workspace_id, level, tag, block) DO UPDATE SET positions = $4",
            tag,
            block,
            positions,
        )

    async def rows(self) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await self.owner.fetch(ROWS, self.workspace_id)]

    async def check(self) -> list[dict[str, Any]]:
        """A whole round of the notifier's checker; what it says."""
        settings = notifier_settings(self.database).model_copy(update={"scrub_pause_seconds": 0.0})
        with structlog.testing.capture_logs() as said:
            await IndexChecker(settings, self.notifier).check(self.workspace_id)
        assert {each["event"] for each in said} <= {"event_index_halted", "index_not_checked"}
        return [dict(each) for each in said]

    async def wrong_answers(self) -> list[str]:
        """Questions that the history does not answer with every event that matches."""
        return [
            one.phrase
            for one in QUESTIONS
            if await self._found(one.phrase) != self.answers[one.phrase]
        ]

    async def _found(self, phrase: str) -> list[int]:
        asked = parse_phrase(phrase)
        assert isinstance(asked, EventFilter)
        positions: list[int] = []
        after = None
        for _ in range(200):
            page = await find(self.api, self.workspace_id, asked, "asc", after, 200)
            positions += [event.position for event in page.events]
            if (after := page.place) is None:
                return positions
        raise AssertionError("the pages have no end")

    async def index(self, *arguments: str) -> Ended:
        """genjin-api index … --workspace, in a thread of its own."""
        runner = CliRunner(env={"DATABASE_URL": self.database.admin_url, "COLUMNS": "200"})
        told = ["index", *arguments, "--workspace", str(self.workspace_id)]
        ended = await asyncio.to_thread(runner.invoke, cli, told)
        assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
        return Ended(ended.exit_code, ended.output)


async def make_indexed_log(database: Database) -> IndexedLog:
    owner = await create_pool(database.admin_url, "postgres", 4)
    api = await create_pool(database.api_url, "genjin_api", 2)
    notifier = await create_pool(database.notifier_url, "genjin_notifier", 3)
    lived = Lived(Chance(20260404), owner, uuid4())
    await lived.live(42)
    events = await read_all(owner, lived.workspace_id)
    assert len(events) >= (BLOCKS + 1) * 1024
    answers = {one.phrase: naive([one], events) for one in QUESTIONS}
    return IndexedLog(database, owner, api, notifier, lived, events, answers)
