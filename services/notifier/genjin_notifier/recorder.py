"""Writes what happened: attempts, lanes and cursors together, so that no cursor is durable before the lanes it passed.

It writes on the connection that holds the lock. A process that lost the lock has lost that connection, and cannot move
the cursor of its successor.
"""

import asyncio
from dataclasses import dataclass

from genjin_notifier.delivery import Attempt
from genjin_notifier.lane import Lane
from genjin_notifier.lock import Lock
from genjin_notifier.log_pages import CommitEnd
from genjin_notifier.subscriptions import Key

FLUSH_SECONDS = 0.02
UNSAVED_MAX = 1000  # then new attempts wait for Postgres

# Twice the same row when a flush's answer was lost and the next term writes it again. One that was announced is pending
# until it is known how it ended.
_ATTEMPTS = """
INSERT INTO genjin.delivery_attempt (workspace_id, id, subscription_id, position, event_id, event_type, stream, number,
                                     outcome, status, error, response, started_at, duration_ms, next_attempt_at,
                                     parked, disclosed)
SELECT workspace_id, id, subscription_id, position, event_id, event_type, stream, number, outcome, status, error,
       response, started_at, duration_ms, next_attempt_at, parked, string_to_array(disclosed, ',')
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::uuid[], $6::text[], $7::text[], $8::int[],
                     $9::text[], $10::smallint[], $11::text[], $12::text[], $13::timestamptz[], $14::int[],
                     $15::timestamptz[], $16::boolean[], $17::text[])
    AS made (workspace_id, id, subscription_id, position, event_id, event_type, stream, number, outcome, status, error,
             response, started_at, duration_ms, next_attempt_at, parked, disclosed)
    ON CONFLICT (workspace_id, id) DO UPDATE SET
       (outcome, status, error, response, duration_ms, next_attempt_at, parked, disclosed) =
       ROW(excluded.outcome, excluded.status, excluded.error, excluded.response, excluded.duration_ms,
           excluded.next_attempt_at, excluded.parked, excluded.disclosed)
 WHERE delivery_attempt.outcome = 'pending'
"""

_LANES = """
INSERT INTO genjin.delivery_lane (workspace_id, subscription_id, stream, state, sent_version, done_version,
                                  held_position, attempts, first_failed_at, next_attempt_at)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::int[], $6::int[], $7::bigint[], $8::int[],
                     $9::timestamptz[], $10::timestamptz[])
    ON CONFLICT (workspace_id, subscription_id, stream) DO UPDATE SET
       (state, sent_version, done_version, held_position, attempts, first_failed_at, next_attempt_at) =
       ROW(excluded.state, excluded.sent_version, excluded.done_version, excluded.held_position, excluded.attempts,
           excluded.first_failed_at, excluded.next_attempt_at)
"""

# A cursor stands at the end of a commit, with the hash that this commit had when its events were read. What lies
# between is known to the lanes. It never goes back.
_CURSORS = """
INSERT INTO genjin.delivery_cursor (workspace_id, subscription_id, position, commit_hash, read_position, read_hash,
                                    updated_at)
SELECT reached.*, now()
  FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bytea[], $5::bigint[], $6::bytea[]) AS reached
    ON CONFLICT (workspace_id, subscription_id) DO UPDATE SET
       (position, commit_hash, read_position, read_hash, updated_at) =
       ROW(excluded.position, excluded.commit_hash, excluded.read_position, excluded.read_hash, excluded.updated_at)
 WHERE delivery_cursor.position <= excluded.position
"""


@dataclass(frozen=True, slots=True)
class Cursor:
    """settled: everything at or below is settled, or its lane is on its own. read: how far the log was read; no lane
    is ahead of it. Both must be in the log for a subscription to go on.
    """

    settled: CommitEnd
    read: CommitEnd


