"""What occurred in a project's engagements while the project was closed: read from the log when it is reopened."""

from collections.abc import Sequence
from uuid import UUID

import orjson

from genjin.catalog import decode
from genjin.event import identifier_in, stream_of
from genjin.risks.events import RiskOccurred
from genjin_api.acting import Caller
from genjin_api.engagements.state import linked
from genjin_api.http.context import Services
from genjin_api.projects.projection import PROJECT
from genjin_api.risks.raising import Missed

OCCURRENCES_MAX = 200

# The newest occurrences of each risk of the engagements since an event of the project.
_OCCURRED = """
SELECT stream, body FROM (
    SELECT DISTINCT ON (stream, body::jsonb->'data'->>'risk_id') position, stream, body FROM genjin.event
     WHERE workspace_id = $1 AND type = 'risk.occurred' AND stream = ANY ($2) AND position > (
           SELECT position FROM genjin.event WHERE workspace_id = $1 AND stream = $3 AND version = $4)
     ORDER BY stream, body::jsonb->'data'->>'risk_id', position DESC) AS newest
 ORDER BY position DESC LIMIT $5
"""


async def missed_by(services: Services, caller: Caller, project_id: UUID) -> Sequence[Missed]:
    """Of each risk the newest occurrence, the oldest first; nothing where the project is not closed, or none."""
    workspace_id, states = caller.workspace_id, services.states
    project = await states.load(PROJECT, workspace_id, project_id)
    if project is None or project.status != "closed":
        return []
    engagements = [stream_of("project", link.id) for link in linked(project.engagements)]
    rows = await services.database.fetch(
        _OCCURRED,
        workspace_id,
        engagements,
        stream_of("project", project_id),
        project.course.current.left_version,
        OCCURRENCES_MAX,
    )
    found = []
    for stream, body in reversed(rows):
        event = orjson.loads(body)
        occurred = decode(event["type"], event["schema_version"], event["data"])
        engagement = await states.load(PROJECT, workspace_id, identifier_in(stream))
        assert engagement is not None and isinstance(occurred, RiskOccurred)
        found.append(Missed(engagement, occurred, UUID(event["id"])))
    return found
