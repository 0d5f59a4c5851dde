"""A webhook subscription as it stands."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from genjin.event import Stamp
from genjin.subscriptions.events import (
    SecretRotated,
    SubscriptionChanged,
    SubscriptionCreated,
    SubscriptionDeleted,
    SubscriptionDisabled,
    SubscriptionFact,
    SubscriptionRecovered,
)


@dataclass(frozen=True, slots=True)
class Subscription:
    id: UUID
    url: str
    event_types: tuple[str, ...]
    description: str
    active: bool
    start_position: int
    created_by: UUID
    created_at: datetime
    updated_at: datetime
    version: int
    phrase: str | None = None
    deleted: bool = False
    recovered_in: int = 0  # the version in which it was recovered last
    classes: tuple[str, ...] = ()  # of which the receiver is told the values
    disabled_because: str | None = None


def evolve(subscription: Subscription | None, fact: SubscriptionFact, stamp: Stamp) -> Subscription:
    if isinstance(fact, SubscriptionCreated):
        return Subscription(
            id=stamp.stream_id,
            url=fact.url,
            event_types=tuple(fact.event_types),
            description=fact.description,
            active=fact.active,
            start_position=fact.start_position,
            created_by=stamp.actor.id,
            created_at=stamp.occurred_at,
            updated_at=stamp.occurred_at,
            version=stamp.version,
            phrase=fact.phrase,
            classes=fact.classes,
        )
    assert subscription is not None, "a subscription is created first"
    after = replace(subscription, version=stamp.version, updated_at=stamp.occurred_at)
    match fact:
        case SubscriptionChanged():
            return replace(
                after,
                url=fact.url,
                event_types=tuple(fact.event_types),
                description=fact.description,
                active=fact.active,
                phrase=fact.phrase,
                classes=fact.classes,
                disabled_because=None if fact.active else subscription.disabled_because,
            )
        case SubscriptionDeleted():
            return replace(after, active=False, deleted=True)
        case SubscriptionRecovered():
            return replace(after, start_position=fact.position, recovered_in=stamp.version)
        case SecretRotated():
            return after
        case SubscriptionDisabled():
            return replace(after, active=False, disabled_because=fact.reason)
        case _:
            assert_never(fact)
