"""What the projects of a portfolio may wait for, in few patterns.

Projects of one template version in one stage that were given the same are one pattern. Of what was given only what the
gate of the stage asks for counts, and judgements apart from the rest: so there are few patterns, however many projects,
and whom each waits for is worked out once, in Python, by the gate's own rules.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
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


async def stages_met(connection: Asking, waiting: Waiting) -> tuple[list[StageKey], int]:
    """The stages in which open projects are, and how many projects are suspended."""
    query = f"""
    SELECT template_key, template_version, stage, count(*) FILTER (WHERE status = 'open') AS open,
           count(*) FILTER (WHERE status = 'suspended') AS suspended
      FROM ({waiting.projects}) AS s GROUP BY template_key, template_version, stage
    """
    rows = await ask(connection, query, waiting.values())
    return [StageKey(*row[:3]) for row in rows if row["open"]], sum(
        row["suspended"] for row in rows
    )


@dataclass(slots=True)
class AskedForms:
    """As columns: the forms that the gate of each stage may ask for, with commas between them."""

    templates: list[str] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)
    stages: list[str] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)

    def add(self, key: StageKey, forms: Iterable[str]) -> None:
        self.templates.append(key.template)
        self.versions.append(key.version)
        self.stages.append(key.stage)
        self.forms.append(",".join(forms))

    def values(self) -> dict[str, Any]:
        return {
            "asked_templates": self.templates,
            "asked_versions": self.versions,
            "asked_stages": self.stages,
            "asked_forms": self.forms,
        }


# Copies of the forms that are asked for, as standing.py writes them. Which revision they are of, and which copies, only
# matters to approvals.
_COPIES = r"""
SELECT coalesce(string_agg(DISTINCT '["' || CASE WHEN b.approved = '[]' THEN regexp_replace(copy, ',\d+,\d+,', ',1,1,')
                                                 ELSE copy END || ']]', ','), '')
  FROM (SELECT rtrim(piece, ']}') AS copy
          FROM string_to_table(substr(split_part(s.given, ',"forms":', 2), 4), ']],["') AS piece
         WHERE split_part(piece, '"', 1) = ANY (string_to_array(a.forms, ','))) AS asked
"""


# Each open project twice: with its judgements, and with the rest that its gate asks for; both written like given. Keys
# are of letters, digits and underscores, so what stands between them cuts the text where it should.
def parts(waiting: Waiting) -> str:
    return f"""
    SELECT s.project_id, s.template_key, s.template_version, s.stage, s.entered_at, s.holder_roles, s.holder_ids,
           part.given,
           hashtextextended(concat_ws(' ', s.template_key, s.template_version, s.stage, part.given), 0) AS number
      FROM ({waiting.projects}) AS s
      JOIN unnest(:asked_templates::text[], :asked_versions::int[], :asked_stages::text[], :asked_forms::text[])
        AS a (template_key, template_version, stage, forms)
        ON a.template_key = s.template_key AND a.template_version = s.template_version AND a.stage = s.stage
     CROSS JOIN LATERAL (SELECT split_part(split_part(s.given, ',"forms":', 1), ',"approved":', 2) AS approved) AS b
     CROSS JOIN LATERAL (
        VALUES (split_part(s.given, ',"approved":', 1) || ',"approved":[],"forms": null}}'),
               ('{{"judged": null,"approved":' || b.approved || ',"forms":[' || ({_COPIES}) || ']}}')) AS part (given)
     WHERE s.status = 'open'
    """


@dataclass(frozen=True, slots=True)
class Pattern:
    """So many parts of open projects, alike in all that decides whom they wait for."""

    number: int
    key: StageKey
    given: str
    projects: int


async def patterns(
    connection: Asking, waiting: Waiting, forms: AskedForms
) -> tuple[list[Pattern], int]:
    """At most PATTERNS_MAX, the most frequent first; and how many parts of projects are in none, being too rare."""
    query = f"""
    SELECT number, template_key, template_version, stage, given, count(*) AS projects,
           (sum(count(*)) OVER ())::bigint AS all_projects
      FROM ({parts(waiting)}) AS part GROUP BY number, template_key, template_version, stage, given
     ORDER BY projects DESC, number LIMIT {PATTERNS_MAX}
    """
    rows = await ask(connection, query, waiting.values() | forms.values())
    found = [Pattern(row[0], StageKey(*row[1:4]), row[4], row[5]) for row in rows]
    return found, rows[0]["all_projects"] - sum(one.projects for one in found) if rows else 0
