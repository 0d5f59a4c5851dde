"""Time travel over HTTP: a project's whole state, and what lies between two points."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from genjin.canonical import instant
from genjin_api.acting import Caller
from genjin_api.field_changes import document
from genjin_api.forms.reading import has_personal
from genjin_api.http.answers import shown
from genjin_api.http.context import CurrentServices, RecordedRead, Services
from genjin_api.http.documents import reads
from genjin_api.http.problems import language_of
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import kept, shown_then, unkept
from genjin_api.past.blame import changed_between
from genjin_api.past.difference import Line, json_patch, lines
from genjin_api.past.disclosing import disclose_difference, disclose_state
from genjin_api.past.points import RULE, TEXT_MAX, parse_point
from genjin_api.past.reader import reader_of
from genjin_api.past.reading import Past, Then, project_at
from genjin_api.projects.reading import load_project, project_version
from genjin_api.projects.writing import template_of
from genjin_api.stakeholders.reading import names_of_stakeholders

router = APIRouter(prefix="/v1/projects/{project_id}", tags=["history"], route_class=JsonRoute)

# Between two points further apart the lines name no events.
LINKED_EVENTS_MAX = 2000


class StateDocument(BaseModel):
    """The whole project as JSON: what the paths of changes, diff and blame lead into."""

    model_config = ConfigDict(extra="allow")

    id: UUID
    code: str


class PointDocument(BaseModel):
    version: int
    position: int
    at: datetime


class OperationDocument(BaseModel):
    """RFC 6902; value is not there in a removal."""

    op: Literal["add", "remove", "replace"]
    path: str
    value: Any = None


class DiffDocument(BaseModel):
    """Applied to the state at `from`, patch gives the state at `to`."""

    model_config = ConfigDict(populate_by_name=True)

    from_: PointDocument = Field(alias="from")
    to: PointDocument
    patch: list[OperationDocument]
    lines: list[Line]


@router.get(
    "/state",
    summary="A project's whole state",
    **reads(StateDocument, "not_found", "point_in_future"),
)
async def get_state(
    services: CurrentServices, read: RecordedRead, project_id: UUID, then: Then
) -> Response:
    if then:
        shown_project = await disclose_state(services, read, then.project, past=True)
        return shown_then(document(shown_project), then, personal=has_personal(then.project))
    project = await load_project(services, read.caller, project_id)
    shown_project = await disclose_state(services, read, project, past=False)
    response = shown(document(shown_project), project.version)
    return unkept(response) if has_personal(project) else response


@router.get(
    "/diff",
    summary="What lies between two points",
    **reads(DiffDocument, "not_found", "point_in_future"),
)
async def get_diff(
    request: Request,
    services: CurrentServices,
    read: RecordedRead,
    project_id: UUID,
    from_: str = Query("2", alias="from", max_length=TEXT_MAX, description=RULE),
    to: str | None = Query(None, max_length=TEXT_MAX, description=f"default: now; else {RULE}"),
) -> Response:
    newest = await project_version(services, read.caller, project_id)
    start = await _at(services, read.caller, project_id, from_, "from")
    end = await _at(services, read.caller, project_id, to or str(newest), "to")
    before, after = await disclose_difference(services, read, start.project, end.project)
    language = language_of(request.headers.get("accept-language"))
    states = after, before
    pinned = await template_of(services, read.caller, after)
    names = await names_of_stakeholders(services, read, before, after)
    reader = reader_of(pinned, states, language, read.caller.time_zone, names)
    told = lines(before, after, reader, await _events(services, read.caller, start, end))
    body = {
        "from": _point(start),
        "to": _point(end),
        "patch": list(json_patch(document(before), document(after))),
        "lines": list(told),
    }
    response = shown(body, end.project.version)
    response.headers["Content-Language"] = language
    personal = has_personal(start.project) or has_personal(end.project)
    if to:
        lasting = start.place.lasting and end.place.lasting
        return kept(response, end.place.position, lasting=lasting, personal=personal)
    return unkept(response) if personal else response


async def _at(
    services: Services, caller: Caller, project_id: UUID, text: str, parameter: str
) -> Past:
    point = parse_point(text, parameter)
    return await project_at(services, caller, project_id, point, parameter=parameter)


async def _events(
    services: Services, caller: Caller, start: Past, end: Past
) -> dict[str, list[int]] | None:
    """By path, the events between two points in either order; None: too many."""
    first, last = sorted((start.project.version, end.project.version))
    if last - first > LINKED_EVENTS_MAX:
        return None
    return await changed_between(
        services.database, caller.workspace_id, start.project.id, first, last
    )


def _point(past: Past) -> dict[str, Any]:
    place = past.place
    return {
        "version": past.project.version,
        "position": place.position,
        "at": instant(place.at),
    }
