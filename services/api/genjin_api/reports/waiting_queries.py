"""What is waited for in a portfolio, counted and listed in SQL: the projects of each pattern, who holds the roles."""

from dataclasses import dataclass
from typing import Any

from genjin_api.reports.asking import Asking, ask, standing
from genjin_api.reports.due_days import due_on
from genjin_api.reports.waiting_patterns import AskedForms, Pattern, Waiting, parts
from genjin_api.reports.waits import Wait


@dataclass(slots=True)
class Waited:
    """What each pattern waits for, as columns. max_days: how long its stage may take."""

    numbers: list[int]
    kinds: list[str]
    subjects: list[str]
    roles: list[str]
    max_days: list[int | None]

    def add(self, pattern: Pattern, wait: Wait, max_days: int | None) -> None:
        self.numbers.append(pattern.number)
        self.kinds.append(wait.kind)
        self.subjects.append(wait.subject)
        self.roles.append(wait.role)
        self.max_days.append(max_days)

    def values(self) -> dict[str, Any]:
        return {
            "numbers": self.numbers,
            "kinds": self.kinds,
            "subjects": self.subjects,
            "roles": self.roles,
            "max_days": self.max_days,
        }


# Those of one role stand side by side, for the roles are in order.
_HOLDERS = """
p.holder_ids[array_position(p.holder_roles, w.role) :
             array_position(p.holder_roles, w.role) + cardinality(array_positions(p.holder_roles, w.role)) - 1]
"""


# One row for each project and wait, with the day by which its stage should be left.
def _open_waits(waiting: Waiting) -> str:
    own = "" if waiting.person_id is None else "WHERE :person = ANY (people)"
    return f"""
    SELECT * FROM (
        SELECT p.project_id, p.template_key, p.template_version, p.stage, p.entered_at, w.kind, w.subject, w.role,
               {due_on("p", "w.max_days")} AS due_on,
               coalesce({_HOLDERS}, '{{}}') AS people
          FROM ({parts(waiting)}) AS p
          JOIN unnest(:numbers::bigint[], :kinds::text[], :subjects::text[], :roles::text[], :max_days::int[])
            AS w (number, kind, subject, role, max_days) ON w.number = p.number) AS found {own}
    """


# By role, by person, and the first ones, the overdue before the others, then those that wait longest; looked for once.
def _waits(waiting: Waiting) -> str:
    own = "" if waiting.person_id is None else "WHERE person_id = :person"
    return f"""
    WITH wait AS MATERIALIZED ({_open_waits(waiting)}),
    item AS (SELECT * FROM wait ORDER BY {_URGENT} LIMIT :limit)
    SELECT 'roles' AS list, template_key, template_version, NULL AS stage, kind, NULL AS subject, role,
           NULL::uuid AS person_id, count(*) AS waits, count(*) FILTER (WHERE due_on < :today) AS overdue,
           count(*) FILTER (WHERE people = '{{}}') AS unfilled,
           NULL::uuid AS project_id, NULL AS code, NULL::timestamptz AS entered_at, NULL::date AS due_on,
           NULL::uuid[] AS people
      FROM wait GROUP BY template_key, template_version, role, kind
    UNION ALL
    SELECT 'people', NULL, NULL, NULL, kind, NULL, NULL,
           person_id, count(*), count(*) FILTER (WHERE due_on < :today), NULL,
           NULL, NULL, NULL, NULL, NULL
      FROM wait CROSS JOIN unnest(people) AS person_id {own} GROUP BY person_id, kind
    UNION ALL
    SELECT 'items', i.template_key, i.template_version, i.stage, i.kind, i.subject, i.role, NULL, NULL, NULL, NULL,
           i.project_id, p.code, i.entered_at, i.due_on, i.people
      FROM item i JOIN genjin.project p ON p.workspace_id = :workspace AND p.id = i.project_id
    """


_URGENT = "due_on NULLS LAST, entered_at, project_id, kind, subject, role"


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of the counts by role and by person, and of the first waits one by one."""

    roles: list[Any]
    people: list[Any]
    items: list[Any]


async def open_waits(
    connection: Asking, waiting: Waiting, forms: AskedForms, waited: Waited, limit: int
) -> Found:
    """limit is of the items."""
    values = waiting.values() | forms.values() | waited.values() | {"limit": limit}
    found = Found([], [], [])
    for row in await ask(connection, _waits(waiting), values):
        getattr(found, row["list"]).append(row)
    return found


# Follow-ups that are not completed, of projects that are not closed.
def _open_follow_ups(waiting: Waiting) -> str:
    own = "" if waiting.person_id is None else "AND f.owner_id = :person"
    now = "SELECT * FROM genjin.follow_up f WHERE f.workspace_id = :workspace AND f.status = 'open'"
    then = """SELECT * FROM genjin.follow_up_past f
         WHERE f.workspace_id = :workspace AND f.position <= :position AND f.status = 'open'
           AND NOT EXISTS (SELECT FROM genjin.follow_up_past later
                            WHERE later.workspace_id = f.workspace_id AND later.project_id = f.project_id
                              AND later.id = f.id AND later.version > f.version AND later.position <= :position)"""
    return f"""
    SELECT f.project_id, f.id, f.role, f.owner_id, f.due_on, s.template_key, s.template_version, s.stage
      FROM ({now if waiting.asked.position is None else then} {own}) AS f
      JOIN ({standing(waiting.asked)}) AS s ON s.project_id = f.project_id AND s.status <> 'closed'
    """


# By owner, and the first ones.
def _follow_ups(waiting: Waiting) -> str:
    return f"""
    WITH follow_up AS MATERIALIZED ({_open_follow_ups(waiting)}),
    item AS (SELECT * FROM follow_up ORDER BY due_on, id LIMIT :limit)
    SELECT 'people' AS list, owner_id AS person_id, count(*) AS waits,
           count(*) FILTER (WHERE due_on < :today) AS overdue,
           NULL::uuid AS project_id, NULL::uuid AS id, NULL AS role, NULL::uuid AS owner_id, NULL::date AS due_on,
           NULL AS template_key, NULL AS stage, NULL AS code
      FROM follow_up GROUP BY owner_id
    UNION ALL
    SELECT 'items', NULL, NULL, NULL, i.project_id, i.id, i.role, i.owner_id, i.due_on, i.template_key, i.stage, p.code
      FROM item i JOIN genjin.project p ON p.workspace_id = :workspace AND p.id = i.project_id
    """


async def open_follow_ups(connection: Asking, waiting: Waiting, limit: int) -> Found:
    """limit is of the items."""
    found = Found([], [], [])
    for row in await ask(connection, _follow_ups(waiting), waiting.values() | {"limit": limit}):
        getattr(found, row["list"]).append(row)
    return found
