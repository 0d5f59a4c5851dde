"""Rows of the project list's past for projects whose events are older than the table: made when they are asked for.

The append writes these rows since the table is there. A project from before has none for its first events; they follow
from its events alone, so whoever makes them, and how often, they are the same. A workspace that was found to lack none
is never looked through again.
"""

from uuid import UUID

from genjin.canonical import plain_json
from genjin.event import stream_of
from genjin.log.reading import Reading, read_stream
from genjin_api.http.problems import ProblemError
from genjin_api.projects.projection import past_of

# A project stands from this event on: project.created, then stage.entered.
FIRST_VERSION = 2
MADE_AT_ONCE_MAX = 50

# Whether every project of a workspace has its past.
_IS_COMPLETE = """
SELECT EXISTS (SELECT FROM genjin.project_past_complete WHERE workspace_id = $1) AS is_complete
"""

_MARK_COMPLETE = """
INSERT INTO genjin.project_past_complete (workspace_id) VALUES ($1) ON CONFLICT DO NOTHING
"""

# Projects whose past does not reach back to their first stage.
_INCOMPLETE = """
SELECT p.id FROM genjin.project p
 WHERE p.workspace_id = $1
   AND NOT EXISTS (SELECT FROM genjin.project_past r
                    WHERE r.workspace_id = p.workspace_id AND r.id = p.id AND r.version = $2)
 LIMIT $3
"""

_INSERT = """
INSERT INTO genjin.project_past
SELECT * FROM jsonb_populate_recordset(NULL::genjin.project_past, $1) ON CONFLICT DO NOTHING
"""


async def complete_past(database: Reading, workspace_id: UUID) -> None:
    """Make what is missing; ProblemError (503, ask again) where that is more than fits into one request."""
    if await database.fetchval(_IS_COMPLETE, workspace_id):
        return
    missing = await database.fetch(_INCOMPLETE, workspace_id, FIRST_VERSION, MADE_AT_ONCE_MAX + 1)
    for row in missing[:MADE_AT_ONCE_MAX]:
        events = await read_stream(database, workspace_id, stream_of("project", row["id"]))
        rows = [{"workspace_id": workspace_id, **past} for past in past_of(events)]
        await database.execute(_INSERT, plain_json(rows).decode())
    if len(missing) > MADE_AT_ONCE_MAX:
        raise ProblemError("busy", "the list of the past is being made for the first time")
    await database.execute(_MARK_COMPLETE, workspace_id)
