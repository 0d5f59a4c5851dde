"""By which day a project should leave its stage: as the clock has it (genjin.clock.crossings), in SQL."""


def _day(instant: str) -> str:
    return f"({instant} AT TIME ZONE :time_zone)::date"


def due_on(project: str, max_days: str) -> str:
    """Of rows like those of genjin.project_standing of open projects; null where max_days is. The days of suspension
    since the entry do not count, no day twice: that of a suspension does not, that of a resumption does.
    """
    entered = _day(f"{project}.entered_at")
    since, ended = _day("out.since"), _day("out.ended_at")
    return f"""
    CASE WHEN {max_days} IS NOT NULL THEN {entered} + {max_days} + coalesce((
        SELECT sum(upper(days) - lower(days))::int
          FROM (SELECT unnest(range_agg(daterange(greatest({since}, {entered}), greatest({since}, {ended}, {entered}))))
                    AS days
                  FROM genjin.suspension out
                 WHERE out.workspace_id = :workspace AND out.project_id = {project}.project_id
                   AND out.ended_at IS NOT NULL AND out.position <= :position) AS rested), 0) END
    """
