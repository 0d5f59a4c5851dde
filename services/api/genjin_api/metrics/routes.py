"""A project's metrics over HTTP."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel

from genjin_api.acting import Caller
from genjin_api.action import RefusedError
from genjin_api.http.answers import bodies, listed
from genjin_api.http.context import CurrentCaller, CurrentServices, Services, Write
from genjin_api.http.cursors import read_cursor
from genjin_api.http.documents import answer_of, page_of, reads, writes
from genjin_api.http.pages import page_with_next
from genjin_api.http.reading_body import JsonRoute
from genjin_api.metrics import decider, projection
from genjin_api.metrics.decider import spec_of
from genjin_api.metrics.state import Metric, MetricValue
from genjin_api.past.answers import kept, listed_then
from genjin_api.past.reading import Then
from genjin_api.projects.reading import list_of_project, load_project
from genjin_api.projects.state import Project
from genjin_api.projects.writing import template_of, write_project
from genjin_api.refusal import not_found

router = APIRouter(
    prefix="/v1/projects/{project_id}/metrics", tags=["metrics"], route_class=JsonRoute
)


class MetricDocument(BaseModel):
    """A metric with its newest value: that of the latest day. count: of all values. target null: the template's."""

    key: str
    count: int
    newest: MetricValue | None
    target: float | None
    target_reason: str


MetricAnswer = answer_of("metric", MetricDocument)


@router.get(
    "",
    summary="A project's metrics, each with its newest value",
    **reads(page_of("Metric", MetricDocument), "not_found", "point_in_future"),
)
async def list_metrics(
    services: CurrentServices, caller: CurrentCaller, project_id: UUID, then: Then
) -> Response:
    if then:
        return listed_then(projection.listed_from(then.project.metrics), then)
    return await list_of_project(services, caller, project_id, projection.LIST)


@router.get(
    "/{metric}/values",
    summary="All values of a metric, the latest day first",
    **reads(page_of("MetricValue", MetricValue), "not_found", "point_in_future", "cursor_invalid"),
)
async def list_values(
    services: CurrentServices,
    caller: CurrentCaller,
    project_id: UUID,
    metric: str,
    then: Then,
    limit: int = Query(50, ge=1, le=200),
    cursor: str | None = Query(None, max_length=1000),
) -> Response:
    project = then.project if then else await load_project(services, caller, project_id)
    template = await template_of(services, caller, project)
    if metric not in project.metrics and spec_of(template, metric) is None:
        raise RefusedError(not_found("metric", metric))
    filters = {"list": f"{project_id}/metrics/{metric}/values"}
    if then:
        filters["as_of"] = str(project.version)
    response = await _values(services, caller, project, metric, filters, limit, cursor)
    response.headers["ETag"] = f'"{project.version}"'
    if then is None:
        return response
    return kept(response, then.place.position, lasting=then.place.lasting)


async def _values(
    services: Services,
    caller: Caller,
    project: Project,
    metric: str,
    filters: Mapping[str, str],
    limit: int,
    cursor: str | None,
) -> Response:
    """A page of what was recorded up to the project's version."""
    key, workspace_id = services.settings.secret_key_bytes, caller.workspace_id
    day, version = read_cursor(key, workspace_id, filters, cursor) or (None, None)
    after = date.fromisoformat(day) if day else None
    place = workspace_id, project.id, metric, project.version
    rows = await services.database.fetch(projection.VALUES, *place, after, version, limit + 1)
    items = bodies(rows[:limit])
    if len(rows) <= limit:
        return listed(items)
    last = rows[limit - 1]
    next_place = [last["recorded_on"].isoformat(), last["version"]]
    path = f"/v1/projects/{project.id}/metrics/{metric}/values"
    given = {name: value for name, value in filters.items() if name != "list"}
    return page_with_next(
        key, workspace_id, path, filters, items, next_place, {**given, "limit": limit}
    )


@router.post(
    "/{metric}/values",
    summary="Record a value",
    **writes(
        MetricAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "field_invalid",
        status=201,
    ),
)
async def record_value(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    metric: str,
    command: decider.RecordValue,
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, moment: decider.record(
            project, template, metric, command, write.caller, moment
        ),
        lambda project: {"metric": _shown(project, metric)},
        status=201,
        location=f"/v1/projects/{project_id}/metrics/{metric}/values",
        occurred_at=command.occurred_at,
    )


@router.post(
    "/{metric}/targets",
    summary="Set the project's own target",
    **writes(MetricAnswer, "not_found", "role_not_allowed", "project_closed", status=201),
)
async def set_target(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    metric: str,
    command: decider.SetTarget,
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: decider.set_target(
            project, template, metric, command, write.caller
        ),
        lambda project: {"metric": _shown(project, metric)},
        status=201,
        occurred_at=command.occurred_at,
    )


def _shown(project: Project, metric: str) -> dict[str, Any]:
    """One that has neither a value nor a target of its own is shown without them."""
    return projection.metric_document(project.metrics.get(metric) or Metric(metric))
