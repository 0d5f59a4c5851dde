"""What became of the projects that entered a stage: SQL counts them by fate, the rest is adding up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from uuid import UUID

import asyncpg

from genjin_api.reports.asking import Asked, ask, by_template, counted_visits
from genjin_api.reports.numbers import FEW, ratio
from genjin_api.reports.stages import StageKey, Stages

Cohort = Literal["entry", "creation"]
_TIMES: dict[Cohort, str] = {"entry": "first_entered_at", "creation": "created_at"}
_FATES = ("still_there", "returned", "ended", "migrated", "went_on")


# Each project and stage once, by the template version and the month of its cohort. What it did last counts, unless it
# went through the gate in any of its visits.
def _query(asked: Asked, cohort: Cohort) -> str:
    time = _TIMES[cohort]
    return f"""
    SELECT template_key, template_version, stage, month, fate, count(*) AS projects
      FROM (
        SELECT e.stage,
               min(e.template_key) FILTER (WHERE e.number = 1) AS template_key,
               min(e.template_version) FILTER (WHERE e.number = 1) AS template_version,
               date_trunc('month', min(e.{time}) AT TIME ZONE :time_zone)::date AS month,
               CASE WHEN bool_or(x.passed) THEN 4
                    ELSE max(e.number * 4 + CASE x.left_by WHEN 'return' THEN 1 WHEN 'closing' THEN 2
                                                           WHEN 'migration' THEN 3 ELSE 0 END) % 4
               END AS fate
          FROM genjin.stage_entry e
          LEFT JOIN genjin.stage_exit x ON x.workspace_id = e.workspace_id AND x.project_id = e.project_id
                                       AND x.ordinal = e.ordinal AND x.position <= :position
         WHERE {counted_visits("e", asked, time)}
         GROUP BY e.project_id, e.stage) AS visited
     {by_template(asked)}
     GROUP BY template_key, template_version, stage, month, fate
    """


@dataclass(frozen=True, slots=True)
class Fate:
    """So many projects entered this stage in this month, and this became of them."""

    key: StageKey
    month: date
    fate: str
    projects: int


async def fates(
    database: asyncpg.Pool, workspace_id: UUID, asked: Asked, cohort: Cohort, time_zone: str
) -> list[Fate]:
    values = {**asked.values(workspace_id), "time_zone": time_zone}
    rows = await ask(database, _query(asked, cohort), values)
    return [
        Fate(StageKey(*row[:3]), row["month"], _FATES[row["fate"]], row["projects"]) for row in rows
    ]


@dataclass(slots=True)
class _Counts:
    by_fate: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_FATES, 0))

    def document(self) -> dict[str, Any]:
        entered = sum(self.by_fate.values())
        went_on = self.by_fate["went_on"]
        decided = entered - self.by_fate["still_there"] - self.by_fate["migrated"]
        return {
            "entered": entered,
            **self.by_fate,
            "conversion": ratio(went_on, entered),
            "conversion_of_decided": ratio(went_on, decided),
            "few": entered < FEW,
        }


def conversion(
    found: Iterable[Fate], stages: Stages, *, by_month: bool
) -> Sequence[dict[str, Any]]:
    cells: dict[tuple[StageKey, date | None], _Counts] = {}
    for one in found:
        counts = cells.setdefault((one.key, one.month if by_month else None), _Counts())
        counts.by_fate[one.fate] += one.projects
    ordered = sorted(cells, key=lambda cell: (stages.place(cell[0]), cell[1] or date.min))
    return [
        {
            **stages.named(key),
            "month": f"{month:%Y-%m}" if month else None,
            **cells[key, month].document(),
        }
        for key, month in ordered
    ]
