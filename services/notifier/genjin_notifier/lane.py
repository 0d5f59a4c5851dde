"""A lane: one stream (a project) on one subscription. Its events go out one after the other."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import asyncpg

from genjin_notifier.tail import Outgoing


class LaneState(StrEnum):
    OPEN = "open"  # follows the subscription's cursor
    BEHIND = "behind"  # reads on from the log by itself, after done_version
    RETRYING = "retrying"  # the event at held_position failed and is tried again


@dataclass(slots=True, eq=False)
class Lane:
    """Everything of the stream up to done_version is settled: delivered, parked, or not asked for. sent_version is the
    last one that was delivered. A lane that is not open owns what comes after done_version: the cursor may pass it.
    """

    stream: str
    state: LaneState = LaneState.OPEN
    sent_version: int = 0
    done_version: int = 0
    held_position: int | None = None
    attempts: int = 0
    first_failed_at: datetime | None = None
    next_attempt_at: datetime | None = None
    # In memory only.
    queue: deque[Outgoing] = field(default_factory=deque)
    buffered: int = 0  # how many of the queue came by the tail
    at_work: bool = False
    changes: int = 0
    changes_saved: int = 0

    def pass_head(self) -> None:
        """The first of the queue is settled. A lane that was held then reads on from the log."""
        self.done_version = self.queue.popleft().version
        self.buffered = max(0, self.buffered - 1)
        self.clear_failures()
        if self.state is LaneState.RETRYING:
            self.state = LaneState.BEHIND

    def hold_head(self, number: int, failed_at: datetime, next_attempt_at: datetime) -> None:
        """The first of the queue failed. The rest is forgotten: the log knows it."""
        self.state = LaneState.RETRYING
        self.held_position = self.queue[0].position
        self.attempts = number
        self.first_failed_at = self.first_failed_at or failed_at
        self.next_attempt_at = next_attempt_at
        self.queue.clear()
        self.buffered = 0

    def clear_failures(self) -> None:
        self.held_position = self.first_failed_at = self.next_attempt_at = None
        self.attempts = 0

    @property
    def forgettable(self) -> bool:
        """Whether its row in the database says it all."""
        idle = self.state is LaneState.OPEN and not self.queue and not self.at_work
        return idle and self.changes == self.changes_saved


_COLUMNS = """stream, state, sent_version, done_version, held_position, attempts, first_failed_at,
       next_attempt_at"""

# The lanes that go their own way and must be taken up again.
_OWN_WAY = f"""
SELECT {_COLUMNS} FROM genjin.delivery_lane
 WHERE workspace_id = $1 AND subscription_id = $2 AND state <> 'open'
"""

_NAMED = f"""
SELECT {_COLUMNS} FROM genjin.delivery_lane
 WHERE workspace_id = $1 AND subscription_id = $2 AND stream = ANY ($3)
"""


async def read_lanes_on_their_own_way(
    database: asyncpg.Pool, workspace_id: UUID, subscription_id: UUID
) -> list[Lane]:
    return [_lane(row) for row in await database.fetch(_OWN_WAY, workspace_id, subscription_id)]


async def read_lanes(
    database: asyncpg.Pool, workspace_id: UUID, subscription_id: UUID, streams: Sequence[str]
) -> dict[str, Lane]:
    """One lane for each stream, a new one where nothing was ever sent."""
    rows = await database.fetch(_NAMED, workspace_id, subscription_id, streams)
    known = {row["stream"]: _lane(row) for row in rows}
    return {stream: known.get(stream) or Lane(stream) for stream in streams}


def _lane(row: asyncpg.Record) -> Lane:
    stream, state, *rest = row
    return Lane(stream, LaneState(state), *rest)
