"""What is waited for in a portfolio, counted and listed in SQL.

Projects of one template version in one stage that were given the same are one pattern: there are few of them beside the
projects, and whom each waits for is worked out once, in Python, by the gate's own rules. SQL then finds the projects of
each pattern again, and who holds the roles.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from genjin_api.reports.asking import Asked, Asking, ask, standing
from genjin_api.reports.stages import StageKey
from genjin_api.reports.waits import Wait

PATTERNS_MAX = 20_000
_PATTERN = (
    "hashtextextended(concat_ws(' ', s.template_key, s.template_version, s.stage, s.given), 0)"
)
_ENTERED_ON = "(s.entered_at AT TIME ZONE :time_zone)::date"


@dataclass(frozen=True, slots=True)
class Waiting:
    """person_id: only what waits for this person. today decides what is overdue."""

    workspace_id: UUID
    asked: Asked
    person_id: UUID | None
    today: date
    time_zone: str

    def values(self) -> dict[str, Any]:
        return self.asked.values(self.workspace_id) | {
            "person": self.person_id,
            "today": self.today,
            "time_zone": self.time_zone,
        }

    @property
    def projects(self) -> str:
        """Where the person holds a role, of the projects that are asked for."""
        found = f"SELECT * FROM ({standing(self.asked)}) AS s"
        return (
            found
            if self.person_id is None
            else f"{found} WHERE s.holder_ids @> ARRAY[:person::uuid]"
        )


@dataclass(frozen=True, slots=True)
class Pattern:
    """So many open projects, alike in all that decides whom they wait for."""

    number: int
    key: StageKey
    given: str
    projects: int


async def patterns(connection: Asking, waiting: Waiting) -> tuple[list[Pattern], dict[str, int]]:
    """At most PATTERNS_MAX, the most frequent first; and how many projects are in none: suspended, or too rare."""
    query = f"""
    SELECT {_PATTERN} AS number, s.template_key, s.template_version, s.stage, s.given, count(*) AS projects
      FROM ({waiting.projects}) AS s WHERE s.status = 'open' GROUP BY 1, 2, 3, 4, 5 ORDER BY projects DESC, number
    """
    rows = await ask(connection, query, waiting.values())
    [counts] = await ask(
        connection,
        f"SELECT count(*) AS projects FROM ({waiting.projects}) AS s WHERE s.status = 'suspended'",
        waiting.values(),
    )
    found = [Pattern(row[0], StageKey(*row[1:4]), row[4], row[5]) for row in rows]
    rest = sum(one.projects for one in found[PATTERNS_MAX:])
    return found[:PATTERNS_MAX], {"suspended": counts["projects"], "too_various": rest}


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


# One row for each project and wait, with the day by which its stage should be left.
def _open_waits(waiting: Waiting) -> str:
    own = (
        ""
        if waiting.person_id is None
        else f"AND EXISTS (SELECT FROM {_HOLDERS} WHERE h.id = :person)"
    )
    return f"""
    SELECT s.project_id, s.template_key, s.template_version, s.stage, s.entered_at, s.holder_roles, s.holder_ids,
           w.kind, w.subject, w.role, {_ENTERED_ON} + w.max_days AS due_on
      FROM ({waiting.projects}) AS s
      JOIN unnest(:numbers::bigint[], :kinds::text[], :subjects::text[], :roles::text[], :max_days::int[])
        AS w (number, kind, subject, role, max_days) ON w.number = {_PATTERN}
     WHERE s.status = 'open' {own}
    """


_HOLDERS = "(SELECT * FROM unnest(s.holder_roles, s.holder_ids) AS o (role, id) WHERE o.role = w.role) AS h"


async def by_role(connection: Asking, waiting: Waiting, waited: Waited) -> Any:
    query = f"""
    SELECT template_key, template_version, role, kind, count(*) AS waits,
           count(*) FILTER (WHERE due_on < :today) AS overdue,
           count(*) FILTER (WHERE role <> ALL (holder_roles)) AS unfilled
      FROM ({_open_waits(waiting)}) AS o GROUP BY template_key, template_version, role, kind
    """
    return await ask(connection, query, waiting.values() | waited.values())


async def by_person(connection: Asking, waiting: Waiting, waited: Waited) -> Any:
    own = "" if waiting.person_id is None else "AND h.id = :person"
    query = f"""
    SELECT h.id AS person_id, s.kind, count(*) AS waits, count(*) FILTER (WHERE s.due_on < :today) AS overdue
      FROM ({_open_waits(waiting)}) AS s
     CROSS JOIN unnest(s.holder_roles, s.holder_ids) AS h (role, id)
     WHERE h.role = s.role {own} GROUP BY h.id, s.kind
    """
    return await ask(connection, query, waiting.values() | waited.values())


async def first_waits(connection: Asking, waiting: Waiting, waited: Waited, limit: int) -> Any:
    """The overdue ones first, then those due, then those that wait longest."""
    query = f"""
    SELECT o.*, p.code FROM (
        SELECT * FROM ({_open_waits(waiting)}) AS o
         ORDER BY due_on NULLS LAST, entered_at, project_id, kind, subject, role LIMIT :limit) AS o
      JOIN genjin.project p ON p.workspace_id = :workspace AND p.id = o.project_id
     ORDER BY o.due_on NULLS LAST, o.entered_at, o.project_id, o.kind, o.subject, o.role
    """
    return await ask(connection, query, waiting.values() | waited.values() | {"limit": limit})


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


async def follow_ups_by_person(connection: Asking, waiting: Waiting) -> Any:
    query = f"""
    SELECT owner_id AS person_id, count(*) AS waits, count(*) FILTER (WHERE due_on < :today) AS overdue
      FROM ({_open_follow_ups(waiting)}) AS f GROUP BY owner_id
    """
    return await ask(connection, query, waiting.values())


async def first_follow_ups(connection: Asking, waiting: Waiting, limit: int) -> Any:
    query = f"""
    SELECT f.*, p.code FROM (
        SELECT * FROM ({_open_follow_ups(waiting)}) AS f ORDER BY due_on, id LIMIT :limit) AS f
      JOIN genjin.project p ON p.workspace_id = :workspace AND p.id = f.project_id
     ORDER BY f.due_on, f.id
    """
    return await ask(connection, query, waiting.values() | {"limit": limit})