class Recorder:
    """Collects in memory, writes every few milliseconds. A failed write ends the term: what was not written is sent
    again. attempts is a list from outside because what was tried stays true in the next term.
    """

    def __init__(self, lock: Lock, attempts: list[Attempt]) -> None:
        self._lock = lock
        self._attempts = attempts
        self._lanes: dict[tuple[Key, str], Lane] = {}
        self._cursors: dict[Key, Cursor] = {}
        self._flushing = asyncio.Lock()
        self._wanted = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        if attempts:
            self._wanted.set()

    async def announce(self, pending: Attempt) -> None:
        """Returns when it is durable that this attempt is about to be made."""
        async with self._lock.connection() as connection:
            await connection.execute(_ATTEMPTS, *_by_column(_attempt_columns([pending])))

    def add_attempt(self, made: Attempt) -> None:
        self._attempts.append(made)
        if len(self._attempts) >= UNSAVED_MAX:
            self._room.clear()
        self._wanted.set()

    def add_lane(self, key: Key, lane: Lane) -> None:
        lane.changes += 1
        self._lanes[key, lane.stream] = lane
        self._wanted.set()

    def add_cursor(self, key: Key, cursor: Cursor) -> None:
        self._cursors[key] = cursor
        self._wanted.set()

    async def room(self) -> None:
        """Return when there is room for another attempt's record."""
        await self._room.wait()

    async def run(self) -> None:
        while True:
            await self._wanted.wait()
            await asyncio.sleep(FLUSH_SECONDS)
            await self.flush()

    async def flush(self) -> None:
        async with self._flushing:
            self._wanted.clear()
            attempts = self._attempts[:]
            cursors, self._cursors = self._cursors, {}
            lanes, self._lanes = self._lanes, {}
            saved = [(lane, lane.changes) for lane in lanes.values()]
            try:
                await self._write(
                    _attempt_columns(attempts),
                    _lane_columns(lanes),
                    [_cursor_columns(key, cursor) for key, cursor in cursors.items()],
                )
            except BaseException:  # cancelled too
                # No later cursor may be durable without the lanes that it passed.
                self._cursors, self._lanes = cursors | self._cursors, lanes | self._lanes
                self._wanted.set()
                raise
            del self._attempts[: len(attempts)]
            for lane, changes in saved:
                lane.changes_saved = changes
            self._room.set()

    async def _write(
        self,
        attempts: list[tuple[object, ...]],
        lanes: list[tuple[object, ...]],
        cursors: list[tuple[object, ...]],
    ) -> None:
        statements = ((_ATTEMPTS, attempts), (_LANES, lanes), (_CURSORS, cursors))
        if not (attempts or lanes or cursors):
            return
        async with self._lock.connection() as connection, connection.transaction():
            for statement, rows in statements:
                if rows:
                    await connection.execute(statement, *_by_column(rows))


def _by_column(rows: list[tuple[object, ...]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _attempt_columns(attempts: list[Attempt]) -> list[tuple[object, ...]]:
    return [
        (
            made.workspace_id,
            made.id,
            made.subscription_id,
            made.position,
            made.event_id,
            made.event_type,
            made.stream,
            made.number,
            made.answer.outcome,
            made.answer.status,
            made.answer.error,
            made.answer.snippet,
            made.started_at,
            made.duration_ms,
            made.next_attempt_at,
            made.parked,
            ",".join(made.disclosed),
        )
        for made in attempts
    ]


def _cursor_columns(key: Key, cursor: Cursor) -> tuple[object, ...]:
    settled, read = cursor.settled, cursor.read
    return (*key, settled.position, settled.hash, read.position, read.hash)


def _lane_columns(lanes: dict[tuple[Key, str], Lane]) -> list[tuple[object, ...]]:
    return [
        (
            *key,
            stream,
            lane.state,
            lane.sent_version,
            lane.done_version,
            lane.held_position,
            lane.attempts,
            lane.first_failed_at,
            lane.next_attempt_at,
        )
        for (key, stream), lane in lanes.items()
    ]
