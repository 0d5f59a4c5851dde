"""Projects counted by where they stand, now or at a position of the log: what board and pipeline are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import asyncpg

from genjin_api.reports.asking import Asked, ask, standing


# Running projects as they stand.
def _query(asked: Asked) -> str:
    return f"""
    SELECT template_key, template_version, stage, status, currency,
           count(*) AS projects, count(expected_amount) AS with_amount, coalesce(sum(expected_amount), 0) AS amount
      FROM ({standing(asked)}) AS s WHERE status <> 'closed'
     GROUP BY template_key, template_version, stage, status, currency
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


async def running_projects(
    database: asyncpg.Pool, workspace_id: UUID, asked: Asked
) -> Sequence[Group]:
    return [Group(*row) for row in await ask(database, _query(asked), asked.values(workspace_id))]
