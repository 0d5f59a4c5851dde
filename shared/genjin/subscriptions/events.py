"""Facts of webhook subscriptions (stream webhook_subscription-<id>). The secret is no fact: the log never forgets."""

from datetime import datetime
from typing import ClassVar, Literal

from genjin.event import Fact


class SubscriptionCreated(Fact):
    """Events after start_position, the head of the log when the subscription was made, are delivered. phrase is a
    filter besides the types; facts from before there were phrases have none. classes are those of which the receiver is
    told the values (`restricted`); before they could be granted nobody had any.
    """

    type: ClassVar[str] = "webhook_subscription.created"
    url: str
    event_types: list[str]
    description: str
    active: bool
    start_position: int
    phrase: str | None = None
    classes: tuple[str, ...] = ()


class SubscriptionChanged(Fact):
    """The whole registration after the change; `changes` of the event shows what was another."""

    type: ClassVar[str] = "webhook_subscription.changed"
    url: str
    event_types: list[str]
    description: str
    active: bool
    phrase: str | None = None
    classes: tuple[str, ...] = ()


class SubscriptionDeleted(Fact):
    type: ClassVar[str] = "webhook_subscription.deleted"


class SubscriptionRecovered(Fact):
    """A halted subscription begins anew: what stands after the position is delivered, whatever was before."""

    type: ClassVar[str] = "webhook_subscription.recovered"
    position: int


class SecretRotated(Fact):
    """There is a new secret; the one before signs beside it until overlap_until."""

    type: ClassVar[str] = "webhook_subscription.secret_rotated"
    overlap_until: datetime


class SubscriptionDisabled(Fact):
    """The notifier stopped to deliver, as the receiver wanted: it answered 410 Gone to the event at position. Nothing
    is skipped: what was not delivered is, once the subscription is made active again.
    """

    type: ClassVar[str] = "webhook_subscription.disabled"
    reason: Literal["gone"]
    position: int


SubscriptionFact = (
    SubscriptionCreated
    | SubscriptionChanged
    | SubscriptionDeleted
    | SubscriptionRecovered
    | SecretRotated
    | SubscriptionDisabled
)
