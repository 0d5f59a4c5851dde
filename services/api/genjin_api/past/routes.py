"""Time travel over HTTP: a project's whole state, what lies between two points, who set each field."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from genjin.canonical import instant
from genjin_api.acting import Caller
from genjin_api.action import Request as WriteRequest
from genjin_api.field_changes import document
from genjin_api.forms.reading import disclose_project, has_personal
from genjin_api.http.answers import listed, shown
from genjin_api.http.context import CurrentServices, RecordedRead, Services
from genjin_api.http.cursors import read_cursor
from genjin_api.http.documents import ActorDocument, page_of, reads
from genjin_api.http.pages import page_with_next
from genjin_api.http.problems import language_of
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import kept, shown_then, unkept
from genjin_api.past.blame import blamed, changed_between, last_set
from genjin_api.past.difference import Line, json_patch, lines
from genjin_api.past.points import RULE, TEXT_MAX, parse_point, point_refused
from genjin_api.past.reading import Past, Then, project_at
from genjin_api.projects.projection import PROJECT
from genjin_api.projects.reading import load_project, project_version
from genjin_api.projects.state import Project
from genjin_api.projects.writing import template_of

router = APIRouter(prefix="/v1/projects/{project_id}", tags=["history"], route_class=JsonRoute)

# Between two points further apart the lines name no events.
LINKED_EVENTS_MAX = 2000
PATH_MAX = 500


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


class BlameDocument(BaseModel):
    """A field and the event that last set it; value null: it was taken away."""

    path: str
    value: Any
    event_id: UUID
    version: int
    position: int
    type: str
    actor: ActorDocument
    recorded_at: datetime
    occurred_at: datetime


@router.get(
    "/state",
    summary="A project's whole state",
    **reads(StateDocument, "not_found", "point_in_future"),
)
async def get_state(
    services: CurrentServices, read: RecordedRead, project_id: UUID, then: Then
) -> Response:
    if then:
        shown_project = await disclose_project(services, read, then.project)
        return shown_then(document(shown_project), then, personal=has_personal(then.project))
    project = await load_project(services, read.caller, project_id)
    response = shown(document(await disclose_project(services, read, project)), project.version)
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
    before, after = await _disclose_difference(services, read, start.project, end.project)
    language = language_of(request.headers.get("accept-language"))
    told = lines(
        before,
        after,
        await template_of(services, read.caller, after),
        language,
        await _events(services, read.caller, start, end),
    )
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
        return kept(response, end.place, personal=personal)
    return unkept(response) if personal else response


async def _at(
    services: Services, caller: Caller, project_id: UUID, text: str, parameter: str
) -> Past:
    point = parse_point(text, parameter)
    return await project_at(services, caller, project_id, point, parameter=parameter)


async def _disclose_difference(
    services: Services, read: WriteRequest, start: Project, end: Project
) -> tuple[Project, Project]:
    """Both with those forms in the clear that are not the same in both."""
    names = {
        name
        for name in start.forms.keys() | end.forms.keys()
        if start.forms.get(name) != end.forms.get(name)
    }
    before = await disclose_project(services, read, start, names)
    return before, await disclose_project(services, read, end, names)


def _form_of(path: str) -> str:
    """The form that a path of the state leads into; anything else for other paths."""
    return path.split("/")[2] if path.startswith("/forms/") else ""


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


@router.get(
    "/blame",
    summary="Who last set each field",
    **reads(
        page_of("Blame", BlameDocument),
        "not_found",
        "point_in_future",
        "cursor_invalid",
    ),
)
async def get_blame(
    services: CurrentServices,
    read: RecordedRead,
    project_id: UUID,
    then: Then,
    path: str = Query("", max_length=PATH_MAX, description="a JSON Pointer: only below it"),
    limit: int = Query(100, ge=1, le=200),
    cursor: str | None = Query(None, max_length=1000),
) -> Response:
    if path and not path.startswith("/"):
        raise point_refused("path", "must be a JSON Pointer, as /header/region")
    caller = read.caller
    version = then.project.version if then else await project_version(services, caller, project_id)
    key, workspace_id = services.settings.secret_key_bytes, caller.workspace_id
    # The walk stays at the version that it began at.
    signed = {"list": "blame", "project": str(project_id), "path": path, "as_of": _as_of(then)}
    place = read_cursor(key, workspace_id, signed, cursor)
    after, version = place or ("", version)
    found = await last_set(services.database, workspace_id, project_id, version, path)
    paths = [one for one in found if one > after]
    page = {one: found[one] for one in paths[:limit]}
    project = await services.states.at(PROJECT, workspace_id, project_id, version)
    if project is not None and any(one.startswith("/forms/") for one in page):
        project = await disclose_project(services, read, project, {_form_of(one) for one in page})
    items = await blamed(services.database, workspace_id, project_id, page, document(project))
    if len(paths) > limit:
        given = {"path": path, "limit": limit} | ({"as_of": version} if then else {})
        here, list_ = [paths[limit - 1], version], f"/v1/projects/{project_id}/blame"
        response = page_with_next(key, workspace_id, list_, signed, items, here, given)
    else:
        response = listed(items)
    response.headers["ETag"] = f'"{version}"'
    personal = project is not None and has_personal(project)
    if then:
        return kept(response, then.place, personal=personal)
    return unkept(response) if personal else response


def _as_of(then: Past | None) -> int | None:
    return then.project.version if then else None
