"""How long projects were in their stages: medians and ninetieth percentiles, in calendar and in working days.

The days of a visit are those of stages/durations.py: after the day of the entry up to the day of the leaving, without
what was suspended. A project's visits to a stage add up. One that is there still is counted apart, for its days are not
over.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from genjin.working_days import WorkingDays
from genjin_api.reports.asking import Asked, ask, by_template, counted_visits, one_snapshot
from genjin_api.reports.days import beginning, in_zone
from genjin_api.reports.numbers import FEW
from genjin_api.reports.stages import StageKey, Stages
from genjin_api.reports.visits import AGAIN, EXITS_OF_AGAIN, FENCE, VISITED_ONCE

# The times that a workspace's stages were entered and left in.
_SPAN = """
SELECT (SELECT min(entered_at) FROM genjin.stage_entry WHERE workspace_id = :workspace) AS first,
       (SELECT max(left_at) FROM genjin.stage_exit WHERE workspace_id = :workspace) AS last
"""

# Per project the time in which it was suspended, up to now.
_SUSPENDED = """
SELECT project_id, range_agg(tstzrange(since, coalesce(ended_at, :moment))) AS spans
  FROM (
    SELECT project_id, since, ended_at FROM genjin.suspension
     WHERE workspace_id = :workspace AND position <= :position AND ended_at > since
    UNION ALL
    SELECT project_id, since, ended_at FROM (
        SELECT DISTINCT ON (project_id) project_id, since, ended_at FROM genjin.suspension
         WHERE workspace_id = :workspace AND position <= :position ORDER BY project_id, version DESC) AS newest
     WHERE ended_at IS NULL AND since < :moment) AS told
 GROUP BY project_id
"""


def _day(instant: str) -> str:
    """The number of a day, from the first; looked up among midnights, for a time zone takes several times as long."""
    return f"(width_bucket({instant}, :midnights::timestamptz[]) - 1)"


def _working(day: str) -> str:
    return f"(:working::int[])[{day} + 1]"


# Of one visit the suspended days, calendar and working ones.
_OUT = f"""
SELECT ARRAY[sum(till - since), sum({_working("till")} - {_working("since")})]
  FROM (SELECT {_day("lower(part)")} AS since, {_day("upper(part)")} AS till
          FROM unnest(s.spans * tstzmultirange(tstzrange(x.entered_at, greatest(x.entered_at, x.left_at)))) AS part
       ) AS parts
"""

_FIRST = "first_entered_at"
_EXITS_OF_SUSPENDED = """
suspended CROSS JOIN LATERAL (
    SELECT * FROM genjin.stage_exit e
     WHERE e.workspace_id = :workspace AND e.project_id = suspended.project_id OFFSET 0) AS x
