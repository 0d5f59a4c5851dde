"""Which commits an export holds: each found to follow the one before it and to be of the events that stand before it.

What ends where, and follows what, is looked at before the first event of a commit goes out; its hash is of them all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self
from uuid import UUID

import asyncpg

from genjin.event import RecordedEvent
from genjin.log.chain import genesis_hash
from genjin.log.checking import check_commit_hash, check_commit_place, check_commit_time
from genjin.log.reading import DamagedLogError
from genjin_api.history.places import Place, checked_place
from genjin_api.transfer.sound_part import DAMAGE, SoundPart

# The commits that end among some positions, and the first that ends behind them; of each whether one of its events
# among them is of another time.
_COMMITS = """
SELECT first_position, last_position, recorded_at, previous_hash, hash,
       EXISTS (SELECT FROM genjin.event e
                WHERE e.workspace_id = $1 AND e.recorded_at <> c.recorded_at
                  AND e.position BETWEEN greatest(c.first_position, $2) AND least(c.last_position, $3)) AS of_other_time
  FROM genjin.commit c
 WHERE workspace_id = $1 AND last_position >= $2
   AND last_position <= coalesce((SELECT n.last_position FROM genjin.commit n
                                   WHERE n.workspace_id = $1 AND n.last_position >= $3
                                   ORDER BY n.last_position LIMIT 1), $3)
 ORDER BY last_position
"""

# The last position of a log, where no commit ends there or behind it.
_UNCOMMITTED = """
SELECT position FROM genjin.event
 WHERE workspace_id = $1
   AND position > coalesce((SELECT last_position FROM genjin.commit
                             WHERE workspace_id = $1 ORDER BY last_position DESC LIMIT 1), 0)
 ORDER BY position DESC LIMIT 1
"""


@dataclass(slots=True)
class CommitChain:
    """The commits up to a position, the hash of the last of them, and the leaf hashes of events behind it."""

    database: asyncpg.Pool
    workspace_id: UUID
    head: bytes
    position: int = 0
    leaves: list[bytes] = field(default_factory=list)

    @classmethod
    def begin(cls, database: asyncpg.Pool, workspace_id: UUID) -> Self:
        return cls(database, workspace_id, genesis_hash(workspace_id))

    async def follow(self, part: SoundPart) -> tuple[SoundPart, list[asyncpg.Record]]:
        """What is sound of the next part of the log with its commits too, and those that end in it. Of a commit that is
        not sound no event of the part is left. Raises ForkedLogError.
        """
        if not part.events:
            return part, []
        first, last = part.events[0].position, part.events[-1].position
        rows, damage = await self._read(first, last)
        ended: list[asyncpg.Record] = []
        try:
            for _, row in sorted(rows.items()):
                self._check(row, part.events)
                if row["last_position"] <= last:
                    ended.append(row)
            if not rows or max(rows) < last:
                reason = damage or "no commit is of this event"
                raise DamagedLogError(f"position {self.position + 1}: {reason}")
        except DamagedLogError as error:
            await checked_place(self.database, self.workspace_id, Place.of(part.events[-1]))
            sound = [event for event in part.events if event.position <= self.position]
            return SoundPart(sound, str(error)), ended
        self.leaves += [event.leaf_hash for event in part.events if event.position > self.position]
        return part, ended

    def _check(self, commit: asyncpg.Record, events: Sequence[RecordedEvent]) -> None:
        check_commit_place(commit, self.position, self.head)
        check_commit_time(commit, not commit["of_other_time"])
        last = commit["last_position"]
        if last <= events[-1].position:
            new = [event.leaf_hash for event in events if self.position < event.position <= last]
            self.head = check_commit_hash(commit, [*self.leaves, *new])
            self.position, self.leaves = last, []

    async def _read(self, first: int, last: int) -> tuple[dict[int, asyncpg.Record], str]:
        """Commits by their last position. Where one cannot be read: those before it, and why."""
        try:
            found = await self.database.fetch(_COMMITS, self.workspace_id, first, last)
            return {row["last_position"]: row for row in found}, ""
        except DAMAGE as error:
            if first == last:
                return {}, str(error)
        middle = (first + last) // 2
        rows, damage = await self._read(first, middle)
        if damage:
            return rows, damage
        more, damage = await self._read(middle + 1, last)
        return rows | more, damage


async def last_of_log(database: asyncpg.Pool, workspace_id: UUID, last: int) -> int:
    """The position at which the newest commit ends, or that of the last event where there are some behind it."""
    try:
        return await database.fetchval(_UNCOMMITTED, workspace_id) or last
    except DAMAGE:
        return last  # to read on will tell where
