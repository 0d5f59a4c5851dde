"""One attempt of one delivery: sign, send, say how it ended. Standard Webhooks with headers of our own."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from uuid import UUID

from genjin.identifiers import new_id
from genjin_notifier.egress import Answer, Egress
from genjin_notifier.outcome import Outcome
from genjin_notifier.subscriptions import Subscription
from genjin_notifier.tail import Outgoing

try:
    _USER_AGENT = f"Genjin/{version('genjin')}"
except PackageNotFoundError:  # run from the source tree
    _USER_AGENT = "Genjin"


@dataclass(slots=True)
class Attempt:
    """One HTTP try as it is recorded. parked: it was the last one, and the event was passed over."""

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


async def attempt(
    egress: Egress,
    subscription: Subscription,
    event: Outgoing,
    *,
    number: int,
    previous_version: int,
    checkpoint: str | None,
    on_interrupted: Callable[[Attempt], None],
) -> Attempt:
    """Never raises for what the receiver does. An attempt that is cancelled was made all the same: on_interrupted
    gets its record. checkpoint is the newest signed one of the workspace, if there is one.

    410 Gone is a refusal like any other: whether it ends a subscription is not for a delivery to say.
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
        made.answer = await _send(egress, subscription, event, previous_version, checkpoint)
    except asyncio.CancelledError:
        made.duration_ms = round((time.monotonic() - started) * 1000)
        on_interrupted(made)
        raise
    made.duration_ms = round((time.monotonic() - started) * 1000)
    return made


async def _send(
    egress: Egress,
    subscription: Subscription,
    event: Outgoing,
    previous_version: int,
    checkpoint: str | None,
) -> Answer:
    try:
        body = event.body()
    except (
        Exception
    ) as error:  # whatever it is, a later release may tell this event; the lane waits for it
        return Answer(Outcome.PAYLOAD_FAILED, error=f"{type(error).__name__}: {error}"[:500])
    assert body is not None  # the dispatcher passes over what is told to nobody
    headers = headers_of(subscription, event, body, previous_version, datetime.now(UTC))
    if checkpoint is not None:
        headers["webhook-checkpoint"] = checkpoint
    return await egress.post(subscription.url, headers, body)


def headers_of(
    subscription: Subscription,
    event: Outgoing,
    body: bytes,
    previous_version: int,
    now: datetime,
) -> dict[str, str]:
    """webhook-timestamp is that of the attempt; id and body stay the same on every try."""
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
