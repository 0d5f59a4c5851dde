"""The webhook subscriptions of all workspaces, as the API registered them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import structlog
from standardwebhooks import Webhook

from genjin.sealing import WrongKeyError, unseal

Key = tuple[UUID, UUID]

# Whom events are delivered to now. An inactive subscription keeps its cursor and its lanes.
_ACTIVE = """
SELECT s.workspace_id, s.id, s.url, s.event_types, s.start_position, s.version, k.sealed
  FROM genjin.webhook_subscription s
  LEFT JOIN genjin.webhook_secret k ON k.workspace_id = s.workspace_id AND k.subscription_id = s.id
 WHERE s.active AND NOT s.deleted
"""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Subscription:
    """signer holds the secret. A new subscription is told what stands after start_position."""

    workspace_id: UUID
    id: UUID
    url: str
    event_types: tuple[str, ...]
    start_position: int
    version: int
    signer: Webhook

    @property
    def key(self) -> Key:
        return self.workspace_id, self.id

    def wants(self, event_type: str) -> bool:
        return matches(self.event_types, event_type)


def matches(patterns: Sequence[str], event_type: str) -> bool:
    """A pattern is an event type, or its beginning with a star: `stage.advanced`, `stage.*`, `*`."""
    return any(
        event_type.startswith(pattern[:-1]) if pattern.endswith("*") else event_type == pattern
        for pattern in patterns
    )


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
        """None, and one line in the log, where the secret cannot be used: nothing is sent unsigned."""
        purpose = f"webhook-secret:{row['id']}"
        try:
            signer = Webhook(unseal(self._secret_key, row["sealed"] or "", purpose))
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
        )
