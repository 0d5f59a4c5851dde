"""The webhook subscriptions of all workspaces, as the API registered them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import structlog
from standardwebhooks import Webhook

from genjin.history.filter import EventFilter, type_matches
from genjin.history.phrase import PhraseError, parse_phrase
from genjin.sealing import WrongKeyError, unseal
from genjin_notifier.signing import Signer
from genjin_notifier.tail import Outgoing

Key = tuple[UUID, UUID]

# Whom events are delivered to now. An inactive subscription keeps its cursor and its lanes.
_ACTIVE = """
SELECT s.workspace_id, s.id, s.url, s.event_types, s.start_position, s.version, s.phrase, s.classes,
       k.sealed, k.previous_sealed, k.previous_until
  FROM genjin.webhook_subscription s
  LEFT JOIN genjin.webhook_secret k ON k.workspace_id = s.workspace_id AND k.subscription_id = s.id
 WHERE s.active AND NOT s.deleted
"""

# What a secret raises that was sealed with another key, or is none.
_UNUSABLE = (WrongKeyError, ValueError, RuntimeError)

_log = structlog.get_logger(__name__)


class UnusablePhraseError(ValueError):
    """A later release has written a phrase that this one cannot read."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """signer holds the secrets. classes are those of which the receiver is told the values. A new subscription is told
    what stands after start_position. asked is what its phrase says, None where it has none.
    """

    workspace_id: UUID
    id: UUID
    url: str
    event_types: tuple[str, ...]
    start_position: int
    version: int
    signer: Signer
    asked: EventFilter | None = None
    classes: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        return self.workspace_id, self.id

    def names(self, event_type: str) -> bool:
        return any(type_matches(pattern, event_type) for pattern in self.event_types)

    def wants(self, event: Outgoing) -> bool:
        """The phrase judges what everybody outside is told, also for who is told more: what is restricted cannot be
        guessed by it. An event that cannot be put into words is wanted, so that its attempt fails and is recorded.
        """
        if not self.names(event.type):
            return False
        if self.asked is None:
            return True
        try:
            told = event.told()
        except Exception:  # as in delivery.py: a later release may tell this event
            return True
        return told is not None and self.asked.matches(told)


class SubscriptionReader:
    """Reads the active subscriptions; opens a secret only when its row is new."""

    def __init__(self, secret_key: bytes) -> None:
        self._secret_key = secret_key
        self._known: dict[Key, tuple[asyncpg.Record, Subscription | None]] = {}

    async def read(self, database: asyncpg.Pool) -> dict[Key, Subscription]:
        known = {}
        for row in await database.fetch(_ACTIVE):
            key = row["workspace_id"], row["id"]
            before = self._known.get(key)
            known[key] = before if before and before[0] == row else (row, self._open(row))
        self._known = known
        return {key: opened for key, (_, opened) in known.items() if opened is not None}

    def _open(self, row: asyncpg.Record) -> Subscription | None:
        """None, and one line in the log, where the secret or the phrase cannot be used: nothing is sent unsigned, nor
        what was not asked for.
        """
        try:
            secrets = row["sealed"], row["previous_sealed"], row["previous_until"]
            signer = signer_of(self._secret_key, row["id"], *secrets, datetime.now(UTC))
            asked = _asked(row["phrase"])
        except UnusablePhraseError as error:
            _log.error("phrase_unusable", subscription_id=str(row["id"]), reason=str(error))
            return None
        except _UNUSABLE as error:
            _log.error("secret_unusable", subscription_id=str(row["id"]), reason=str(error))
            return None
        return Subscription(
            workspace_id=row["workspace_id"],
            id=row["id"],
            url=row["url"],
            event_types=tuple(row["event_types"]),
            start_position=row["start_position"],
            version=row["version"],
            signer=signer,
            asked=asked,
            classes=tuple(row["classes"]),
        )


def signer_of(
    secret_key: bytes,
    subscription_id: UUID,
    sealed: str | None,
    previous_sealed: str | None,
    previous_until: datetime | None,
    now: datetime,
) -> Signer:
    """Raises WrongKeyError, ValueError, RuntimeError where the newest secret cannot be used. The one of before stands
    in its row longer than it signs; where it cannot be opened the newest signs alone, so that a rotation mends it.
    """
    purpose = f"webhook-secret:{subscription_id}"
    newest = Webhook(unseal(secret_key, sealed or "", purpose))
    if previous_sealed is None or previous_until is None or previous_until <= now:
        return Signer(newest)
    try:
        previous = Webhook(unseal(secret_key, previous_sealed, purpose))
    except _UNUSABLE as error:
        _log.warning(
            "previous_secret_unusable", subscription_id=str(subscription_id), reason=str(error)
        )
        return Signer(newest)
    return Signer(newest, previous, previous_until)


def _asked(phrase: str | None) -> EventFilter | None:
    if phrase is None:
        return None
    asked = parse_phrase(phrase)
    if isinstance(asked, PhraseError):
        raise UnusablePhraseError(str(asked))
    return asked
