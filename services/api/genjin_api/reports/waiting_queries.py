"""What is waited for in a portfolio, counted and listed in SQL: the projects of each pattern, who holds the roles."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from genjin_api.reports.asking import Asking, ask
from genjin_api.reports.due_days import due_on
from genjin_api.reports.stages import StageKey
from genjin_api.reports.waiting_follow_ups import FIRST, FOLLOW_UP, OWNERS, open_follow_ups
from genjin_api.reports.waiting_patterns import Pattern, Waiting, number_of
from genjin_api.reports.waits import KINDS, Wait

WAITED = (*KINDS, FOLLOW_UP)


@dataclass(slots=True)
class Waited:
    """What the patterns of projects wait for, by numbers: each stage has a place, and the days that it may take; each
    pattern a set of waits, and many have the same.
    """

    stages: dict[StageKey, int | None] = field(default_factory=dict)
    places: dict[StageKey, int] = field(default_factory=dict)
    patterns: list[tuple[int, Pattern, int]] = field(default_factory=list)
    sets: dict[tuple[StageKey, tuple[Wait, ...]], int] = field(default_factory=dict)

    def add(self, pattern: Pattern, waits: Sequence[Wait], max_days: int | None) -> None:
        self.stages[pattern.key] = max_days
        place = self.places.setdefault(pattern.key, len(self.places) + 1)
        if waits:
            number = self.sets.setdefault((pattern.key, tuple(waits)), len(self.sets) + 1)
            self.patterns.append((place, pattern, number))

    def values(self) -> dict[str, Any]:
        """As columns of three tables."""
        waits = [(number, wait) for (_, of_set), number in self.sets.items() for wait in of_set]
        return {
            "templates": [key.template for key in self.stages],
            "versions": [key.version for key in self.stages],
            "stages": [key.stage for key in self.stages],
            "max_days": list(self.stages.values()),
            "places": [place for place, _, _ in self.patterns],
            "judged": [pattern.is_judged for _, pattern, _ in self.patterns],
            "numbers": [pattern.number for _, pattern, _ in self.patterns],
            "pattern_sets": [number for _, _, number in self.patterns],
            "sets": [number for number, _ in waits],
            "kinds": [wait.kind for _, wait in waits],
            "subjects": [wait.subject for _, wait in waits],
            "roles": [wait.role for _, wait in waits],
        }


_WAITED = """
stage AS (SELECT * FROM unnest(:templates::text[], :versions::int[], :stages::text[], :max_days::int[])
            WITH ORDINALITY AS stage (template_key, template_version, stage, max_days, place)),
pattern AS (SELECT * FROM unnest(:places::int[], :judged::boolean[], :numbers::bigint[], :pattern_sets::int[])
              AS pattern (place, is_judged, number, of_set)),
wait AS (SELECT * FROM unnest(:sets::int[], :kinds::text[], :subjects::text[], :roles::text[])
           AS wait (of_set, kind, subject, role))
