"""Reading the log: a stream for its state, the whole log from a position on for its readers."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from genjin.event import RecordedEvent

_COLUMNS = "position, stream, version, type, body, leaf_hash"

# The events of one stream after a version, oldest first.
_STREAM = f"""
SELECT {_COLUMNS} FROM genjin.event
 WHERE workspace_id = $1 AND stream = $2 AND version > $3 ORDER BY version LIMIT $4
"""

# The events of one stream between two versions, the first not included.
_STREAM_PART = f"""
SELECT {_COLUMNS} FROM genjin.event
 WHERE workspace_id = $1 AND stream = $2 AND version > $3 AND version <= $4 ORDER BY version
"""

# The same, and before them the leaf hash of the event at the first version.
_STREAM_PART_PROVEN = f"""
SELECT {_COLUMNS.replace("body", "CASE WHEN version > $3 THEN body END")} FROM genjin.event
 WHERE workspace_id = $1 AND stream = $2 AND version >= $3 AND version <= $4 ORDER BY version
"""

# The log after a position. Nothing at or below a position that was served ever appears later.
_TAIL = f"""
SELECT {_COLUMNS} FROM genjin.event
 WHERE workspace_id = $1 AND position > $2 ORDER BY position LIMIT $3
"""

_RANGE = f"""
SELECT {_COLUMNS} FROM genjin.event
 WHERE workspace_id = $1 AND position BETWEEN $2 AND $3 ORDER BY position
"""

_HEAD = "SELECT last_position, hash FROM genjin.commit WHERE workspace_id = $1 ORDER BY last_position DESC LIMIT 1"

_COMMIT_HASH = "SELECT hash FROM genjin.commit WHERE workspace_id = $1 AND last_position = $2"

# Where each log ends. One look for all workspaces, on the primary key.
_HEADS = """
SELECT asked.workspace_id, head.last_position, head.hash
  FROM unnest($1::uuid[]) AS asked (workspace_id)
  LEFT JOIN LATERAL (SELECT c.last_position, c.hash FROM genjin.commit c
                      WHERE c.workspace_id = asked.workspace_id ORDER BY c.last_position DESC LIMIT 1) head ON true
"""

STREAM_PAGE_EVENTS_MAX = 5000

Reading = asyncpg.Pool | asyncpg.Connection | PoolConnectionProxy


class DamagedLogError(Exception):
    """The log has no event at a position below one it has, or is not the log that its reader stood on."""


class ForkedLogError(DamagedLogError):
    """The log has another event at the position where a reader stood, or none: what follows is not what it missed."""

    def __init__(self, position: int) -> None:
        super().__init__(
            f"the log has another event at {position} than the one that was read, or none: it was restored or forked."
            " Go on from an earlier place that it still has, or read it again from its beginning"
        )
        self.position = position


class ForkedStreamError(Exception):
    """A stream does not have the event up to which it was folded: its log was restored or forked."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest commit of a log: its last position and its chained hash. Position 0 and no hash: an empty log."""

    position: int
    commit_hash: bytes


async def read_stream(
    database: Reading, workspace_id: UUID, stream: str, after_version: int = 0
) -> list[RecordedEvent]:
    """Every event of a stream after a version, read in pages."""
    events: list[RecordedEvent] = []
    while True:
        version = events[-1].version if events else after_version
        page = await database.fetch(_STREAM, workspace_id, stream, version, STREAM_PAGE_EVENTS_MAX)
        events += [RecordedEvent(*row) for row in page]
        if len(page) < STREAM_PAGE_EVENTS_MAX:
            return events


async def read_stream_part(
    database: Reading, workspace_id: UUID, stream: str, after_version: int, to_version: int
) -> list[RecordedEvent]:
    """The events of a stream after one version up to another: at most their difference."""
    rows = await database.fetch(_STREAM_PART, workspace_id, stream, after_version, to_version)
    return [RecordedEvent(*row) for row in rows]


async def read_stream_part_proven(
    database: Reading,
    workspace_id: UUID,
    stream: str,
    after: tuple[int, bytes],
    to_version: int,
) -> list[RecordedEvent]:
    """The same after a version whose event had this leaf hash. Raises ForkedStreamError where it is another one now."""
    version, leaf_hash = after
    query = _STREAM_PART_PROVEN
    rows = await database.fetch(query, workspace_id, stream, version, to_version)
    if not rows or rows[0]["leaf_hash"] != leaf_hash:
        raise ForkedStreamError(f"{stream} has another event of version {version}, or none")
    return [RecordedEvent(*row) for row in rows[1:]]


async def read_tail(
    database: Reading, workspace_id: UUID, after_position: int, limit: int
) -> list[RecordedEvent]:
    """At most `limit` events after a position, in order."""
    rows = await database.fetch(_TAIL, workspace_id, after_position, limit)
    return [RecordedEvent(*row) for row in rows]


async def read_range(
    database: Reading, workspace_id: UUID, first: int, last: int
) -> list[RecordedEvent]:
    """The events of one commit."""
    rows = await database.fetch(_RANGE, workspace_id, first, last)
    return [RecordedEvent(*row) for row in rows]


async def read_head(database: Reading, workspace_id: UUID) -> Head:
    row = await database.fetchrow(_HEAD, workspace_id)
    return Head(row["last_position"], row["hash"]) if row else Head(0, b"")


async def read_heads(database: Reading, workspaces: Sequence[UUID]) -> list[tuple[UUID, Head]]:
    rows = await database.fetch(_HEADS, workspaces)
    return [(id_, Head(position or 0, hash_ or b"")) for id_, position, hash_ in rows]


async def commit_hash_at(database: Reading, workspace_id: UUID, position: int) -> bytes | None:
    """The hash of the commit that ends at a position; None where no commit ends there (a fork, a restore)."""
    hash_: bytes | None = await database.fetchval(_COMMIT_HASH, workspace_id, position)
    return hash_
