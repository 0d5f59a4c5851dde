"""A log in pages, each proven in the statement that reads it to be of the log in which its reader stands.

Where a reader stands it knows by the hash of a commit, and that hash is over all commits before it. So as long as the
log has this commit, it has everything that the reader has read; a log that was cut off and rewritten does not have it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from genjin.event import RecordedEvent
from genjin.log.reading import DamagedLogError, ForkedLogError, Head

_EVENT = "position, stream, version, type, body, leaf_hash"
_COMMIT = "first_position, last_position, previous_hash, hash"

# Events, each with the commit that it is in; before them whether the log has the commit $2 of the hash $3. Where it has
# not there are none.
_PROVEN = f"""
WITH stood AS (
    SELECT $2::bigint = 0
        OR EXISTS (SELECT FROM genjin.commit WHERE workspace_id = $1 AND last_position = $2 AND hash = $3) AS here
)
SELECT stood.here, page.*
  FROM stood LEFT JOIN (
       SELECT e.*, c.* FROM ({{events}}) AS e
         LEFT JOIN LATERAL (SELECT {_COMMIT} FROM genjin.commit
                             WHERE workspace_id = $1 AND last_position >= e.position
                             ORDER BY last_position LIMIT 1) AS c ON true
       ) AS page ON stood.here
 ORDER BY page.position
"""

# The log after a position.
_PAGE = _PROVEN.format(
    events=f"""
    SELECT {_EVENT} FROM genjin.event WHERE workspace_id = $1 AND position > $4 ORDER BY position LIMIT $5"""
)

# A stream's next events up to a position: what a lane still has to send before it joins the tail.
_LANE = _PROVEN.format(
    events=f"""
    SELECT {_EVENT} FROM genjin.event
     WHERE workspace_id = $1 AND stream = $4 AND version > $5 AND position <= $6 ORDER BY version LIMIT $7"""
)

# The commit that a position is in.
_COMMIT_OF = f"""
SELECT {_COMMIT} FROM genjin.commit
 WHERE workspace_id = $1 AND last_position >= $2 ORDER BY last_position LIMIT 1
"""

_HAS_COMMIT = """
SELECT EXISTS (SELECT FROM genjin.commit WHERE workspace_id = $1 AND last_position = $2 AND hash = $3)
"""


@dataclass(frozen=True, slots=True)
class CommitEnd:
    """Where a commit ends, and its hash. At position 0 no commit has been."""

    position: int = 0
    hash: bytes = b""


@dataclass(frozen=True, slots=True)
class Commit:
    first_position: int
    last_position: int
    previous_hash: bytes
    hash: bytes

    @property
    def end(self) -> CommitEnd:
        return CommitEnd(self.last_position, self.hash)

    @property
    def before(self) -> CommitEnd:
        """Where the commit before it ends."""
        first = self.first_position == 1
        return CommitEnd() if first else CommitEnd(self.first_position - 1, self.previous_hash)


@dataclass(frozen=True, slots=True)
class Place:
    """A position and the commit that the event there is in; at the log's beginning there is none."""

    position: int = 0
    commit: Commit | None = None

    @property
    def proof(self) -> CommitEnd:
        """What the log must have, that it is the one in which this place is."""
        return CommitEnd() if self.commit is None else self.commit.end

    @property
    def settled(self) -> CommitEnd:
        """The end of the last commit that lies wholly at or before the place."""
        if self.commit is None or self.commit.last_position == self.position:
            return self.proof
        return self.commit.before


Found = tuple[RecordedEvent, Commit]


async def read_page(
    database: asyncpg.Pool, workspace_id: UUID, after: Place, limit: int
) -> list[Found]:
    """At most `limit` events after a place, in order. Raises ForkedLogError where the log does not have the place,
    DamagedLogError.
    """
    found = await _read(database, _PAGE, workspace_id, after, after.position, limit)
    for expected, (event, _) in enumerate(found, after.position + 1):
        if event.position != expected:
            raise DamagedLogError(f"no event at position {expected}, but one at {event.position}")
    return found


async def read_lane(
    database: asyncpg.Pool,
    workspace_id: UUID,
    up_to: Place,
    stream: str,
    after_version: int,
    limit: int,
) -> list[Found]:
    """A stream's events after a version up to a place. Raises as read_page."""
    asked = stream, after_version, up_to.position, limit
    return await _read(database, _LANE, workspace_id, up_to, *asked)


async def place_at(database: asyncpg.Pool, workspace_id: UUID, position: int) -> Place | None:
    """None where the log does not reach so far."""
    if position == 0:
        return Place()
    row = await database.fetchrow(_COMMIT_OF, workspace_id, position)
    return None if row is None else Place(position, Commit(*row))


async def refuse_fork(database: asyncpg.Pool, workspace_id: UUID, known: CommitEnd) -> None:
    """Raises ForkedLogError where the log does not have the commit."""
    if known.position == 0:
        return
    if not await database.fetchval(_HAS_COMMIT, workspace_id, known.position, known.hash):
        raise ForkedLogError(known.position)


def ends_at(place: Place, head: Head) -> bool:
    """Whether a log with this head has nothing more behind the place, and is the one in which the place is."""
    return place.settled == CommitEnd(head.position, head.commit_hash) == place.proof


async def _read(
    database: asyncpg.Pool, query: str, workspace_id: UUID, place: Place, *asked: object
) -> list[Found]:
    proof = place.proof
    rows = await database.fetch(query, workspace_id, proof.position, proof.hash, *asked)
    if not rows[0]["here"]:
        raise ForkedLogError(proof.position)
    return _found(rows if rows[0]["position"] is not None else [])


def _found(rows: Sequence[asyncpg.Record]) -> list[Found]:
    """The events of a commit share it."""
    found: list[Found] = []
    commit = None
    for _, *columns in rows:
        event, (first, last, *hashes) = RecordedEvent(*columns[:6]), columns[6:]
        if first is None or first > event.position:
            raise DamagedLogError(f"position {event.position}: the event is in no commit")
        if commit is None or commit.last_position != last:
            commit = Commit(first, last, *hashes)
        found.append((event, commit))
    return found
