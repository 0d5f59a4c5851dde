"""Warnings over HTTP: those of a project, and those that wait for the caller."""

from uuid import UUID

import orjson
from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from genjin_api.http.answers import listed
from genjin_api.http.context import CurrentCaller, CurrentServices, Write
from genjin_api.http.documents import answer_of, page_of, reads, writes
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import listed_then
from genjin_api.past.reading import Then
from genjin_api.projects.reading import list_of_project
from genjin_api.projects.writing import write_project
from genjin_api.warnings import decider, projection
from genjin_api.warnings.state import Warning

router = APIRouter(prefix="/v1", tags=["warnings"], route_class=JsonRoute)

WarningAnswer = answer_of("warning", Warning)


class WaitingWarning(BaseModel):
    """A warning, and the project that was warned."""

    project_id: UUID
    project_code: str
    warning: Warning


@router.get(
    "/me/warnings",
    summary=f"What waits for your acknowledgement, the oldest first: {projection.WAITING_MAX} at most",
    **reads(page_of("WaitingWarning", WaitingWarning)),
)
async def list_waiting(services: CurrentServices, caller: CurrentCaller) -> Response:
    rows = await services.database.fetch(
        projection.WAITING, caller.workspace_id, caller.person_id, projection.WAITING_MAX
    )
    return listed(
        {
            "project_id": row["project_id"],
            "project_code": row["project_code"],
            "warning": orjson.loads(row["body"]),
        }
        for row in rows
    )


@router.get(
    "/projects/{project_id}/warnings",
    summary="What a project was warned of, the newest first",
    **reads(page_of("Warning", Warning), "not_found", "point_in_future"),
)
async def list_warnings(
    services: CurrentServices, caller: CurrentCaller, project_id: UUID, then: Then
) -> Response:
    if then:
        return listed_then(projection.list_from(then.project.warnings), then)
    return await list_of_project(services, caller, project_id, projection.LIST)


@router.post(
    "/projects/{project_id}/warnings/{warning_id}/acknowledgements",
    summary="Say that you know of a warning",
    **writes(WarningAnswer, "not_found", "role_not_allowed"),
)
async def acknowledge_warning(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    warning_id: UUID,
    command: decider.AcknowledgeWarning,
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, _template, _: decider.acknowledge(
            project, warning_id, command, write.caller
        ),
        lambda project: {"warning": project.warnings[str(warning_id)]},
        occurred_at=command.occurred_at,
    )
