"""How long projects were in their stages: medians and ninetieth percentiles, in calendar and in working days.

The days of a visit are those of stages/durations.py: after the day of the entry up to the day of the leaving, without
what was suspended. A project's visits to a stage add up. One that is there still is counted apart, for its days are not
over.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from genjin.working_days import WorkingDays
from genjin_api.reports.asking import Asked, ask, by_template, counted_visits
from genjin_api.reports.numbers import FEW
from genjin_api.reports.stages import StageKey, Stages

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
    """The number of a day, from the first."""
    return f"(({instant} AT TIME ZONE :time_zone)::date - :first::date)"


def _working(day: str) -> str:
    return f"(:working::int[])[{day} + 1]"


# Of one visit the suspended days, calendar and working ones.
_OUT = f"""
SELECT ARRAY[sum(till - since), sum({_working("till")} - {_working("since")})]
  FROM (SELECT {_day("lower(part)")} AS since, {_day("upper(part)")} AS till
          FROM unnest(s.spans * tstzmultirange(tstzrange(e.entered_at, greatest(e.entered_at, x.left_at)))) AS part
       ) AS parts
"""


# Per template version and stage; of a project and a stage the visits are added up first.
def _query(asked: Asked) -> str:
    return f"""
    WITH suspended AS ({_SUSPENDED}),
    visit AS (
        SELECT e.project_id, e.stage, e.template_key, e.template_version, e.number, e.entered_at, x.left_at,
               {_day("e.entered_at")} AS entered, {_day("x.left_at")} AS left,
               CASE WHEN s.spans IS NOT NULL THEN ({_OUT}) END AS out
          FROM genjin.stage_entry e
          LEFT JOIN genjin.stage_exit x ON x.workspace_id = e.workspace_id AND x.project_id = e.project_id
                                       AND x.ordinal = e.ordinal AND x.position <= :position
          LEFT JOIN suspended s ON s.project_id = e.project_id
         WHERE {counted_visits("e", asked, "first_entered_at")}),
    stay AS (
        SELECT stage,
               min(template_key) FILTER (WHERE number = 1) AS template_key,
               min(template_version) FILTER (WHERE number = 1) AS template_version,
               count(*) AS visits,
               bool_or(left_at IS NULL) AS still_there,
               coalesce(bool_or(left_at < entered_at), false) AS out_of_order,
               sum("left" - entered - coalesce(out[1], 0)) AS calendar,
               sum({_working('"left"')} - {_working("entered")} - coalesce(out[2], 0)) AS working
          FROM visit GROUP BY project_id, stage)
    SELECT template_key, template_version, stage,
           count(*) FILTER (WHERE known) AS projects,
           coalesce(sum(visits) FILTER (WHERE known), 0)::bigint AS visits,
           count(*) FILTER (WHERE still_there) AS still_there,
           count(*) FILTER (WHERE out_of_order AND NOT still_there) AS out_of_order,
           percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY calendar) FILTER (WHERE known) AS calendar,
           percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY working) FILTER (WHERE known) AS working
      FROM (SELECT *, NOT still_there AND NOT out_of_order AS known FROM stay) AS stays
     {by_template(asked)}
     GROUP BY template_key, template_version, stage
    """


class Calendar:
    """The working days of a workspace from the first day that its reports can meet to the last."""

    def __init__(self, first: date, last: date, days: WorkingDays) -> None:
        self.first = first
        self.working = days.running_count(first, last)
        self.known = days.knows(range(first.year, last.year + 1))


async def calendar_of(
    database: asyncpg.Pool, workspace_id: UUID, moment: Any, time_zone: str, days: WorkingDays
) -> Calendar:
    [span] = await ask(database, _SPAN, {"workspace": workspace_id})
    zone = ZoneInfo(time_zone)
    first, last = span["first"] or moment, max(span["last"] or moment, moment)
    return Calendar(first.astimezone(zone).date(), last.astimezone(zone).date(), days)


async def durations(
    database: asyncpg.Pool,
    workspace_id: UUID,
    asked: Asked,
    calendar: Calendar,
    moment: Any,
    time_zone: str,
) -> Sequence[asyncpg.Record]:
    """moment is when an open suspension is looked at."""
    values = asked.values(workspace_id) | {
        "first": calendar.first,
        "working": calendar.working,
        "moment": moment,
        "time_zone": time_zone,
    }
    return await ask(database, _query(asked), values)


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
