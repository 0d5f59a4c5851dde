"""What the projects of a portfolio may wait for, in few patterns.

Open projects of one template version in one stage that were judged alike are one pattern, and so are those that were
given the same otherwise: there are few patterns, however many projects. Whom each waits for is worked out once, in
Python, by the gate's own rules.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from genjin_api.reports.asking import Asked, Asking, ask, standing
from genjin_api.reports.stages import StageKey

PATTERNS_MAX = 20_000


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
    """So many open projects of a stage, alike in what was judged, or else in what was given. number is the text's."""

    key: StageKey
    is_judged: bool
    text: str
    number: int
    projects: int


@dataclass(frozen=True, slots=True)
class Patterns:
    """The most frequent ones. too_various: how many parts of projects, judgements or the rest, are in none of them."""

    found: list[Pattern]
    too_various: int
    suspended: int


def number_of(text: str) -> str:
    """Stands for a text where each of its projects is looked up."""
    return f"hashtextextended({text}, 0)"


# Judgements and the rest apart, the suspended projects last.
def _patterns(waiting: Waiting) -> str:
    return f"""
    SELECT template_key, template_version, stage, is_judged, text, {number_of("text")} AS number, projects, status,
           (sum(projects) FILTER (WHERE status = 'open') OVER ())::bigint AS parts,
           (sum(projects) FILTER (WHERE status = 'suspended' AND is_judged) OVER ())::bigint AS suspended
      FROM (
        SELECT template_key, template_version, stage, status, grouping(judged) = 0 AS is_judged,
               coalesce(judged, given) AS text, count(*) AS projects
          FROM ({waiting.projects}) AS s WHERE status <> 'closed'
         GROUP BY template_key, template_version, stage, status, GROUPING SETS ((judged), (given))) AS part
     ORDER BY status, projects DESC, number LIMIT {PATTERNS_MAX}
    """


async def patterns(connection: Asking, waiting: Waiting) -> Patterns:
    rows = await ask(connection, _patterns(waiting), waiting.values())
    found = [Pattern(StageKey(*row[:3]), *row[3:7]) for row in rows if row["status"] == "open"]
    parts, suspended = (rows[0]["parts"] or 0, rows[0]["suspended"] or 0) if rows else (0, 0)
    return Patterns(found, parts - sum(one.projects for one in found), suspended)
