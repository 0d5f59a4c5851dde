"""The notifier's fact of a subscription: that its receiver wanted no more. Pure."""

from datetime import datetime
from uuid import UUID

from genjin.event import Actor, Change, stream_of
from genjin.identifiers import new_id
from genjin.log.append import Append, NewEvent
from genjin.subscriptions.events import SubscriptionDisabled

DELIVERY = Actor("system", UUID("0c0a3f5e-52c1-5b0e-9f57-7a1c6d1b2e44"), "delivery")


def gone(subscription_id: UUID, version: int, position: int, now: datetime) -> Append:
    """The receiver answered 410 to the event at position, when the subscription was at this version."""
    fact = SubscriptionDisabled(reason="gone", position=position)
    changes = [Change("/active", True, False), Change("/disabled_because", None, fact.reason)]
    request_id = str(new_id())
    return Append(
        stream=stream_of("webhook_subscription", subscription_id),
        expected_version=version,
        actor=DELIVERY,
        request_id=request_id,
        correlation_id=request_id,
        events=[NewEvent(new_id(), fact, now, changes)],
    )
