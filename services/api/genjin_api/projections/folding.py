"""Folding whole streams from the log, page by page: what is held in memory is one page and one state."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

import asyncpg

from genjin.event import RecordedEvent, identifier_in
from genjin_api.streams import Rows, StreamKind

PAGE_EVENTS_MAX = 5000
VERSION_MAX = 2**31 - 1

Page = Sequence[asyncpg.Record]

# Where every log ends: one jump per workspace along the primary key, not a scan of all commits.
_HEADS = """
WITH RECURSIVE log AS (
    (SELECT workspace_id, last_position, hash FROM genjin.commit
      ORDER BY workspace_id DESC, last_position DESC LIMIT 1)
    UNION ALL
    SELECT following.* FROM log, LATERAL (
        SELECT c.workspace_id, c.last_position, c.hash FROM genjin.commit c
         WHERE c.workspace_id < log.workspace_id ORDER BY c.workspace_id DESC, c.last_position DESC LIMIT 1
    ) following
)
SELECT workspace_id, last_position, hash FROM log
"""

# A workspace's events stream by stream, after ($2, $3).
_BY_STREAM = """
SELECT position, stream, version, type, body, leaf_hash FROM genjin.event
 WHERE workspace_id = $1 AND (stream, version) > ($2, $3) ORDER BY stream, version LIMIT $4
"""

# The same, up to the stream $5.
_UP_TO = """
SELECT position, stream, version, type, body, leaf_hash FROM genjin.event
 WHERE workspace_id = $1 AND (stream, version) > ($2, $3) AND stream <= $5 ORDER BY stream, version LIMIT $4
"""

# The same, of some streams only.
_OF_STREAMS = """
SELECT position, stream, version, type, body, leaf_hash FROM genjin.event
 WHERE workspace_id = $1 AND (stream, version) > ($2, $3) AND stream = ANY ($5::text[])
 ORDER BY stream, version LIMIT $4
"""

# The streams that have moved since a position.
_MOVED = """
SELECT DISTINCT stream FROM genjin.event WHERE workspace_id = $1 AND position > $2 ORDER BY stream
"""


@dataclass(frozen=True, slots=True)
class LogHead:
    workspace_id: UUID
    position: int
    commit_hash: bytes


@dataclass(frozen=True, slots=True)
class StreamRange:
    """The streams with names in (after, up_to]; up_to None: to the last."""

    after: str = ""
    up_to: str | None = None


@dataclass(frozen=True, slots=True)
class Folded:
    """A stream's noun and entity, and the rows of its state by table."""

    noun: str
    identifier: UUID
    rows: Rows


class FoldError(Exception):
    """An event that this release cannot fold; names where it stands."""


async def read_heads(connection: asyncpg.Connection) -> dict[UUID, LogHead]:
    return {row[0]: LogHead(*row) for row in await connection.fetch(_HEADS)}


async def moved_streams(
    connection: asyncpg.Connection, workspace_id: UUID, after_position: int
) -> list[str]:
    return [row[0] for row in await connection.fetch(_MOVED, workspace_id, after_position)]


async def fold_streams(
    connection: asyncpg.Connection,
    workspace_id: UUID,
    kinds: Mapping[str, StreamKind[Any]],
    count: Callable[[int], None],
    streams: Sequence[str] | StreamRange,
    *,
    ahead: bool = False,
) -> AsyncGenerator[Folded, None]:
    """The streams of the kinds as they stand now. count is told how many events were read.

    ahead: the next page is asked for while one is folded; nothing else may use the connection meanwhile.
    """
    stream, state = "", None
    past: Rows = {}
    pages_of = _pages_ahead if ahead else _pages
    async with aclosing(pages_of(connection, workspace_id, streams)) as pages:
        async for page in pages:
            for name, events in groupby(page, key=itemgetter("stream")):
                if name != stream:
                    if folded := _folded(stream, state, past, kinds):
                        yield folded
                    stream, state, past = name, None, {}
                if kind := kinds.get(_noun(name)):
                    told = [RecordedEvent(*row) for row in events]
                    state, added = _fold(kind, workspace_id, state, told)
                    for table, rows in added.items():
                        past.setdefault(table, []).extend(rows)
            count(len(page))
    if folded := _folded(stream, state, past, kinds):
        yield folded


def _ask(
    connection: asyncpg.Connection,
    workspace_id: UUID,
    streams: Sequence[str] | StreamRange,
    after: tuple[str, int],
) -> Awaitable[Page]:
    if not isinstance(streams, StreamRange):
        return connection.fetch(_OF_STREAMS, workspace_id, *after, PAGE_EVENTS_MAX, streams)
    if streams.up_to is None:
        return connection.fetch(_BY_STREAM, workspace_id, *after, PAGE_EVENTS_MAX)
    return connection.fetch(_UP_TO, workspace_id, *after, PAGE_EVENTS_MAX, streams.up_to)


async def _pages(
    connection: asyncpg.Connection, workspace_id: UUID, streams: Sequence[str] | StreamRange
) -> AsyncGenerator[Page, None]:
    after = _beginning(streams)
    while page := await _ask(connection, workspace_id, streams, after):
        yield page
        after = page[-1]["stream"], page[-1]["version"]


async def _pages_ahead(
    connection: asyncpg.Connection, workspace_id: UUID, streams: Sequence[str] | StreamRange
) -> AsyncGenerator[Page, None]:
    coming = asyncio.ensure_future(_ask(connection, workspace_id, streams, _beginning(streams)))
    try:
        while page := await coming:
            after = page[-1]["stream"], page[-1]["version"]
            coming = asyncio.ensure_future(_ask(connection, workspace_id, streams, after))
            await asyncio.sleep(0)  # sends the question before the folding begins
            yield page
    finally:
        coming.cancel()


def _beginning(streams: Sequence[str] | StreamRange) -> tuple[str, int]:
    return (streams.after, VERSION_MAX) if isinstance(streams, StreamRange) else ("", 0)


def _noun(stream: str) -> str:
    return stream.partition("-")[0]


def _fold(
    kind: StreamKind[Any], workspace_id: UUID, state: Any, events: list[RecordedEvent]
) -> tuple[Any, Rows]:
    try:
        return kind.fold_with_past(state, events)
    except Exception as error:  # whatever it is: without the place nobody could find it
        first, last = events[0], events[-1]
        raise FoldError(
            f"{first.stream} of workspace {workspace_id} cannot be folded between the versions {first.version} and"
            f" {last.version} by this release: {type(error).__name__}: {error}"
        ) from error


def _folded(
    stream: str, state: Any, past: Rows, kinds: Mapping[str, StreamKind[Any]]
) -> Folded | None:
    if state is None:
        return None
    noun = _noun(stream)
    return Folded(noun, identifier_in(stream), kinds[noun].rows(None, state) | past)
