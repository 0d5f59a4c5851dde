"""What a report is asked for, and the SQL that narrows it: which projects, which period, up to which position."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from genjin_api.health.projection import is_said_of

Asking = asyncpg.Pool | asyncpg.Connection | PoolConnectionProxy
POSITION_MAX = 2**63 - 1
_NAME = re.compile(r"(?<!:):([a-z_]+)")


@dataclass(frozen=True, slots=True)
class Asked:
    """Projects of a template, and those that have this department, region, currency, health at the position; position
    None: now. What is counted happened since, and before until.
    """

    template: str | None = None
    department: str | None = None
    region: str | None = None
    currency: str | None = None
    health: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    position: int | None = None

    @property
    def is_narrowed(self) -> bool:
        """To some projects, whatever the period."""
        return any((self.template, self.department, self.region, self.currency, self.health))

    def values(self, workspace_id: UUID) -> dict[str, Any]:
        return {
            "workspace": workspace_id,
            "template": self.template,
            "department": self.department,
            "region": self.region,
            "currency": self.currency,
            "health": self.health,
            "since": self.since,
            "until": self.until,
            "position": POSITION_MAX if self.position is None else self.position,
        }


# What a question to a whole portfolio may take of memory for each of its tables of groups. It is planned for its own
# values; what it looks up goes by numbers of which Postgres knows nothing: it would take a merge for cheap that
# compares everything with everything.
_FOR_LARGE_QUESTIONS = """
SELECT set_config('work_mem', '32MB', true), set_config('plan_cache_mode', 'force_custom_plan', true),
       set_config('enable_mergejoin', 'off', true)
"""


@asynccontextmanager
async def one_snapshot(pool: asyncpg.Pool) -> AsyncIterator[PoolConnectionProxy]:
    """For questions to a whole portfolio. Nobody waits for another connection meanwhile."""
    async with (
        pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        await connection.execute(_FOR_LARGE_QUESTIONS)
        yield connection


async def ask(database: Asking, query: str, values: Mapping[str, Any]) -> Sequence[asyncpg.Record]:
    """query names its values as :name."""
    used: list[str] = []

    def numbered(match: re.Match[str]) -> str:
        if match[1] not in used:
            used.append(match[1])
        return f"${used.index(match[1]) + 1}"

    text = _NAME.sub(numbered, query)
    rows: Sequence[asyncpg.Record] = await database.fetch(text, *(values[name] for name in used))
    return rows


_ALL = "SELECT project_id FROM genjin.project_standing WHERE workspace_id = :workspace"
# Those that were closed once: few beside all, and an index has them.
_CLOSED_ONCE = """
    SELECT DISTINCT project_id FROM genjin.stage_exit x
     WHERE x.workspace_id = :workspace AND x.left_by = 'closing' AND x.position <= :position
"""


def standing(asked: Asked) -> str:
    """The projects that are asked for as they stand: rows of genjin.project_standing."""
    if asked.position is None:
        return f"SELECT s.* FROM genjin.project_standing s WHERE s.workspace_id = :workspace {_alike(asked)}"
    return _stood(asked, _ALL)


def closed(asked: Asked) -> str:
    """Those of them that are closed. In the past only projects that were closed once are looked at."""
    found = standing(asked) if asked.position is None else _stood(asked, _CLOSED_ONCE)
    return f"SELECT * FROM ({found}) AS s WHERE s.status = 'closed'"


def _stood(asked: Asked, projects: str) -> str:
    """How projects stood at the position, each by one look into the key."""
    return f"""
        SELECT s.* FROM ({projects}) AS one, LATERAL (
            SELECT * FROM genjin.project_standing_past p
             WHERE p.workspace_id = :workspace AND p.project_id = one.project_id AND p.position <= :position
             ORDER BY p.position DESC LIMIT 1) AS s
         WHERE true {_alike(asked)}
    """


def _alike(asked: Asked) -> str:
    columns = {
        "template_key": ("template", asked.template),
        "department": ("department", asked.department),
        "region": ("region", asked.region),
        "currency": ("currency", asked.currency),
    }
    given = [f"s.{column} = :{name}" for column, (name, value) in columns.items() if value]
    if asked.health:
        given.append(is_said_of("s.project_id"))
    return " ".join(f"AND {condition}" for condition in given)


def counted(row: str, asked: Asked, time: str) -> str:
    """Which rows of a table with positions count: the table by its alias, its time by its column."""
    conditions = [f"{row}.workspace_id = :workspace", f"{row}.position <= :position"]
    if asked.template:
        conditions.append(f"{row}.template_key = :template")
    if asked.since:
        conditions.append(f"{row}.{time} >= :since")
    if asked.until:
        conditions.append(f"{row}.{time} < :until")
    if asked.department or asked.region or asked.currency or asked.health:
        conditions.append(
            f"{row}.project_id IN (SELECT project_id FROM ({standing(_of_any_template(asked))}) AS asked)"
        )
    return " AND ".join(conditions)


def counted_visits(row: str, asked: Asked, time: str) -> str:
    """The same for rows of which a project has several to a stage: whatever their template, for a project that went
    over to another template has visits under both. by_template() narrows the stages once they are grouped.
    """
    return counted(row, _of_any_template(asked), time)


def by_template(asked: Asked) -> str:
    """Narrows grouped rows by the template that they are counted under, a column template_key."""
    return "WHERE template_key = :template" if asked.template else ""


def _of_any_template(asked: Asked) -> Asked:
    return replace(asked, template=None)
