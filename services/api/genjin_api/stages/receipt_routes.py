"""Gate receipts over HTTP: what was kept of a passed gate, and whether the log gives it again."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, cast
from uuid import UUID

import orjson
from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import BaseModel

from genjin.catalog import decode
from genjin.event import RecordedEvent, stamp_of, stream_of
from genjin.log.reading import read_stream_part
from genjin_api.acting import Caller
from genjin_api.action import RefusedError
from genjin_api.corrections.basis import CorrectedBasis
from genjin_api.http.answers import shown
from genjin_api.http.context import CurrentCaller, CurrentServices, Services
from genjin_api.http.documents import reads
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import shown_then
from genjin_api.past.reading import Then
from genjin_api.projects.projection import PROJECT
from genjin_api.projects.reading import load_project
from genjin_api.projects.state import Project
from genjin_api.refusal import not_found
from genjin_api.stages.receipts import Difference, Passage, differences
from genjin_api.stages.state import Visit, visit_key
from genjin_api.templates.library import NoTemplateError

router = APIRouter(prefix="/v1/projects/{project_id}", tags=["stages"], route_class=JsonRoute)

VISITS_MAX = 10**6


class ReceiptDocument(BaseModel):
    """A receipt with the event that holds it. replays: the gate gives the same on the state before that event, with
    the receipt's template version and day; where it does not, differences say in what. basis_corrected: events that it
    rests on were corrected since.
    """

    stage: str
    visit: int
    event_id: UUID
    version: int
    position: int
    recorded_at: datetime
    receipt: dict[str, Any]
    replays: bool
    differences: list[Difference]
    basis_corrected: list[CorrectedBasis]


@router.get(
    "/stages/{stage}/visits/{number}/receipt",
    summary="The receipt of a passed gate, replayed from the log",
    **reads(ReceiptDocument, "not_found", "point_in_future"),
)
async def get_receipt(
    services: CurrentServices,
    caller: CurrentCaller,
    project_id: UUID,
    stage: str,
    number: Annotated[int, Path(ge=1, le=VISITS_MAX)],
    then: Then,
) -> Response:
    project = then.project if then else await load_project(services, caller, project_id)
    visit = project.course.visits.get(visit_key(stage, number))
    if visit is None or visit.receipt is None or visit.left_version is None:
        raise RefusedError(not_found("receipt of a visit", visit_key(stage, number)))
    document = await _document(services, caller, project, visit, visit.left_version)
    return shown_then(document, then) if then else shown(document, project.version)


async def _document(
    services: Services, caller: Caller, project: Project, visit: Visit, version: int
) -> dict[str, Any]:
    event = await _passage(services, caller, project.id, version)
    body = orjson.loads(event.body)
    found = await _differences(services, caller, project.id, event, body)
    return {
        "stage": visit.stage,
        "visit": visit.number,
        "event_id": body["id"],
        "version": version,
        "position": event.position,
        "recorded_at": body["recorded_at"],
        "receipt": visit.receipt,
        "replays": not found,
        "differences": [asdict(one) for one in found],
        "basis_corrected": visit.basis_corrected,
    }


async def _passage(
    services: Services, caller: Caller, project_id: UUID, version: int
) -> RecordedEvent:
    [event] = await read_stream_part(
        services.database,
        caller.workspace_id,
        stream_of("project", project_id),
        version - 1,
        version,
    )
    return event


async def _differences(
    services: Services, caller: Caller, project_id: UUID, event: RecordedEvent, body: dict[str, Any]
) -> list[Difference]:
    workspace_id, version = caller.workspace_id, event.version
    before = await services.states.at(PROJECT, workspace_id, project_id, version - 1)
    assert before is not None, "a passage is not a stream's first event"
    passage = cast(Passage, decode(event.type, body["schema_version"], body["data"]))
    assert passage.receipt is not None, "the visit's receipt is this event's"
    pinned = passage.receipt["template"]
    try:
        template = await services.library.version(workspace_id, pinned["key"], pinned["version"])
    except NoTemplateError:
        return [Difference("/template", pinned, None)]
    actor = stamp_of(body).actor
    passer = Caller(workspace_id, actor.id, actor.name, "member", caller.time_zone)
    return differences(before, template, passage, passer)