"""
_STAY = "template_key, template_version, stage, calendar, working"
_ENTERED_BY = "x.entered_template_key AS template_key, x.entered_template_version AS template_version, x.stage"


# How many projects entered each stage.
def _entered(asked: Asked) -> str:
    return f"""
    SELECT template_key, template_version, stage, NULL::int AS calendar, NULL::int AS working,
           0 AS projects, 0 AS visits, count(*) AS entered
      FROM genjin.stage_entry e WHERE e.number = 1 AND {counted_visits("e", asked, _FIRST)}
     GROUP BY template_key, template_version, stage
    """


# Stays that are over, with nothing to add up or to take off. Days are null where the project left before it entered.
def _simple_stays(asked: Asked) -> str:
    return f"""
    SELECT {_STAY}, count(*), count(*), 0
      FROM (
        SELECT template_key, template_version, stage, CASE WHEN known THEN "left" - entered END AS calendar,
               CASE WHEN known THEN {_working('"left"')} - {_working("entered")} END AS working
          FROM (SELECT {_ENTERED_BY}, x.left_at >= x.entered_at AS known,
                       {_day("x.entered_at")} AS entered, {_day("x.left_at")} AS left
                  FROM genjin.stage_exit x
                 WHERE x.number = 1 AND {counted_visits("x", asked, _FIRST)} AND {VISITED_ONCE}
                   AND x.project_id NOT IN (SELECT project_id FROM suspended) {FENCE}) AS visit
               {FENCE}) AS stay
     GROUP BY {_STAY}
    """


# The visits of a project to a stage added up, less what was suspended, where the last of them is over.
def _other_stays(asked: Asked) -> str:
    return f"""
    SELECT {_STAY}, count(*), sum(visits)::bigint, 0
      FROM (
        SELECT min(template_key) FILTER (WHERE number = 1) AS template_key,
               min(template_version) FILTER (WHERE number = 1) AS template_version, stage, count(*) AS visits,
               CASE WHEN bool_and(known) THEN sum("left" - entered - coalesce(out[1], 0)) END::int AS calendar,
               CASE WHEN bool_and(known)
                    THEN sum({_working('"left"')} - {_working("entered")} - coalesce(out[2], 0)) END::int AS working
          FROM (SELECT {_ENTERED_BY}, x.project_id, x.number, x.last, x.left_at >= x.entered_at AS known,
                       {_day("x.entered_at")} AS entered, {_day("x.left_at")} AS left,
                       CASE WHEN s.spans IS NOT NULL THEN ({_OUT}) END AS out
                  FROM (SELECT x.*, again.last FROM {EXITS_OF_AGAIN}
                        UNION ALL
                        SELECT x.*, 1 FROM {_EXITS_OF_SUSPENDED} WHERE {VISITED_ONCE}) AS x
                  LEFT JOIN suspended s ON s.project_id = x.project_id
                 WHERE {counted_visits("x", asked, _FIRST)} {FENCE}) AS visit
         GROUP BY project_id, stage HAVING count(*) = min(last)) AS stay
     GROUP BY {_STAY}
    """


# Per template version and stage. A percentile is the first length that so many stays do not exceed.
def _query(asked: Asked) -> str:
    return f"""
    WITH {AGAIN}, suspended AS MATERIALIZED ({_SUSPENDED}),
    stay AS (
        SELECT *, calendar IS NOT NULL AS known
          FROM ({_entered(asked)} UNION ALL {_simple_stays(asked)} UNION ALL {_other_stays(asked)}) AS stays
         {by_template(asked)}),
    ranked AS (
        SELECT *, sum(projects) FILTER (WHERE known) OVER of_stage AS whole,
               sum(projects) FILTER (WHERE known) OVER (of_stage ORDER BY calendar) AS by_calendar,
               sum(projects) FILTER (WHERE known) OVER (of_stage ORDER BY working) AS by_working
          FROM stay WINDOW of_stage AS (PARTITION BY template_key, template_version, stage))
    SELECT template_key, template_version, stage,
           coalesce(sum(projects) FILTER (WHERE known), 0)::bigint AS projects,
           coalesce(sum(visits) FILTER (WHERE known), 0)::bigint AS visits,
           (sum(entered) - sum(projects))::bigint AS still_there,
           coalesce(sum(projects) FILTER (WHERE NOT known), 0)::bigint AS out_of_order,
           ARRAY[min(calendar) FILTER (WHERE known AND by_calendar >= 0.5 * whole),
                 min(calendar) FILTER (WHERE known AND by_calendar >= 0.9 * whole)] AS calendar,
           ARRAY[min(working) FILTER (WHERE known AND by_working >= 0.5 * whole),
                 min(working) FILTER (WHERE known AND by_working >= 0.9 * whole)] AS working
      FROM ranked GROUP BY template_key, template_version, stage
    """


class Calendar:
    """The working days of a workspace from the first day that its reports can meet to the last."""

    def __init__(self, first: date, last: date, time_zone: str, days: WorkingDays) -> None:
        self.working = days.running_count(first, last)
        self.midnights = [
            beginning(date.fromordinal(day), time_zone)
            for day in range(first.toordinal(), last.toordinal() + 1)
        ]
        self.known = days.knows(range(first.year, last.year + 1))


async def calendar_of(
    database: asyncpg.Pool, workspace_id: UUID, moment: Any, time_zone: str, days: WorkingDays
) -> Calendar:
    [span] = await ask(database, _SPAN, {"workspace": workspace_id})
    first, last = span["first"] or moment, max(span["last"] or moment, moment)
    begin, end = in_zone(first, time_zone).date(), in_zone(last, time_zone).date()
    return Calendar(begin, end, time_zone, days)


async def durations(
    database: asyncpg.Pool,
    workspace_id: UUID,
    asked: Asked,
    calendar: Calendar,
    moment: Any,
) -> Sequence[asyncpg.Record]:
    """moment is when an open suspension is looked at."""
    values = asked.values(workspace_id) | {
        "midnights": calendar.midnights,
        "working": calendar.working,
        "moment": moment,
    }
    async with one_snapshot(database) as connection:
        return await ask(connection, _query(asked), values)


def stage_key(row: asyncpg.Record) -> StageKey:
    return StageKey(row["template_key"], row["template_version"], row["stage"])


def shown_durations(rows: Sequence[asyncpg.Record], stages: Stages) -> list[dict[str, Any]]:
    return [
        {
            **stages.named(stage_key(row)),
            "projects": row["projects"],
            "visits": row["visits"],
            "calendar_days": _two(row["calendar"]),
            "working_days": _two(row["working"]),
            "few": row["projects"] < FEW,
            "left_out": {"still_there": row["still_there"], "out_of_order": row["out_of_order"]},
        }
        for row in sorted(rows, key=lambda row: stages.place(stage_key(row)))
    ]


def _two(percentiles: list[Any] | None) -> dict[str, int] | None:
    if not percentiles or percentiles[0] is None:
        return None
    return {"median": int(percentiles[0]), "p90": int(percentiles[1])}
