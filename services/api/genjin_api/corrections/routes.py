"""Corrections over HTTP: a new fact that names a wrong one."""

from uuid import UUID

import orjson
from fastapi import APIRouter
from fastapi.responses import Response

from genjin.event import stamp_of, stream_of
from genjin_api.acting import Caller
from genjin_api.corrections import decider
from genjin_api.corrections.state import EntryCorrection
from genjin_api.http.answers import listed
from genjin_api.http.context import CurrentCaller, CurrentServices, Services, Write
from genjin_api.http.documents import answer_of, page_of, reads, writes
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import listed_then
from genjin_api.past.reading import Then
from genjin_api.projects.reading import load_project
from genjin_api.projects.writing import write_project

router = APIRouter(
    prefix="/v1/projects/{project_id}/corrections", tags=["corrections"], route_class=JsonRoute
)

CorrectionAnswer = answer_of("correction", EntryCorrection)

# One event of one stream.
_ENTRY = """
SELECT type, body FROM genjin.event WHERE workspace_id = $1 AND id = $2 AND stream = $3
"""


@router.get(
    "",
    summary="A project's corrections, oldest first",
    **reads(page_of("Correction", EntryCorrection), "not_found", "point_in_future"),
)
async def list_corrections(
    services: CurrentServices, caller: CurrentCaller, project_id: UUID, then: Then
) -> Response:
    if then:
        return listed_then(then.project.corrections.values(), then)
    project = await load_project(services, caller, project_id)
    return listed(project.corrections.values())


@router.post(
    "",
    summary="Correct a wrong fact by a new one that names it",
    **writes(CorrectionAnswer, "not_found", "correction_refused", status=201),
)
async def correct_entry(
    services: CurrentServices, write: Write, project_id: UUID, command: decider.CorrectEntry
) -> Response:
    """The receipts that rest on the event are marked, and the judgements of the current stage turn stale."""
    entry = await _entry(services, write.caller, project_id, command.event_id)
    return await write_project(
        services,
        write,
        project_id,
        lambda project, _template, _: decider.correct(project, command, entry, write.caller),
        lambda project: {"correction": project.corrections[str(command.event_id)]},
        status=201,
        location=f"/v1/projects/{project_id}/corrections",
        occurred_at=command.occurred_at,
    )


async def _entry(
    services: Services, caller: Caller, project_id: UUID, event_id: UUID
) -> decider.Entry | None:
    """What is looked up once: an event never changes, and its id is known to nobody before it is there."""
    stream = stream_of("project", project_id)
    row = await services.database.fetchrow(_ENTRY, caller.workspace_id, event_id, stream)
    if row is None:
        return None
    body = orjson.loads(row["body"])
    actor = stamp_of(body).actor
    return decider.Entry(event_id, row["type"], actor.id, actor.role, body["data"])
