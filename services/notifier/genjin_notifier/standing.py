"""Where a subscription stands in its log, and what is kept of one whose log is not the one that it was delivered from.

Such a subscription is halted, so that nothing is skipped. It goes on after a position that somebody chose: an event
webhook_subscription.recovered says so. Where the log is the old one again, it goes on when it is looked at again: when
it is changed, or when a notifier begins to serve.
"""

from uuid import UUID

import asyncpg

from genjin.event import stream_of
from genjin.log.reading import DamagedLogError, ForkedLogError
from genjin_notifier.lock import Lock
from genjin_notifier.log_pages import CommitEnd, Place, place_at, refuse_fork
from genjin_notifier.subscriptions import Key, Subscription

_CURSOR = """
SELECT position, commit_hash, read_position, read_hash FROM genjin.delivery_cursor
 WHERE workspace_id = $1 AND subscription_id = $2
"""

_HALTED_VERSION = """
SELECT subscription_version FROM genjin.delivery_halt WHERE workspace_id = $1 AND subscription_id = $2
"""

# The position that the newest recovery after a version of the subscription names.
_RECOVERED = """
SELECT (body::json->'data'->>'position')::bigint FROM genjin.event
 WHERE workspace_id = $1 AND stream = $2 AND version > $3 AND type = 'webhook_subscription.recovered'
 ORDER BY version DESC LIMIT 1
"""

# Where it stands is its cursor, or its beginning where nothing was settled yet. The first halt's time stays. The log
# may have lost events of the subscription itself: its version is then the log's, so that the next recovery is after it.
_HALT = """
INSERT INTO genjin.delivery_halt (workspace_id, subscription_id, code, detail, position, subscription_version)
SELECT $1, $2, $3, $4, coalesce((SELECT c.position FROM genjin.delivery_cursor c
                                  WHERE c.workspace_id = $1 AND c.subscription_id = $2), $5),
       least($6, coalesce((SELECT e.version FROM genjin.event e WHERE e.workspace_id = $1 AND e.stream = $7
                            ORDER BY e.version DESC LIMIT 1), 0))
    ON CONFLICT (workspace_id, subscription_id) DO UPDATE SET
       (code, detail, position, subscription_version) =
       ROW(excluded.code, excluded.detail, excluded.position, excluded.subscription_version)
"""

_LIFT = "DELETE FROM genjin.delivery_halt WHERE workspace_id = $1 AND subscription_id = $2"

# What was settled was settled in another log: versions of streams mean something else there. But what was owed at or
# before the position stays owed where the log has it: the very event that was being tried again, and in a lane that was
# behind whatever comes next. From there on such a lane has all its events to come, in order.
_FORGET_LANES = """
DELETE FROM genjin.delivery_lane l
 WHERE l.workspace_id = $1 AND l.subscription_id = $2
   AND NOT CASE l.state
       WHEN 'retrying' THEN l.held_position <= $3
        AND EXISTS (SELECT FROM genjin.event e
                      JOIN genjin.delivery_attempt a ON a.workspace_id = e.workspace_id AND a.position = e.position
                       AND a.event_id = e.id
                     WHERE e.workspace_id = $1 AND e.position = l.held_position AND e.stream = l.stream
                       AND a.subscription_id = $2)
       WHEN 'behind' THEN
            EXISTS (SELECT FROM genjin.event e
                     WHERE e.workspace_id = $1 AND e.stream = l.stream AND e.version > l.done_version
                       AND e.position <= $3)
       ELSE false END
"""

_FORGET_CURSOR = (
    "DELETE FROM genjin.delivery_cursor WHERE workspace_id = $1 AND subscription_id = $2"
)

# The last commit that ends at a position or before; before the first one there is no cursor.
_BEGIN = """
INSERT INTO genjin.delivery_cursor (workspace_id, subscription_id, position, commit_hash)
SELECT $1, $2, last_position, hash FROM genjin.commit
 WHERE workspace_id = $1 AND last_position <= $3 ORDER BY last_position DESC LIMIT 1
"""


async def place_of(database: asyncpg.Pool, lock: Lock, subscription: Subscription) -> Place:
    """After which to deliver. Raises ForkedLogError where the log is not the one delivered from."""
    halted_version = await database.fetchval(_HALTED_VERSION, *subscription.key)
    if halted_version is None:
        return await _standing(database, subscription)
    stream = stream_of("webhook_subscription", subscription.id)
    recovered = await database.fetchval(
        _RECOVERED, subscription.workspace_id, stream, halted_version
    )
    if recovered is not None:
        await _begin_anew(lock, subscription.key, recovered)
    place = await _standing(database, subscription)
    async with lock.connection() as connection:
        await connection.execute(_LIFT, *subscription.key)
    return place


async def _begin_anew(lock: Lock, key: Key, position: int) -> None:
    async with lock.connection() as connection, connection.transaction():
        await connection.execute(_FORGET_LANES, *key, position)
        await connection.execute(_FORGET_CURSOR, *key)
        await connection.execute(_BEGIN, *key, position)


async def _standing(database: asyncpg.Pool, subscription: Subscription) -> Place:
    """Both what was settled and what was read must be in the log: lanes may be ahead of the cursor. The place is read
    first, so that it is of the log in which the others are found.
    """
    workspace_id, position = subscription.workspace_id, subscription.start_position
    cursor = await database.fetchrow(_CURSOR, *subscription.key)
    known = []
    if cursor is not None:
        reached, commit_hash, read, read_hash = cursor
        position = max(reached, position)
        known = [CommitEnd(reached, commit_hash), CommitEnd(read or 0, read_hash or b"")]
    place = await place_at(database, workspace_id, position)
    for commit in known:
        await refuse_fork(database, workspace_id, commit)
    if place is None:
        raise ForkedLogError(position)
    return place


async def halt(lock: Lock, subscription: Subscription, error: DamagedLogError) -> str:
    """Keep why it is not served; the reason, in a sentence that says what to do."""
    if isinstance(error, ForkedLogError):
        code = "log_forked"
        reason = (
            f"the log has another commit at {error.position} than the one delivered from, or none"
        )
    else:
        code, reason = "log_damaged", str(error)
    detail = f"{reason}: nothing more is delivered, so that nothing is skipped. {_way_out(subscription.id)}"
    async with lock.connection() as connection:
        await connection.execute(
            _HALT,
            *subscription.key,
            code,
            detail,
            subscription.start_position,
            subscription.version,
            stream_of("webhook_subscription", subscription.id),
        )
    return detail


def _way_out(subscription_id: UUID) -> str:
    return (
        "Compare what the receiver has with the log, then send the position after which to go on:"
        f" POST /v1/webhook-subscriptions/{subscription_id}/recoveries"
    )
