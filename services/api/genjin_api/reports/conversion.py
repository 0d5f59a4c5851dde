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
from genjin_api.reports.visits import VISITED_AGAIN, VISITED_ONCE, VISITS

Cohort = Literal["entry", "creation"]
_TIMES: dict[Cohort, str] = {"entry": "first_entered_at", "creation": "created_at"}
_FATES = ("still_there", "returned", "ended", "migrated", "went_on")


# Each project and stage once, by the template version and the month of its cohort. What it did last counts, unless it
# went through the gate in any of its visits. Most stages are visited once, and then nothing has to be put together.
def _query(asked: Asked, cohort: Cohort, *, by_month: bool) -> str:
    time = _TIMES[cohort]
    return f"""
    SELECT template_key, template_version, stage, month, fate, sum(projects)::bigint AS projects
      FROM (
        SELECT e.template_key, e.template_version, e.stage, {_month(f"e.{time}", by_month)} AS month,
               CASE WHEN x.passed THEN 4 ELSE {_LEFT_BY} END AS fate, count(*) AS projects
          FROM {VISITS} WHERE {counted_visits("e", asked, time)} AND {VISITED_ONCE}
         GROUP BY e.template_key, e.template_version, e.stage, month, x.passed, x.left_by
        UNION ALL
        SELECT min(e.template_key) FILTER (WHERE e.number = 1),
               min(e.template_version) FILTER (WHERE e.number = 1), e.stage,
               {_month(f"min(e.{time})", by_month)},
               CASE WHEN bool_or(x.passed) THEN 4 ELSE max(e.number * 4 + {_LEFT_BY}) % 4 END, 1
          FROM {VISITS} WHERE {counted_visits("e", asked, time)} AND {VISITED_AGAIN}
         GROUP BY e.project_id, e.stage) AS visited
     {by_template(asked)}
     GROUP BY template_key, template_version, stage, month, fate
    """


_LEFT_BY = (
    "CASE x.left_by WHEN 'return' THEN 1 WHEN 'closing' THEN 2 WHEN 'migration' THEN 3 ELSE 0 END"
)


def _month(time: str, by_month: bool) -> str:
    return (
        f"date_trunc('month', {time} AT TIME ZONE :time_zone)::date" if by_month else "NULL::date"
    )


@dataclass(frozen=True, slots=True)
class Fate:
    """So many projects entered this stage in this month, and this became of them. month None: whenever."""

    key: StageKey
    month: date | None
    fate: str
    projects: int


async def fates(
    database: asyncpg.Pool,
    workspace_id: UUID,
    asked: Asked,
    cohort: Cohort,
    time_zone: str,
    *,
    by_month: bool,
) -> list[Fate]:
    values = {**asked.values(workspace_id), "time_zone": time_zone}
    rows = await ask(database, _query(asked, cohort, by_month=by_month), values)
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


def conversion(found: Iterable[Fate], stages: Stages) -> Sequence[dict[str, Any]]:
    cells: dict[tuple[StageKey, date | None], _Counts] = {}
    for one in found:
        counts = cells.setdefault((one.key, one.month), _Counts())
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
