"""A project's stakeholders as they are read over HTTP: page by page, now and as they were."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response

from genjin_api.action import RefusedError, Request
from genjin_api.http.answers import bodies, listed, shown
from genjin_api.http.context import CurrentServices, RecordedRead, Services
from genjin_api.http.cursors import read_cursor
from genjin_api.http.documents import page_of, reads
from genjin_api.http.pages import after_id, page_by_id, page_with_next
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import page_then, shown_then, unkept
from genjin_api.past.reading import Past, Then
from genjin_api.projects.reading import project_version
from genjin_api.refusal import not_found
from genjin_api.stakeholders import projection
from genjin_api.stakeholders.documents import StakeholderDocument, TrendDocument
from genjin_api.stakeholders.reading import disclose_stakeholders, stakeholder_documents
from genjin_api.stakeholders.scores import with_trend

router = APIRouter(
    prefix="/v1/projects/{project_id}/stakeholders", tags=["stakeholders"], route_class=JsonRoute
)

Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str | None, Query(max_length=1000)]


@router.get(
    "",
    summary="The people inside a project's customer",
    **reads(
        page_of("Stakeholder", StakeholderDocument),
        "not_found",
        "cursor_invalid",
        "point_in_future",
    ),
)
async def list_stakeholders(
    services: CurrentServices,
    read: RecordedRead,
    project_id: UUID,
    then: Then,
    status: Literal["active", "removed"] | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    key, workspace_id = services.settings.secret_key_bytes, read.caller.workspace_id
    filters = {"list": f"stakeholders of {project_id}", "status": status, **_point(then)}
    asked = status, after_id(key, workspace_id, filters, cursor), limit + 1
    if then:
        people = projection.listed_from(then.project.stakeholders, *asked)
        found = stakeholder_documents(people)
    else:
        await project_version(services, read.caller, project_id)
        rows = await services.database.fetch(projection.LIST, workspace_id, project_id, *asked)
        found = bodies(rows)
    items = await _disclosed(services, read, project_id, then, found[:limit])
    path = f"/v1/projects/{project_id}/stakeholders"
    page = page_by_id(key, workspace_id, path, filters, [*items, *found[limit:]], limit)
    return page_then(page, then, personal=True) if then else unkept(page)


@router.get(
    "/{contact_id}",
    summary="One stakeholder",
    **reads(StakeholderDocument, "not_found", "point_in_future"),
)
async def get_stakeholder(
    services: CurrentServices, read: RecordedRead, project_id: UUID, contact_id: UUID, then: Then
) -> Response:
    found = await _one(services, read, project_id, contact_id, then)
    return shown_then(found, then, personal=True) if then else unkept(shown(found))


@router.get(
    "/{contact_id}/scores",
    summary="The scores of a relationship over time, with their trend",
    **reads(page_of("Trend", TrendDocument), "not_found", "cursor_invalid", "point_in_future"),
)
async def list_scores(
    services: CurrentServices,
    read: RecordedRead,
    project_id: UUID,
    contact_id: UUID,
    then: Then,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """By the day that they are of, those of one day as they were made."""
    key, workspace_id = services.settings.secret_key_bytes, read.caller.workspace_id
    path = f"/v1/projects/{project_id}/stakeholders/{contact_id}/scores"
    filters = {"list": path, **_point(then)}
    after = read_cursor(key, workspace_id, filters, cursor)
    found = await _one(services, read, project_id, contact_id, then)
    left = [one for one in with_trend(found["scores"].values()) if not after or _at(one) > after]
    items = left[:limit]
    if len(left) <= limit:
        page = listed(items)
    else:
        given = {**_point(then), "limit": limit}
        page = page_with_next(key, workspace_id, path, filters, items, _at(items[-1]), given)
    return page_then(page, then, personal=True) if then else unkept(page)


def _point(then: Past | None) -> dict[str, str]:
    """What the next page of a list of the past asks for."""
    return {"as_of": str(then.project.version)} if then else {}


def _at(score: Mapping[str, Any]) -> list[Any]:
    return [score["assessed_on"], score["number"]]


async def _one(
    services: Services, read: Request, project_id: UUID, contact_id: UUID, then: Past | None
) -> dict[str, Any]:
    """As it is shown, or 404."""
    if then:
        known = then.project.stakeholders.get(str(contact_id))
        kept = stakeholder_documents([known] if known else [])
    else:
        row = await services.database.fetchrow(
            projection.ONE, read.caller.workspace_id, project_id, contact_id
        )
        kept = bodies([row] if row else [])
    if not kept:
        raise RefusedError(not_found("stakeholder", contact_id))
    [found] = await _disclosed(services, read, project_id, then, kept)
    return found


async def _disclosed(
    services: Services,
    read: Request,
    project_id: UUID,
    then: Past | None,
    kept: list[dict[str, Any]],
) -> list[dict[str, Any]]:
    version = (
        then.project.version if then else await project_version(services, read.caller, project_id)
    )
    return await disclose_stakeholders(
        services, read, project_id, version, kept, past=then is not None
    )
