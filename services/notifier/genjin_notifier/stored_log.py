"""What the sealer reads of a log, and checks before it signs: nothing stored beside an event's bytes is believed."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from genjin.log.checking import (
    EXPECTED_TEXT,
    check_commit_hash,
    check_commit_place,
    check_commit_time,
    check_events,
    unfollowing,
)
from genjin.log.reading import DamagedLogError

# For a WITH RECURSIVE: every workspace that has a log, each found by a step along the primary key, so that no table
# must be believed to list them all; and a null.
LOGGED = """
logged AS (
    (SELECT workspace_id FROM genjin.commit ORDER BY workspace_id LIMIT 1)
    UNION ALL
    SELECT (SELECT c.workspace_id FROM genjin.commit c WHERE c.workspace_id > l.workspace_id
             ORDER BY c.workspace_id LIMIT 1)
      FROM logged l WHERE l.workspace_id IS NOT NULL
)"""

# The commit that ends at a position, if one does, and those after it.
_COMMITS = """
SELECT first_position, last_position, recorded_at::text AS recorded_at, previous_hash, hash FROM genjin.commit
 WHERE workspace_id = $1 AND last_position >= $2 ORDER BY last_position LIMIT $3
"""

_EVENTS = f"""
SELECT position, type, recorded_at::text AS recorded_at, body, leaf_hash, {EXPECTED_TEXT} FROM genjin.event
 WHERE workspace_id = $1 AND position > $2 AND position <= $3 ORDER BY position
"""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Whole commits that follow what is sealed, checked. more: there are others behind them."""

    last_position: int
    commit_hash: bytes
    leaf_hashes: list[bytes]
    event_types: set[str]
    more: bool


async def read_stretch(
    database: asyncpg.Pool, workspace_id: UUID, size: int, commit_hash: bytes, events_max: int
) -> Stretch | None:
    """The next commits after position `size`, which ends the commit of this hash: one at the least, about events_max
    events at the most. None when there is none. Raises DamagedLogError.
    """
    rows = await database.fetch(_COMMITS, workspace_id, size, events_max + 2)
    if size > 0:
        if not rows or rows[0]["last_position"] != size or rows[0]["hash"] != commit_hash:
            raise DamagedLogError(f"position {size}: the commit that was sealed is not in the log")
        rows = rows[1:]
    taken = [row for row in rows if row["last_position"] - size <= events_max] or rows[:1]
    if not taken:
        return None
    _check_places(taken, size)
    last = taken[-1]["last_position"]
    events = await _read(database, workspace_id, size, last)
    leaves = await check_events(database, workspace_id, events)
    return Stretch(
        last_position=last,
        commit_hash=_check_chain(taken, events, leaves, size, commit_hash),
        leaf_hashes=leaves,
        event_types={event["type"] for event in events},
        more=len(rows) > len(taken),
    )


async def read_leaves(
    database: asyncpg.Pool, workspace_id: UUID, after: int, last: int
) -> list[bytes]:
    """Leaf hashes of stored events, computed from their bytes. Raises DamagedLogError."""
    events = await _read(database, workspace_id, after, last)
    return await check_events(database, workspace_id, events)


async def _read(
    database: asyncpg.Pool, workspace_id: UUID, after: int, last: int
) -> list[asyncpg.Record]:
    events: list[asyncpg.Record] = await database.fetch(_EVENTS, workspace_id, after, last)
    for position, event in enumerate(events, after + 1):
        if event["position"] != position:
            raise DamagedLogError(f"position {position}: there is no event")
    if len(events) != last - after:
        raise DamagedLogError(f"position {after + len(events) + 1}: there is no event")
    return events


def _check_places(commits: Sequence[asyncpg.Record], size: int) -> None:
    position = size
    for commit in commits:
        if commit["first_position"] != position + 1:
            raise unfollowing(position + 1)
        position = commit["last_position"]


def _check_chain(
    commits: Sequence[asyncpg.Record],
    events: Sequence[asyncpg.Record],
    leaves: Sequence[bytes],
    size: int,
    commit_hash: bytes,
) -> bytes:
    """The hash of the last commit, each having been found to follow the one before and to be of its events' time."""
    head, position = commit_hash, size
    for commit in commits:
        check_commit_place(commit, position, head)
        place = slice(position - size, commit["last_position"] - size)
        times = {event["recorded_at"] for event in events[place]}
        head = check_commit_hash(commit, leaves[place])
        check_commit_time(commit, times == {commit["recorded_at"]})
        position = commit["last_position"]
    return head
