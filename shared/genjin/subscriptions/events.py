"""Facts of webhook subscriptions (stream webhook_subscription-<id>). The secret is no fact: the log never forgets."""

from typing import ClassVar

from genjin.event import Fact


class SubscriptionCreated(Fact):
    """Events after start_position, the head of the log when the subscription was made, are delivered. phrase is a
    filter besides the types; facts from before there were phrases have none.
    """

    type: ClassVar[str] = "webhook_subscription.created"
    url: str
    event_types: list[str]
    description: str
    active: bool
    start_position: int
    phrase: str | None = None


class SubscriptionChanged(Fact):
    """The whole registration after the change; `changes` of the event shows what was another."""

    type: ClassVar[str] = "webhook_subscription.changed"
    url: str
    event_types: list[str]
    description: str
    active: bool
    phrase: str | None = None


class SubscriptionDeleted(Fact):
    type: ClassVar[str] = "webhook_subscription.deleted"


class SubscriptionRecovered(Fact):
    """A halted subscription begins anew: what stands after the position is delivered, whatever was before."""

    type: ClassVar[str] = "webhook_subscription.recovered"
    position: int


SubscriptionFact = (
    SubscriptionCreated | SubscriptionChanged | SubscriptionDeleted | SubscriptionRecovered
)
