"""Facts of webhook subscriptions (stream webhook_subscription-<id>). The secret is no fact: the log never forgets."""

from typing import ClassVar

from genjin.event import Fact


class SubscriptionCreated(Fact):
    """Events after start_position, the head of the log when the subscription was made, are delivered."""

    type: ClassVar[str] = "webhook_subscription.created"
    url: str
    event_types: list[str]
    description: str
    active: bool
    start_position: int


class SubscriptionChanged(Fact):
    """The whole registration after the change; `changes` of the event shows what was another."""

    type: ClassVar[str] = "webhook_subscription.changed"
    url: str
    event_types: list[str]
    description: str
    active: bool


class SubscriptionDeleted(Fact):
    type: ClassVar[str] = "webhook_subscription.deleted"


SubscriptionFact = SubscriptionCreated | SubscriptionChanged | SubscriptionDeleted
