"""From a credential to a caller. The one place that knows how somebody proves who they are: API keys now."""

import time
from collections import OrderedDict
from typing import Any
from uuid import UUID

import asyncpg
from fastapi import Request

from genjin_api.acting import Caller
from genjin_api.http.problems import ProblemError
from genjin_api.people.keys import is_wellformed, key_hash

# The person behind a key that is neither revoked nor expired.
_FIND = """
SELECT p.workspace_id, p.id AS person_id, p.name, p.workspace_role, w.time_zone
  FROM genjin.api_key_secret s
  JOIN genjin.api_key k ON k.workspace_id = s.workspace_id AND k.id = s.key_id
  JOIN genjin.person p ON p.workspace_id = k.workspace_id AND p.id = k.person_id
  JOIN genjin.workspace w ON w.workspace_id = k.workspace_id
 WHERE s.hash = $1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now()) AND p.active
"""

CACHE_SECONDS = 2.0
CACHED_KEYS_MAX = 10_000


class Credentials:
    """Callers by key, remembered for a moment: a revoked key is refused after CACHE_SECONDS at the latest."""

    def __init__(self, database: asyncpg.Pool) -> None:
        self._database = database
        self._known: OrderedDict[bytes, tuple[float, Caller]] = OrderedDict()

    async def caller(self, key: str) -> Caller | None:
        hash_ = key_hash(key)
        known = self._known.get(hash_)
        if known and known[0] > time.monotonic():
            return known[1]
        row = await self._database.fetchrow(_FIND, hash_)
        if row is None:
            self._known.pop(hash_, None)
            return None
        caller = _caller(row)
        self._known[hash_] = (time.monotonic() + CACHE_SECONDS, caller)
        if len(self._known) > CACHED_KEYS_MAX:
            self._known.popitem(last=False)
        return caller

    def forget(self) -> None:
        """A key of this process' own doing was revoked: look again at once."""
        self._known.clear()


def _caller(row: asyncpg.Record) -> Caller:
    """With UUIDs of Python's own class, which are written as JSON faster than asyncpg's."""
    workspace_id, person_id = UUID(str(row["workspace_id"])), UUID(str(row["person_id"]))
    return Caller(workspace_id, person_id, row["name"], row["workspace_role"], row["time_zone"])


async def authenticate(request: Request) -> Caller:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not is_wellformed(key.strip()):
        raise ProblemError("unauthorized", "send the header Authorization: Bearer gj_live_…")
    credentials: Any = request.app.state.services.credentials
    caller: Caller | None = await credentials.caller(key.strip())
    if caller is None:
        raise ProblemError("unauthorized", "the key is unknown, expired or revoked")
    return caller


async def is_still(caller: Caller, request: Request) -> bool:
    """Whether the request's key is still that of this caller: asked again while an answer goes on for long."""
    try:
        return await authenticate(request) == caller
    except ProblemError:
        return False
