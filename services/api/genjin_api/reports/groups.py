"""Projects counted by where they stand, now or at a position of the log: what board and pipeline are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg

_COLUMNS = """
       template_key, template_version, stage, status, currency,
       count(*) AS projects, count(expected_amount) AS with_amount, coalesce(sum(expected_amount), 0) AS amount
"""
_ASKED = """
   AND ($2::text IS NULL OR template_key = $2) AND ($3::text IS NULL OR department = $3)
   AND ($4::text IS NULL OR region = $4) AND status <> 'closed'
 GROUP BY template_key, template_version, stage, status, currency
"""

# Running projects as they stand.
_NOW = f"""
SELECT {_COLUMNS} FROM genjin.project WHERE workspace_id = $1 {_ASKED}
"""

# The same at position $5: of each project its last row at or below it.
_THEN = f"""
SELECT {_COLUMNS}
  FROM (SELECT DISTINCT ON (id) * FROM genjin.project_past
         WHERE workspace_id = $1 AND position <= $5 ORDER BY id, position DESC) AS latest
 WHERE true {_ASKED}
"""


@dataclass(frozen=True, slots=True)
class Group:
    """Projects of one template version in one stage, with one status and currency. amount is the sum of those that have
    one, which are with_amount.
    """

    template_key: str
    template_version: int
    stage: str
    status: str
    currency: str | None
    projects: int
    with_amount: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Asked:
    template: str | None
    department: str | None
    region: str | None


async def running_projects(
    database: asyncpg.Pool, workspace_id: UUID, asked: Asked, position: int | None
) -> Sequence[Group]:
    """position None: now."""
    arguments: list[Any] = [workspace_id, asked.template, asked.department, asked.region]
    if position is None:
        rows = await database.fetch(_NOW, *arguments)
    else:
        rows = await database.fetch(_THEN, *arguments, position)
    return [Group(*row) for row in rows]
