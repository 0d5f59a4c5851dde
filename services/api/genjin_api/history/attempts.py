"""What was tried to deliver events: every HTTP try of each, to whichever subscription."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from pydantic import BaseModel

# Of one event in an answer about many; all of them are at /v1/events/{id}/attempts.
ATTEMPTS_OF_EVENT_MAX = 50

_COLUMNS = """id, subscription_id, position, event_id, number, outcome, status, error, response, started_at,
       duration_ms, next_attempt_at, parked, disclosed"""

# The first attempts of each of some events, and one more where there are more.
_OF_EVENTS = f"""
SELECT a.* FROM unnest($2::bigint[]) AS asked (position)
 CROSS JOIN LATERAL (
    SELECT {_COLUMNS} FROM genjin.delivery_attempt d
     WHERE d.workspace_id = $1 AND d.position = asked.position ORDER BY d.id LIMIT $3) AS a
"""

# One event's attempts in the order of their making, after $3.
OF_EVENT = f"""
SELECT {_COLUMNS} FROM genjin.delivery_attempt
 WHERE workspace_id = $1 AND position = $2 AND ($3::uuid IS NULL OR id > $3) ORDER BY id LIMIT $4
"""


class EventAttemptDocument(BaseModel):
    """One HTTP try. next_attempt_at is null when it was the last; parked when the event was then passed over.
    disclosed: the classes of data whose values the receiver was sent in the clear; what it answered is then not kept.
    Such a try is written as `pending` before it is made; where it stays so, the notifier was killed meanwhile, and they
    may have gone out.
    """

    id: UUID
    subscription_id: UUID
    position: int
    event_id: UUID
    number: int
    outcome: str
    status: int | None
    error: str | None
    response: str | None
    started_at: datetime
    duration_ms: int
    next_attempt_at: datetime | None
    parked: bool
    disclosed: list[str]


async def attempts_of(
    database: asyncpg.Pool, workspace_id: UUID, positions: Sequence[int]
) -> dict[int, list[dict[str, Any]]]:
    """The attempts of the events at these positions, at most ATTEMPTS_OF_EVENT_MAX and one more of each."""
    found: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    count = ATTEMPTS_OF_EVENT_MAX + 1
    for row in await database.fetch(_OF_EVENTS, workspace_id, list(positions), count):
        found[row["position"]].append(dict(row))
    return found
