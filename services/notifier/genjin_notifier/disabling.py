"""Ends a subscription whose receiver answered 410 Gone: an event of the log says so. Nothing is skipped, for its lanes
and its cursor stay where they stand.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from genjin.log.append import body_texts
from genjin.log.wakeup import CHANNEL
from genjin.subscriptions.disabling import DELIVERY, gone
from genjin_notifier.lock import Lock
from genjin_notifier.subscriptions import Subscription

GONE = 410

_DISABLE = "SELECT genjin_delivery.disable($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"


@dataclass(frozen=True, slots=True)
class Gone:
    """Which answer it was: to the event at position, of the receiver as the subscription was then."""

    subscription: Subscription
    position: int


async def disable(lock: Lock, answered: Gone) -> bool:
    """False where the subscription was changed since, which may have led it to another receiver."""
    subscription = answered.subscription
    now = datetime.now(UTC)
    command = gone(subscription.id, subscription.version, answered.position, now)
    [event], [(head, tail)] = command.events, body_texts(command)
    async with lock.connection() as connection:
        disabled: bool = await connection.fetchval(
            _DISABLE,
            *subscription.key,
            command.expected_version,
            DELIVERY.id,
            command.request_id,
            event.id,
            event.fact.schema_version,
            now,
            head,
            tail,
        )
        if disabled:
            message = str(subscription.workspace_id)
            await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, message)
    return disabled
