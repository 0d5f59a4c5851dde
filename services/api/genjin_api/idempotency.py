"""Idempotency without expiry: a key, the request's fingerprint, its events and its answer commit together."""

import hmac
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

import asyncpg

from genjin.event import RecordedEvent
from genjin.log.reading import Reading, read_range

# What a key was answered with, if it was.
_FIND = """
SELECT fingerprint, first_position, last_position, version, status, location, answer
  FROM genjin.idempotent_answer WHERE workspace_id = $1 AND actor_id = $2 AND key = $3
"""


@dataclass(frozen=True, slots=True)
class Idempotency:
    """A caller's key and what the request asked for. The same key is another one for another person.

    unkeyed is the fingerprint as it was made before it had a key; answers of that time are found by it.
    """

    key: str
    fingerprint: bytes
    unkeyed: bytes


class KeyReusedError(Exception):
    """The key was used before, for another request."""


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    row: asyncpg.Record
    events: list[RecordedEvent]


def idempotency(
    secret_key: bytes, key: str, method: str, path: str, if_match: str, body: bytes
) -> Idempotency:
    """What makes two requests the same one. Under a key, for it outlives what the body held: without the key nobody can
    try out which of a few values was in there.
    """
    asked = b"\n".join((method.encode(), path.encode(), if_match.encode(), body))
    keyed = hmac.digest(secret_key, b"request fingerprint\n" + asked, sha256)
    return Idempotency(key, keyed, sha256(asked).digest())


async def stored_answer(
    database: Reading, workspace_id: UUID, person_id: UUID, request: Idempotency
) -> StoredAnswer | None:
    """The answer given to this key before, or None. KeyReusedError when it was given to another request."""
    row = await database.fetchrow(_FIND, workspace_id, person_id, request.key)
    if row is None:
        return None
    if row["fingerprint"] not in (request.fingerprint, request.unkeyed):
        raise KeyReusedError(request.key)
    events = []
    if row["first_position"] is not None:
        events = await read_range(
            database, workspace_id, row["first_position"], row["last_position"]
        )
    return StoredAnswer(row, events)
