"""The project list over HTTP, now or as it was."""

from typing import Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from genjin_api.acting import Caller
from genjin_api.health.levels import HealthLevel
from genjin_api.http.answers import listed
from genjin_api.http.context import CurrentCaller, CurrentServices, Services
from genjin_api.http.cursors import read_cursor
from genjin_api.http.documents import page_of, reads
from genjin_api.http.pages import page_with_next
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import kept
from genjin_api.past.points import TEXT_MAX, TIME_OR_DAY, point_refused
from genjin_api.projects.documents import ProjectDocument
from genjin_api.projects.listing import Asked, Sort, past_project_list, project_list
from genjin_api.projects.past_list import place_of_list
from genjin_api.projects.projection import PROJECT, card
from genjin_api.projects.status import Status

router = APIRouter(prefix="/v1/projects", tags=["projects"], route_class=JsonRoute)

_AS_OF = f"the list at a position in the log (@1234), {TIME_OR_DAY}; then sorted by -created_at"


@router.get(
    "",
    summary="Projects",
    **reads(page_of("Project", ProjectDocument), "cursor_invalid", "point_in_future"),
)
async def list_projects(
    services: CurrentServices,
    caller: CurrentCaller,
    status: Status | None = None,
    stage: str | None = Query(None, max_length=64),
    template_key: str | None = Query(None, alias="template", max_length=64),
    region: str | None = Query(None, max_length=200),
    department: str | None = Query(None, max_length=200),
    outcome: str | None = Query(None, max_length=64),
    health: HealthLevel = None,
    search: str | None = Query(None, max_length=100, description="in name and code"),
    sort: Sort | None = Query(None, description="default: -updated_at"),
    limit: int = Query(50, ge=1, le=200),
    cursor: str | None = Query(None, max_length=1000),
    as_of: str | None = Query(None, max_length=TEXT_MAX, description=_AS_OF),
) -> Response:
    filters = {
        "status": status,
        "stage": stage,
        "template_key": template_key,
        "region": region,
        "department": department,
        "outcome": outcome,
    }
    chosen: Sort = sort or ("-created_at" if as_of else "-updated_at")
    which = "projects" if as_of is None else "projects of the past"
    signed = {**filters, "search": search, "sort": chosen, "as_of": as_of, "list": which}
    if health is not None:  # lest cursors of before there was this filter are refused
        signed["health"] = health
    key = services.settings.secret_key_bytes
    after = read_cursor(key, caller.workspace_id, signed, cursor)
    asked = Asked(filters, health, search, chosen, after, limit)
    if as_of is not None:
        return await _then(services, caller, asked, signed, as_of)
    async with services.engine.connect() as connection:
        rows = (await connection.execute(project_list(caller.workspace_id, asked))).all()
    items = [row.body for row in rows[:limit]]
    return _page(services, caller, asked, signed, rows, items)


async def _then(
    services: Services, caller: Caller, asked: Asked, signed: dict[str, Any], as_of: str
) -> Response:
    """The list at a point: every project that stood by then, each as it was. The cursor holds on to the position that
    the first page was found at, so all pages are of one list, whatever happens while somebody turns them.
    """
    if asked.after is None:
        position, lasting = await _position_of(services, caller, asked.sort, as_of)
    else:
        position, lasting = asked.after[2], True
    query = past_project_list(caller.workspace_id, asked, position)
    async with services.engine.connect() as connection:
        rows = (await connection.execute(query)).all()
    items = []
    for row in rows[: asked.limit]:
        project = await services.states.at(PROJECT, caller.workspace_id, row.id, row.version)
        assert project is not None, "a listed project has its events"
        items.append(card(project))
    page = _page(services, caller, asked, signed, rows, items, position)
    return kept(page, position, lasting=lasting)


async def _position_of(
    services: Services, caller: Caller, sort: Sort, as_of: str
) -> tuple[int, bool]:
    """Where in the log the list is asked for, and whether the same question leads there for ever."""
    if sort in ("updated_at", "-updated_at"):
        raise point_refused("sort", "with as_of must be code, created_at or -created_at")
    place = await place_of_list(services, caller, as_of)
    assert place is not None, "a list of the past has a place"
    return place.position, place.lasting


def _page(
    services: Services,
    caller: Caller,
    asked: Asked,
    signed: dict[str, Any],
    rows: Any,
    items: list[Any],
    position: int | None = None,
) -> Response:
    """rows: one more than the page where there is a next one. position: that of a list of the past."""
    if len(rows) <= asked.limit:
        return listed(items)
    last = rows[asked.limit - 1]
    sort_key = last.sort_key if asked.sort == "code" else last.sort_key.isoformat()
    here = [sort_key, str(last.id), position]
    given = {name: value for name, value in signed.items() if value and name != "list"}
    if "template_key" in given:
        given["template"] = given.pop("template_key")
    given["limit"] = asked.limit
    key = services.settings.secret_key_bytes
    return page_with_next(key, caller.workspace_id, "/v1/projects", signed, items, here, given)
