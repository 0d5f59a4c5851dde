"""How the projects of an engagement stand, now and at a position of the log."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from genjin.engagements.events import Origin
from genjin_api.engagements.state import Link


class Standing(BaseModel):
    """What the project list says of it. amounts are decimal text."""

    name: str
    template_key: str
    status: str
    stage: str
    outcome: str | None
    expected_amount: str | None
    currency: str | None


class LinkedProject(BaseModel):
    """A project of an engagement: since when and why, and how it stands."""

    id: UUID
    code: str
    origin: Origin
    status: str
    reason: str
    linked_at: datetime
    linked_by: UUID
    unlinked_at: datetime | None
    unlinking_reason: str
    standing: Standing


_COLUMNS = "id, name, template_key, status, stage, outcome, expected_amount::text, currency"

# How projects stand now.
STANDINGS = f"SELECT {_COLUMNS} FROM genjin.project WHERE workspace_id = $1 AND id = ANY ($2)"

# How projects stood after the commit of a position of the log: of each the last row up to there. A project is spawned
# in the commit in which it is linked, but after the link.
PAST_STANDINGS = f"""
SELECT DISTINCT ON (id) {_COLUMNS} FROM genjin.project_past
 WHERE workspace_id = $1 AND id = ANY ($2) AND position <= (
       SELECT c.last_position FROM genjin.commit c
        WHERE c.workspace_id = $1 AND c.last_position >= $3 ORDER BY c.last_position LIMIT 1)
 ORDER BY id, position DESC
"""


def with_standings(links: Sequence[Link], rows: Sequence[asyncpg.Record]) -> list[dict[str, Any]]:
    """In the order of the links."""
    standings: Mapping[UUID, dict[str, Any]] = {row["id"]: dict(row) for row in rows}
    return [
        {
            **vars(link),
            "standing": {name: value for name, value in standings[link.id].items() if name != "id"},
        }
        for link in links
    ]
