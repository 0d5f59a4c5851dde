"""Who last set each field of a project, over HTTP."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel

from genjin_api.action import Request
from genjin_api.field_changes import document
from genjin_api.forms.reading import has_personal
from genjin_api.http.answers import listed
from genjin_api.http.context import CurrentServices, RecordedRead, Services
from genjin_api.http.cursors import read_cursor
from genjin_api.http.documents import ActorDocument, page_of, reads
from genjin_api.http.pages import page_with_next
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import kept, unkept
from genjin_api.past.blame import blamed, last_set
from genjin_api.past.disclosing import Chosen, disclose_state
from genjin_api.past.points import point_refused
from genjin_api.past.reading import AsOf, Past, Then
from genjin_api.projects.projection import PROJECT
from genjin_api.projects.reading import project_version
from genjin_api.projects.state import Project

router = APIRouter(prefix="/v1/projects/{project_id}", tags=["history"], route_class=JsonRoute)

PATH_MAX = 500


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
    as_of: AsOf = None,
    path: str = Query("", max_length=PATH_MAX, description="a JSON Pointer: only below it"),
    limit: int = Query(100, ge=1, le=200),
    cursor: str | None = Query(None, max_length=1000),
) -> Response:
    if path and not path.startswith("/"):
        raise point_refused("path", "must be a JSON Pointer, as /header/region")
    key, workspace_id = services.settings.secret_key_bytes, read.caller.workspace_id
    signed = {"list": "last set", "project": str(project_id), "path": path, "as_of": as_of}
    # The walk stays at the version that it began at.
    place = read_cursor(key, workspace_id, signed, cursor)
    after, version, position = place or await _beginning(services, read, project_id, then)
    found = await last_set(services.database, workspace_id, project_id, version, path)
    paths = [one for one in found if one > after]
    page = {one: found[one] for one in paths[:limit]}
    project = await _shown(services, read, project_id, version, page)
    items = await blamed(services.database, workspace_id, project_id, page, document(project))
    if len(paths) > limit:
        here, list_ = [paths[limit - 1], version, position], f"/v1/projects/{project_id}/blame"
        given = {"path": path, "limit": limit} | ({"as_of": as_of} if as_of else {})
        response = page_with_next(key, workspace_id, list_, signed, items, here, given)
    else:
        response = listed(items)
    response.headers["ETag"] = f'"{version}"'
    personal = project is not None and has_personal(project)
    if then:
        return kept(response, position, lasting=then.place.lasting, personal=personal)
    return unkept(response) if personal else response


async def _beginning(
    services: Services, read: Request, project_id: UUID, then: Past | None
) -> list[Any]:
    """The first page's place: no path yet, the project's version, the position in the log of one of the past."""
    if then:
        return ["", then.project.version, then.place.position]
    return ["", await project_version(services, read.caller, project_id), None]


async def _shown(
    services: Services, read: Request, project_id: UUID, version: int, paths: Iterable[str]
) -> Project | None:
    """The project that the values are looked up in: with that in the clear which the paths lead into."""
    project = await services.states.at(PROJECT, read.caller.workspace_id, project_id, version)
    if project is None:
        return None
    chosen = Chosen(_named(paths, "forms"), _named(paths, "stakeholders"))
    return await disclose_state(services, read, project, chosen, past=True)


def _named(paths: Iterable[str], register: str) -> set[str]:
    """The things of a register that paths lead into."""
    return {path.split("/")[2] for path in paths if path.startswith(f"/{register}/")}