"""


# Projects that are not closed, with the sets of what open ones wait for, of judges and of others; null: for nothing.
# due_on: the day by which the stage should be left. own: the roles that the person asked for holds.
def _running(waiting: Waiting) -> str:
    own = "(SELECT array_agg(role) FROM unnest(s.holder_roles, s.holder_ids) AS h (role, id) WHERE id = :person)"
    return f"""
    SELECT *, coalesce(due_on < :today, false) AS overdue
      FROM (
        SELECT s.project_id, s.status, s.template_key, s.template_version, s.stage, s.entered_at,
               s.holder_roles, s.holder_ids, j.of_set AS of_judges, g.of_set AS of_others,
               {due_on("s", "stage.max_days")} AS due_on,
               {own if waiting.person_id else "NULL::text[]"} AS own
          FROM ({waiting.projects}) AS s
          LEFT JOIN stage ON s.status = 'open' AND stage.template_key = s.template_key
                         AND stage.template_version = s.template_version AND stage.stage = s.stage
          LEFT JOIN pattern j ON j.is_judged AND j.place = stage.place AND j.number = {number_of("s.judged")}
          LEFT JOIN pattern g ON NOT g.is_judged AND g.place = stage.place AND g.number = {number_of("s.given")}
         WHERE s.status <> 'closed') AS found
    """


_STANDING = "SELECT * FROM running WHERE of_judges IS NOT NULL OR of_others IS NOT NULL"


def _is_own(role: str, waiting: Waiting) -> str:
    return f"{role} = ANY (own)" if waiting.person_id else "true"


_ALIKE = "template_key, template_version, of_judges, of_others, overdue, holder_roles, own"


# By role. Projects that are alike in all that counts here are put together first.
def _roles(waiting: Waiting) -> str:
    return f"""
    SELECT 'roles' AS list, template_key, template_version, NULL AS stage, kind, NULL AS subject, role,
           sum(projects)::bigint AS waits, coalesce(sum(projects) FILTER (WHERE overdue), 0)::bigint AS overdue,
           coalesce(sum(projects) FILTER (WHERE role <> ALL (holder_roles)), 0)::bigint AS unfilled,
           NULL::uuid AS person_id, NULL::bigint[] AS of_kinds,
           NULL::uuid AS project_id, NULL AS code, NULL::timestamptz AS entered_at, NULL::date AS due_on,
           NULL::uuid[] AS people
      FROM (SELECT {_ALIKE}, count(*) AS projects FROM standing GROUP BY {_ALIKE}) AS alike
     CROSS JOIN LATERAL (VALUES (of_judges), (of_others)) AS one (of_set)
      JOIN wait USING (of_set)
     WHERE {_is_own("role", waiting)}
     GROUP BY template_key, template_version, role, kind
    """


# By person: how many judgements, approvals, forms and signatures wait for them, and no follow-ups.
def _people(waiting: Waiting) -> str:
    return f"""
    SELECT 'people', NULL, NULL, NULL, NULL, NULL, NULL, NULL,
           coalesce(sum(coalesce(j.waits, 0) + coalesce(g.waits, 0)) FILTER (WHERE overdue), 0)::bigint, NULL,
           person_id, ARRAY[coalesce(sum(j.judgements), 0), coalesce(sum(g.approvals), 0), coalesce(sum(g.forms), 0),
                            coalesce(sum(g.signatures), 0), 0]::bigint[],
           NULL, NULL, NULL, NULL, NULL
      FROM (SELECT of_judges, of_others, overdue, unnest(holder_roles) AS role, unnest(holder_ids) AS person_id
              FROM standing) AS holder
      LEFT JOIN of_role j ON j.of_set = of_judges AND j.role = holder.role
      LEFT JOIN of_role g ON g.of_set = of_others AND g.role = holder.role
     WHERE (j.of_set IS NOT NULL OR g.of_set IS NOT NULL) {"AND person_id = :person" if waiting.person_id else ""}
     GROUP BY person_id
    """


_OF_ROLE = """
SELECT of_set, role, count(*) AS waits, count(*) FILTER (WHERE kind = 'judgement') AS judgements,
       count(*) FILTER (WHERE kind = 'approval') AS approvals, count(*) FILTER (WHERE kind = 'form') AS forms,
       count(*) FILTER (WHERE kind = 'signature') AS signatures
  FROM wait GROUP BY of_set, role
"""

# Those of one role stand side by side, for the roles are in order.
_HOLDERS = """
coalesce(holder_ids[array_position(holder_roles, role) :
                    array_position(holder_roles, role) + cardinality(array_positions(holder_roles, role)) - 1], '{}')
"""
_URGENT = "due_on NULLS LAST, entered_at, project_id"


# One by one, the overdue before the others, then those that wait longest: of no more projects than there may be items.
def _items(waiting: Waiting) -> str:
    return f"""
    SELECT 'items', item.template_key, item.template_version, item.stage, kind, subject, role, NULL, NULL, NULL,
           NULL, NULL, project_id, p.code, item.entered_at, due_on, {_HOLDERS}
      FROM (SELECT first.*, kind, subject, role
              FROM (SELECT * FROM standing
                     WHERE {_has_own(waiting)} ORDER BY {_URGENT} LIMIT :limit) AS first
              JOIN wait ON of_set IN (of_judges, of_others)
             WHERE {_is_own("role", waiting)} ORDER BY {_URGENT}, kind, subject, role LIMIT :limit) AS item
      JOIN genjin.project p ON p.workspace_id = :workspace AND p.id = project_id
    """


def _has_own(waiting: Waiting) -> str:
    return (
        "EXISTS (SELECT FROM wait WHERE of_set IN (of_judges, of_others) AND role = ANY (own))"
        if waiting.person_id
        else "true"
    )


def _waits(waiting: Waiting) -> str:
    return f"""
    WITH {_WAITED}, of_role AS ({_OF_ROLE}), running AS MATERIALIZED ({_running(waiting)}),
         standing AS NOT MATERIALIZED ({_STANDING}), follow_up AS MATERIALIZED ({open_follow_ups(waiting)})
    {_roles(waiting)} UNION ALL {_people(waiting)} UNION ALL {OWNERS}
    UNION ALL {_items(waiting)} UNION ALL {FIRST}
    """


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of the counts by role and by person, and of the first waits one by one: of_kinds is in the order of WAITED.
    A person may have a row for follow-ups beside that for the rest.
    """

    roles: list[Any] = field(default_factory=list)
    people: list[Any] = field(default_factory=list)
    items: list[Any] = field(default_factory=list)


async def open_waits(connection: Asking, waiting: Waiting, waited: Waited, limit: int) -> Found:
    """limit is of the items: of those in stages, and of follow-ups."""
    values = waiting.values() | waited.values() | {"limit": limit}
    found = Found()
    for row in await ask(connection, _waits(waiting), values):
        getattr(found, row["list"]).append(row)
    return found
