"""Commands on webhook subscriptions: create, change, delete, recover."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import Field, StringConstraints

from genjin.catalog import FACTS
from genjin.history.filter import EventFilter
from genjin.history.phrase import PHRASE_CHARACTERS_MAX, PhraseError, parse_phrase, to_phrase
from genjin.subscriptions.events import (
    SecretRotated,
    SubscriptionChanged,
    SubscriptionCreated,
    SubscriptionDeleted,
    SubscriptionRecovered,
)
from genjin_api.acting import Decided, Decision
from genjin_api.fields import Command, Count, Flag, OptionalProse, example
from genjin_api.refusal import Refusal, field_refusal, not_found
from genjin_api.subscriptions.state import Subscription

Url = Annotated[
    str,
    StringConstraints(max_length=2000),
    Field(examples=["https://example.com/webhooks/genjin"]),
]
EventTypes = Annotated[
    list[Annotated[str, StringConstraints(max_length=100)]],
    Field(min_length=1, max_length=100, examples=[["stage.*", "project.closed"]]),
]
Phrase = Annotated[
    str,
    StringConstraints(max_length=PHRASE_CHARACTERS_MAX),
    Field(
        description="a filter on what is told to the outside, as the history takes it; empty: none",
        examples=["-role:marketer path:/header/*"],
    ),
]
Classes = Annotated[
    tuple[Literal["restricted"], ...],
    Field(
        max_length=10,
        description="classes of data whose values the receiver is told in the clear: `restricted`, personal data and"
        " attitudes of customers' staff. Without it receivers are told that something was said of a person, never what."
        " Another `url` without `classes` takes them away",
    ),
]
OVERLAP_SECONDS_MAX = 7 * 24 * 3600
# Of no use to one who is told what comes: when and where it is recorded is not yet known to anybody.
_REFUSED_FIELDS = frozenset({"position", "recorded", "id"})


class CreateSubscription(Command):
    """event_types: whole types, `noun.*`, or `*` for everything that is told to the outside. Both they and the phrase
    must take an event.
    """

    model_config = example(
        url="https://example.com/webhooks/genjin",
        event_types=["stage.*", "project.closed"],
        description="CRM",
    )

    url: Url
    event_types: EventTypes
    description: OptionalProse = ""
    active: Flag = True
    phrase: Phrase = ""
    classes: Classes = ()


class RecoverSubscription(Command):
    """Begin anew after a position. What the receiver has of later events it gets again; 0 is the log's beginning."""

    model_config = example(position=4711)

    position: Annotated[Count, Field(ge=0, description="the position after which to deliver")]


class ChangeSubscription(Command):
    model_config = example(
        active=False,
    )

    url: Url | None = None
    event_types: EventTypes | None = None
    description: OptionalProse | None = None
    active: Flag | None = None
    phrase: Phrase | None = None
    classes: Classes | None = None


class RotateSecret(Command):
    """Until the overlap ends deliveries are signed with both secrets. 0: the secret of before is of no use at once."""

    model_config = example(overlap_seconds=86_400)

    overlap_seconds: Annotated[Count, Field(ge=0, le=OVERLAP_SECONDS_MAX)] = 86_400


def create(command: CreateSubscription, start_position: int, *, allow_http: bool) -> Decision:
    if refusal := _refuse(command.url, command.event_types, allow_http=allow_http):
        return refusal
    phrase = _canonical(command.phrase)
    if isinstance(phrase, Refusal):
        return phrase
    fact = SubscriptionCreated(
        url=command.url,
        event_types=command.event_types,
        description=command.description,
        active=command.active,
        start_position=start_position,
        phrase=phrase,
        classes=_once_each(command.classes),
    )
    return Decided([fact])


def change(
    subscription: Subscription | None,
    subscription_id: UUID,
    command: ChangeSubscription,
    *,
    allow_http: bool,
) -> Decision:
    if subscription is None or subscription.deleted:
        return not_found("webhook subscription", subscription_id)
    url = subscription.url if command.url is None else command.url
    event_types = command.event_types or list(subscription.event_types)
    if refusal := _refuse(url, event_types, allow_http=allow_http):
        return refusal
    phrase = subscription.phrase if command.phrase is None else _canonical(command.phrase)
    if isinstance(phrase, Refusal):
        return phrase
    fact = SubscriptionChanged(
        url=url,
        event_types=event_types,
        description=subscription.description
        if command.description is None
        else command.description,
        active=subscription.active if command.active is None else command.active,
        phrase=phrase,
        classes=_granted_after(subscription, url, command),
    )
    return Decided([fact] if _as_registered(fact) != _as_registered(subscription) else [])


