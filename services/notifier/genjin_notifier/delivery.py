"""One attempt of one delivery: sign, send, say how it ended. Standard Webhooks with headers of our own."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from uuid import UUID

from genjin.identifiers import new_id
from genjin.postgres import DATABASE_ERRORS
from genjin_notifier.disclosing import RESTRICTED, ChangedSinceError, Disclosing
from genjin_notifier.egress import Answer, Egress
from genjin_notifier.outcome import Outcome
from genjin_notifier.subscriptions import Subscription
from genjin_notifier.tail import Outgoing

try:
    _USER_AGENT = f"Genjin/{version('genjin')}"
except PackageNotFoundError:  # run from the source tree
    _USER_AGENT = "Genjin"


class UnspeakableEventError(Exception):
    """Whatever it is, a later release may tell this event; the lane waits for it."""


@dataclass(slots=True)
class Attempt:
    """One HTTP try as it is recorded. parked: it was the last one, and the event was passed over. disclosed: the
    classes of data whose values went out in the clear.
    """

    id: UUID
    workspace_id: UUID
    subscription_id: UUID
    position: int
    event_id: UUID
    event_type: str
    stream: str
    number: int
    started_at: datetime
    answer: Answer
    duration_ms: int = 0
    next_attempt_at: datetime | None = None
    parked: bool = False
    disclosed: tuple[str, ...] = ()


async def attempt(
    egress: Egress,
    disclosing: Disclosing,
    subscription: Subscription,
    event: Outgoing,
    *,
    number: int,
    previous_version: int,
    checkpoint: str | None,
    announce: Callable[[Attempt], Awaitable[None]],
    on_interrupted: Callable[[Attempt], None],
) -> Attempt:
    """Never raises for what the receiver does. Raises ChangedSinceError, with nothing sent, where the subscription is
    another now, and DATABASE_ERRORS where nobody says whether restricted values may go out. An attempt that is
    cancelled was made all the same: on_interrupted gets its record. announce makes durable that values are about to
    go out: whatever becomes of this process, it stays known whom they reached. checkpoint is the newest signed one of
    the workspace, if there is one.

    410 Gone is a refusal like any other here: disabling.py ends the subscription.
    """
    started = time.monotonic()
    made = Attempt(
        id=new_id(),
        workspace_id=subscription.workspace_id,
        subscription_id=subscription.id,
        position=event.position,
        event_id=event.id,
        event_type=event.type,
        stream=event.stream,
        number=number,
        started_at=datetime.now(UTC),
        answer=Answer(Outcome.INTERRUPTED, error="the notifier stopped"),
    )
    try:
        body = await _body(disclosing, subscription, event, made, announce)
        made.answer = await _send(egress, subscription, event, body, previous_version, checkpoint)
        if subscription.classes:
            _forget_words(made)
    except UnspeakableEventError as error:
        made.answer = Answer(Outcome.PAYLOAD_FAILED, error=str(error))
    except asyncio.CancelledError:
        made.duration_ms = round((time.monotonic() - started) * 1000)
        on_interrupted(made)
        raise
    made.duration_ms = round((time.monotonic() - started) * 1000)
    return made


async def _body(
    disclosing: Disclosing,
    subscription: Subscription,
    event: Outgoing,
    made: Attempt,
    announce: Callable[[Attempt], Awaitable[None]],
) -> bytes:
    """Raises UnspeakableEventError, ChangedSinceError, DATABASE_ERRORS. Announced before values go out."""
    try:
        granted = await disclosing.body(subscription, event)
        body = granted or event.body()
    except (ChangedSinceError, *DATABASE_ERRORS):
        raise
    except Exception as error:
        raise UnspeakableEventError(_fault(subscription, error)) from error
    if granted:
        disclosed = (RESTRICTED,)
        await announce(replace(made, answer=Answer(Outcome.PENDING), disclosed=disclosed))
        made.disclosed = disclosed
    assert body is not None  # the dispatcher passes over what is told to nobody
    return body


async def _send(
    egress: Egress,
    subscription: Subscription,
    event: Outgoing,
    body: bytes,
    previous_version: int,
    checkpoint: str | None,
) -> Answer:
    headers = headers_of(subscription, event, body, previous_version, datetime.now(UTC))
    if checkpoint is not None:
        headers["webhook-checkpoint"] = checkpoint
    return await egress.post(subscription.url, headers, body)


def _forget_words(made: Attempt) -> None:
    """Who is told restricted values may say them again in an answer, which would be kept. Where nobody was reached none
    went out.
    """
    made.answer = replace(made.answer, snippet=None)
    if made.answer.outcome is Outcome.INVALID_ANSWER:
        made.answer = replace(made.answer, error="not an HTTP answer")
    if made.answer.outcome in (Outcome.DNS_FAILED, Outcome.FORBIDDEN_ADDRESS):
        made.disclosed = ()


def _fault(subscription: Subscription, error: Exception) -> str:
    """Nor does an error say them."""
    name = type(error).__name__
    return name if subscription.classes else f"{name}: {error}"[:500]


def headers_of(
    subscription: Subscription,
    event: Outgoing,
    body: bytes,
    previous_version: int,
    now: datetime,
) -> dict[str, str]:
    """webhook-timestamp is that of the attempt; the id stays the same on every try, and so does the body, but for what
    was erased since, or is not for this receiver any more.
    """
    identifier = str(event.id)
    return {
        "content-type": "application/json",
        "user-agent": _USER_AGENT,
        "webhook-id": identifier,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": subscription.signer.sign(identifier, now, body.decode()),
        "webhook-sequence": str(event.version),
        "webhook-previous-sequence": str(previous_version),
        "webhook-cursor": str(event.position),
    }
