"""Rows that reports count for projects whose events are older than the tables: made when a report is asked for.

The append writes these rows since the tables are there. What is missing follows from a project's events alone, so
whoever makes it, and how often, it is the same. A workspace that was found to lack nothing is never looked through
again. A rebuild of the projections makes all of them at once.
"""

from uuid import UUID

from genjin.canonical import plain_json
from genjin.event import stream_of
from genjin.log.reading import Reading, read_stream
from genjin_api.http.problems import ProblemError
from genjin_api.projects.projection import PROJECT

MADE_AT_ONCE_MAX = 50
TABLES = (
    *("stage_entry", "stage_exit", "suspension", "judgement", "follow_up_past"),
    *("project_standing", "project_standing_past"),
)

# Whether every project of a workspace has its rows.
_IS_COMPLETE = """
SELECT EXISTS (SELECT FROM genjin.counted_complete WHERE workspace_id = $1) AS is_complete
"""

_MARK_COMPLETE = """
INSERT INTO genjin.counted_complete (workspace_id) VALUES ($1) ON CONFLICT DO NOTHING
"""

# Projects of which it is not told that they entered their first stage.
_INCOMPLETE = """
SELECT p.id FROM genjin.project p
 WHERE p.workspace_id = $1
   AND NOT EXISTS (SELECT FROM genjin.stage_entry e
                    WHERE e.workspace_id = p.workspace_id AND e.project_id = p.id AND e.ordinal = 1)
 LIMIT $2
"""


# A row that an append has written meanwhile is at least as new.
def _insert(table: str) -> str:
    return (
        f"INSERT INTO genjin.{table}"
        f" SELECT r.* FROM jsonb_populate_recordset(NULL::genjin.{table}, $1::jsonb) r ON CONFLICT DO NOTHING"
    )


async def complete_counted(database: Reading, workspace_id: UUID) -> None:
    """Make what is missing; ProblemError (503, ask again) where that is more than fits into one request."""
    if await database.fetchval(_IS_COMPLETE, workspace_id):
        return
    missing = await database.fetch(_INCOMPLETE, workspace_id, MADE_AT_ONCE_MAX + 1)
    for row in missing[:MADE_AT_ONCE_MAX]:
        await _complete(database, workspace_id, row["id"])
    if len(missing) > MADE_AT_ONCE_MAX:
        raise ProblemError("busy", "what reports count is being made for the first time")
    await database.execute(_MARK_COMPLETE, workspace_id)


async def _complete(database: Reading, workspace_id: UUID, project_id: UUID) -> None:
    """That it entered its first stage is written last: until then the project counts as incomplete."""
    events = await read_stream(database, workspace_id, stream_of("project", project_id))
    project, past = PROJECT.fold_with_past(None, events)
    assert project is not None, "a project's row follows from its events"
    rows = PROJECT.rows(None, project) | past
    for table in reversed(TABLES):
        told = [{"workspace_id": workspace_id, **row} for row in rows.get(table, [])]
        await database.execute(_insert(table), plain_json(told).decode())