def _granted_after(
    subscription: Subscription, url: str, command: ChangeSubscription
) -> tuple[str, ...]:
    """A grant is of one receiver: at another URL it holds only where it is said again."""
    if command.classes is not None:
        return _once_each(command.classes)
    return subscription.classes if url == subscription.url else ()


def _as_registered(one: SubscriptionChanged | Subscription) -> tuple[object, ...]:
    types, classes = tuple(one.event_types), tuple(one.classes)
    return one.url, types, one.description, one.active, one.phrase, classes


def delete(subscription: Subscription | None, subscription_id: UUID) -> Decision:
    if subscription is None or subscription.deleted:
        return not_found("webhook subscription", subscription_id)
    return Decided([SubscriptionDeleted()])


def rotate_secret(
    subscription: Subscription | None, subscription_id: UUID, overlap_until: datetime
) -> Decision:
    if subscription is None or subscription.deleted:
        return not_found("webhook subscription", subscription_id)
    return Decided([SecretRotated(overlap_until=overlap_until)])


def recover(
    subscription: Subscription | None,
    subscription_id: UUID,
    command: RecoverSubscription,
    *,
    halted_version: int | None,
    head: int,
) -> Decision:
    """halted_version: at which version the notifier halted it, None where it serves it. head is the log's last
    position. Of two recoveries of one halt the second is refused, or is no event where it says the same.
    """
    if subscription is None or subscription.deleted:
        return not_found("webhook subscription", subscription_id)
    if halted_version is None:
        detail = "deliveries go on by themselves: only a halted subscription is recovered"
        return Refusal("subscription_not_halted", detail)
    if subscription.recovered_in > halted_version:
        begun = subscription.start_position
        if command.position == begun:
            return Decided([])
        detail = f"it was recovered already, and goes on after {begun}"
        return Refusal("subscription_not_halted", detail)
    if command.position > head:
        return field_refusal("field_invalid", "/position", f"the log ends at {head}")
    return Decided([SubscriptionRecovered(position=command.position)])


def _refuse(url: str, event_types: list[str], *, allow_http: bool) -> Refusal | None:
    if problem := _url_problem(url, allow_http=allow_http):
        return field_refusal("field_invalid", "/url", problem)
    nouns = {type_.partition(".")[0] for type_ in FACTS}
    for index, pattern in enumerate(event_types):
        known = pattern == "*" or pattern in FACTS
        if not known and not (pattern.endswith(".*") and pattern[:-2] in nouns):
            detail = f"no event type {pattern}; take a whole type, noun.* or *"
            return field_refusal("field_invalid", f"/event_types/{index}", detail)
    return None


def _once_each(classes: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(set(classes)))


def _canonical(text: str) -> str | Refusal | None:
    """The phrase in its one form; None where it asks nothing."""
    asked = parse_phrase(text)
    if isinstance(asked, PhraseError):
        return field_refusal("field_invalid", "/phrase", str(asked))
    for term in asked.terms:
        if term.field in _REFUSED_FIELDS:
            detail = f"a subscription cannot ask for {term.field}"
            return field_refusal("field_invalid", "/phrase", detail)
    return to_phrase(asked) if asked != EventFilter() else None


def _url_problem(url: str, *, allow_http: bool) -> str | None:
    """The form of the URL; where its name leads, the notifier checks at each delivery."""
    if not url.isascii() or any(character <= " " for character in url):
        return "must be an ASCII URL without spaces"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "is not a URL"
    if parts.scheme != "https" and not (allow_http and parts.scheme == "http"):
        return "must begin with https://"
    if not parts.hostname or port == 0:
        return "names no host"
    if parts.username is not None or parts.fragment:
        return "must have neither user name nor fragment"
    return None
