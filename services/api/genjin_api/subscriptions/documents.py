"""What is shown of webhook subscriptions, their halts and their attempts."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from genjin_api.history.attempts import EventAttemptDocument
from genjin_api.http.documents import EventDocument


class SubscriptionDocument(BaseModel):
    """As registered. classes: of which classes of data the receiver is told the values. disabled_because: `gone`, the
    receiver answered 410 to a delivery; make it active again, and what was not delivered is.
    """

    id: UUID
    url: str
    event_types: list[str]
    description: str
    active: bool
    start_position: int
    created_by: UUID
    created_at: datetime
    updated_at: datetime
    version: int
    phrase: str | None
    classes: list[str]
    disabled_because: str | None


class HaltDocument(BaseModel):
    """Why nothing is delivered any more, and what to do. position is where deliveries stood."""

    code: Literal["log_forked", "log_damaged"]
    detail: str
    position: int
    halted_at: datetime


class RecoverableHaltDocument(HaltDocument):
    """last_common_position: up to here the log is known to be the one that was delivered from, and all is settled or
    being tried again; to recover from it skips nothing. delivered_not_in_log: how many events the receiver has that
    the log does not have; the attempts say by in_log which. Both as far as the newest 10,000 attempts show.
    """

    last_common_position: int
    delivered_not_in_log: int


class StandingDocument(SubscriptionDocument):
    """halted: the log is not the one that was delivered from, as after a restore; paused: it is not active;
    disabled: likewise, because its receiver wanted that.
    """

    state: Literal["delivering", "paused", "disabled", "halted"]
    halt: HaltDocument | None


class OneStandingDocument(StandingDocument):
    halt: RecoverableHaltDocument | None


class NewSubscriptionAnswer(BaseModel):
    """secret (whsec_…) verifies the Standard Webhooks signature; it is shown this once."""

    webhook_subscription: SubscriptionDocument
    secret: str
    events: list[EventDocument]


class RotatedSecretAnswer(NewSubscriptionAnswer):
    """The new secret is shown this once. Until overlap_until the one before signs, too."""

    overlap_until: datetime


class AttemptDocument(EventAttemptDocument):
    """in_log: the log has this event; false where the log was restored or forked since."""

    event_type: str
    stream: str
    in_log: bool
