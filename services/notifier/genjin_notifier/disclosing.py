"""Bodies with restricted values in the clear, for subscriptions that are granted the class.

The grant and the persons' keys are read anew for every attempt, in one statement, and kept nowhere: a grant that was
taken away, and an erasure, hold from the next attempt on, whatever was sent before.
"""

import base64
from collections.abc import Iterable
from uuid import UUID

import asyncpg

from genjin.sealing import unseal
from genjin.subjects.granted import granted_payload, is_granted_more
from genjin_notifier.subscriptions import Subscription
from genjin_notifier.tail import Outgoing, envelope

RESTRICTED = "restricted"

# A row for each key that the subscription may have, or one of nulls; none where it is not active and granted the class,
# or was changed since it was read.
_GRANTED = """
SELECT k.subject_id, k.sealed FROM genjin.webhook_subscription s
  LEFT JOIN genjin_keys.find_for_delivery(s.workspace_id, s.id, $3, $4) k ON true
 WHERE s.workspace_id = $1 AND s.id = $2 AND s.version = $3 AND s.active AND NOT s.deleted
   AND 'restricted' = ANY (s.classes)
"""


class ChangedSinceError(Exception):
    """The subscription is not what it was when it was read: perhaps it is paused, or another receiver's."""


class Disclosing:
    def __init__(self, database: asyncpg.Pool, secret_key: bytes) -> None:
        self._database = database
        self._secret_key = secret_key

    async def body(self, subscription: Subscription, event: Outgoing) -> bytes | None:
        """None where the subscription is told what everybody is. Raises ChangedSinceError, WrongKeyError,
        ValueError, and what Postgres raises.
        """
        if RESTRICTED not in subscription.classes or not subscription.names(event.type):
            return None
        document = event.document()
        if not is_granted_more(document):
            return None
        asked = subscription.version, event.position
        try:
            rows = await self._database.fetch(_GRANTED, *subscription.key, *asked)
        except asyncpg.DataError as error:  # of this event's body, not of the database
            raise ValueError("the event names its subjects in no readable way") from error
        if not rows:
            raise ChangedSinceError(subscription.id)
        keys = self._open(subscription.workspace_id, rows)
        return envelope(granted_payload(document, keys))

    def _open(self, workspace_id: UUID, rows: Iterable[asyncpg.Record]) -> dict[str, bytes | None]:
        return {
            str(subject_id): None if sealed is None else self._key(workspace_id, subject_id, sealed)
            for subject_id, sealed in rows
            if subject_id is not None
        }

    def _key(self, workspace_id: UUID, subject_id: UUID, sealed: str) -> bytes:
        purpose = f"subject-key:{workspace_id}:{subject_id}"
        return base64.b64decode(unseal(self._secret_key, sealed, purpose))
