"""The webhook subscriptions of all workspaces, as the API registered them."""

from dataclasses import dataclass
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

    def wants(self, event: Outgoing) -> bool:
        """The phrase judges what everybody outside is told, also for who is told more: what is restricted cannot be
        guessed by it. An event that cannot be put into words is wanted, so that its attempt fails and is recorded.
        """
        if not any(type_matches(pattern, event.type) for pattern in self.event_types):
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
            signer = self._signer(row)
            asked = _asked(row["phrase"])
        except UnusablePhraseError as error:
            _log.error("phrase_unusable", subscription_id=str(row["id"]), reason=str(error))
            return None
        except (WrongKeyError, ValueError, RuntimeError) as error:
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

    def _signer(self, row: asyncpg.Record) -> Signer:
        """The secret of before stands in its row longer than it signs."""
        purpose = f"webhook-secret:{row['id']}"
        newest = Webhook(unseal(self._secret_key, row["sealed"] or "", purpose))
        if row["previous_sealed"] is None:
            return Signer(newest)
        previous = Webhook(unseal(self._secret_key, row["previous_sealed"], purpose))
        return Signer(newest, previous, row["previous_until"])


def _asked(phrase: str | None) -> EventFilter | None:
    if phrase is None:
        return None
    asked = parse_phrase(phrase)
    if isinstance(asked, PhraseError):
        raise UnusablePhraseError(str(asked))
    return asked
