"""A long log put into the tables at once: bodies, leaf hashes and the chain of commits as genjin.append() makes them,
but as superuser and by COPY, a million events in about a minute.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from genjin.canonical import instant
from genjin.log.chain import commit_hash, genesis_hash
from genjin.log.reading import read_head
from genjin_api.people.keys import SHOWN_CHARACTERS, key_hash, new_key
from tests.bench.made_log.life import Command, Life
from tests.bench.made_log.scripts import CORRELATION, POSITION, RECORDED_AT, REQUEST, VERSION
from tests.bench.made_log.words import PEOPLE_NAMES

YEARS = timedelta(days=730)
ENDED_AGO = timedelta(days=1)  # so that whatever is appended to it comes later
COMMIT_EVENTS_MAX = 30
COMMIT_EVENTS_MEAN = 4
PAGE_EVENTS = 20_000

_EVENT_COLUMNS = (
    "workspace_id", "position", "stream", "version", "id", "type", "schema_version", "actor_id", "actor_role",
    "occurred_at", "recorded_at", "request_id", "correlation_id", "body", "leaf_hash",
)  # fmt: skip
_COMMIT_COLUMNS = (
    "workspace_id", "last_position", "first_position", "recorded_at", "previous_hash", "hash",
)  # fmt: skip

# The rows that tell the API who its caller is.
_CALLER = """
WITH workspace AS (
    INSERT INTO genjin.workspace (workspace_id, name, time_zone, version, created_at)
    VALUES ($1, '测量', 'Asia/Shanghai', 1, $5)
), person AS (
    INSERT INTO genjin.person (workspace_id, id, name, workspace_role, active, version, created_at)
    VALUES ($1, $2, $6, 'owner', true, 1, $5)
), api_key AS (
    INSERT INTO genjin.api_key (workspace_id, id, person_id, name, prefix, created_at, version)
    VALUES ($1, $3, $2, 'key', $7, $5, 1)
)
INSERT INTO genjin.api_key_secret (workspace_id, key_id, hash) VALUES ($1, $3, $4)
"""


@dataclass(frozen=True, slots=True)
class MadeLog:
    """key is the API key of its owner."""

    workspace_id: UUID
    events: int
    key: str


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of genjin.event and genjin.commit."""

    events: list[tuple[Any, ...]]
    commits: list[tuple[Any, ...]]


async def make_log(url: str, events: int, seed: int) -> MadeLog:
    """A workspace with a log of so many events, or a few more, for its last command is whole. They were recorded over
    two years. url is the superuser's.
    """
    workspace_id, key = uuid4(), new_key()
    began = datetime.now(UTC) - ENDED_AGO - YEARS
    life = Life(seed, workspace_id, began)
    pages = _pages(life, key, workspace_id, events)
    connection = await asyncpg.connect(url)
    try:
        coming = asyncio.create_task(asyncio.to_thread(next, pages, None))
        while page := await coming:
            coming = asyncio.create_task(asyncio.to_thread(next, pages, None))
            await _copy(connection, page)
        names = PEOPLE_NAMES[0], key[:SHOWN_CHARACTERS]
        ids = workspace_id, UUID(life.people[0]), UUID(life.key_id)
        await connection.execute(_CALLER, *ids, key_hash(key), began, *names)
        await connection.execute("VACUUM (ANALYZE) genjin.event, genjin.commit")
        head = await read_head(connection, workspace_id)
    finally:
        await connection.close()
    return MadeLog(workspace_id, head.position, key)


async def _copy(connection: asyncpg.Connection, page: Page) -> None:
    async with connection.transaction():
        for table, columns, rows in (
            ("event", _EVENT_COLUMNS, page.events),
            ("commit", _COMMIT_COLUMNS, page.commits),
        ):
            await connection.copy_records_to_table(
                table, records=rows, columns=columns, schema_name="genjin"
            )


def _pages(life: Life, key: str, workspace_id: UUID, events: int) -> Iterator[Page]:
    """Whole commits, until there are so many events, or a few more."""
    commands = life.commands(key[:SHOWN_CHARACTERS])
    page, last, head = Page([], []), 0, genesis_hash(workspace_id)
    began = life.moment
    while last < events:
        life.go_on_to(began + YEARS * (last / events))
        size = 1 + int(life.chance.expovariate(1 / COMMIT_EVENTS_MEAN))
        size = min(size, COMMIT_EVENTS_MAX, events - last)
        rows = _commit_rows(commands, workspace_id, life.moment, last, size)
        leaves = [row[-1] for row in rows]
        hash_ = commit_hash(head, last + 1, last + len(rows), leaves)
        page.commits.append((workspace_id, last + len(rows), last + 1, life.moment, head, hash_))
        page.events.extend(rows)
        last, head = last + len(rows), hash_
        if len(page.events) >= PAGE_EVENTS:
            yield page
            page = Page([], [])
    if page.events:
        yield page


def _commit_rows(
    commands: Iterator[Command], workspace_id: UUID, moment: datetime, last: int, size: int
) -> list[tuple[Any, ...]]:
    """The rows of one call's commands: about so many events, but never half a command."""
    recorded_at = instant(moment)
    positions = count(last + 1)
    rows: list[tuple[Any, ...]] = []
    while len(rows) < size:
        command = next(commands)
        words = command.words
        words[RECORDED_AT] = recorded_at
        for version, event in enumerate(command.events, command.version):
            position = next(positions)
            words[POSITION], words[VERSION] = str(position), str(version)
            body = event.filled(words)
            rows.append(
                (workspace_id, position, command.stream, version, words[event.id], event.type, event.schema_version,
                 command.actor, command.role, command.occurred_at, moment, words[REQUEST], words[CORRELATION], body,
                 sha256(b"\0" + body.encode()).digest())
            )  # fmt: skip
    return rows
