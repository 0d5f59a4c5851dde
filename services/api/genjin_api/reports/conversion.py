"""What became of the projects that entered a stage: SQL counts them by fate, the rest is adding up."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import asyncpg

from genjin_api.reports.asking import Asked, ask, by_template, counted_visits, one_snapshot
from genjin_api.reports.days import beginning, in_zone
from genjin_api.reports.numbers import FEW, ratio
from genjin_api.reports.stages import StageKey, Stages
from genjin_api.reports.visits import AGAIN, EXITS_OF_AGAIN, FENCE, VISITED_ONCE

Cohort = Literal["entry", "creation"]
_TIMES: dict[Cohort, str] = {"entry": "first_entered_at", "creation": "created_at"}
_FATES = ("still_there", "returned", "ended", "migrated", "went_on", "entered")


# Each project and stage once, by the template version and the month of its cohort: all that entered, and what became of
# those that left. What a project did last counts, unless it went through the gate in any of its visits.
def _query(asked: Asked, cohort: Cohort, *, by_month: bool) -> str:
    time = _TIMES[cohort]
    return f"""
    WITH {AGAIN}
    SELECT template_key, template_version, stage, month, fate, sum(projects)::bigint AS projects
      FROM (
        SELECT template_key, template_version, stage, month, {_FATES.index("entered")} AS fate, count(*) AS projects
          FROM (SELECT e.template_key, e.template_version, e.stage, {_month(f"e.{time}", by_month)} AS month
                  FROM genjin.stage_entry e
                 WHERE e.number = 1 AND {counted_visits("e", asked, time)} {FENCE}) AS entry
         GROUP BY template_key, template_version, stage, month
        UNION ALL
        SELECT template_key, template_version, stage, month, fate, count(*)
          FROM (SELECT {_ENTERED_BY}, {_month(f"x.{time}", by_month)} AS month,
                       CASE WHEN x.passed THEN {_WENT_ON} ELSE {_LEFT_BY} END AS fate
                  FROM genjin.stage_exit x
                 WHERE x.number = 1 AND {counted_visits("x", asked, time)} AND {VISITED_ONCE} {FENCE}) AS once
         GROUP BY template_key, template_version, stage, month, fate
        UNION ALL
        SELECT min(x.entered_template_key) FILTER (WHERE x.number = 1),
               min(x.entered_template_version) FILTER (WHERE x.number = 1), x.stage,
               {_month(f"min(x.{time})", by_month)},
               CASE WHEN bool_or(x.passed) THEN {_WENT_ON}
                    ELSE coalesce(max({_LEFT_BY}) FILTER (WHERE x.number = again.last), 0) END, 1
          FROM {EXITS_OF_AGAIN}
         WHERE {counted_visits("x", asked, time)}
         GROUP BY x.project_id, x.stage) AS visited
     {by_template(asked)}
     GROUP BY template_key, template_version, stage, month, fate
    """


_ENTERED_BY = "x.entered_template_key AS template_key, x.entered_template_version AS template_version, x.stage"
_WENT_ON = _FATES.index("went_on")
_LEFT_BY = "CASE x.left_by WHEN 'return' THEN 1 WHEN 'closing' THEN 2 WHEN 'migration' THEN 3 END"


# When the first and the last of a cohort were.
def _span(cohort: Cohort) -> str:
    time = _TIMES[cohort]
    return (
        f"SELECT min({time}), max({time}) FROM genjin.stage_entry WHERE workspace_id = :workspace"
    )


def _month(time: str, by_month: bool) -> str:
    """The number of the month, from 1; looked up among their beginnings, as days are in stage_durations.py."""
    return f"width_bucket({time}, :months::timestamptz[])" if by_month else "0"


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
    values = asked.values(workspace_id)
    async with one_snapshot(database) as connection:
        [(first, last)] = await ask(connection, _span(cohort), values)
        months = _months(first, last, time_zone) if by_month else []
        begun = [beginning(month, time_zone) for month in months]
        query = _query(asked, cohort, by_month=by_month)
        rows = await ask(connection, query, {**values, "months": begun})
    found = Counter[tuple[StageKey, date | None, str]]()
    for *key, month, fate, projects in rows:
        cell = StageKey(*key), months[month - 1] if by_month else None
        if _FATES[fate] == "entered":
            found[*cell, "still_there"] += projects
        else:
            found[*cell, "still_there"] -= projects
            found[*cell, _FATES[fate]] += projects
    return [Fate(*of, projects) for of, projects in found.items() if projects]


def _months(first: datetime | None, last: datetime | None, time_zone: str) -> list[date]:
    """Those in which the span lies, each by its first day."""
    if first is None or last is None:
        return []
    begin, end = in_zone(first, time_zone), in_zone(last, time_zone)
    return [
        date(number // 12, number % 12 + 1, 1)
        for number in range(begin.year * 12 + begin.month - 1, end.year * 12 + end.month)
    ]


@dataclass(slots=True)
class _Counts:
    by_fate: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_FATES[:-1], 0))

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
