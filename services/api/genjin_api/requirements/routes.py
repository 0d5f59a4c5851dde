"""Requirements over HTTP."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from genjin.identifiers import new_id
from genjin_api.http.context import CurrentCaller, CurrentServices, Write
from genjin_api.http.documents import answer_of, page_of, reads, writes
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import listed_then, one_then
from genjin_api.past.reading import Then
from genjin_api.projects.reading import list_of_project, one_of_project
from genjin_api.projects.writing import write_project
from genjin_api.requirements import decider, projection
from genjin_api.requirements.state import Requirement

router = APIRouter(
    prefix="/v1/projects/{project_id}/requirements", tags=["requirements"], route_class=JsonRoute
)

RequirementAnswer = answer_of("requirement", Requirement)


@router.get(
    "",
    summary="A project's requirements",
    **reads(page_of("Requirement", Requirement), "not_found", "point_in_future"),
)
async def list_requirements(
    services: CurrentServices,
    caller: CurrentCaller,
    project_id: UUID,
    then: Then,
    status: Literal["captured", "confirmed"] | None = None,
) -> Response:
    if then:
        found = projection.listed_from(then.project.requirements, status)
        return listed_then(found, then)
    return await list_of_project(services, caller, project_id, projection.LIST, status)


@router.get(
    "/{requirement_id}",
    summary="One requirement",
    **reads(Requirement, "not_found", "point_in_future"),
)
async def get_requirement(
    services: CurrentServices,
    caller: CurrentCaller,
    project_id: UUID,
    requirement_id: UUID,
    then: Then,
) -> Response:
    if then:
        return one_then(then.project.requirements, "requirement", requirement_id, then)
    return await one_of_project(
        services, caller, project_id, projection.ONE, "requirement", requirement_id
    )


@router.post(
    "",
    summary="Capture a requirement",
    **writes(RequirementAnswer, "not_found", "role_not_allowed", "project_closed", status=201),
)
async def capture_requirement(
    services: CurrentServices, write: Write, project_id: UUID, command: decider.CaptureRequirement
) -> Response:
    requirement_id = new_id()
    return await write_project(
        services,
        write,
        project_id,
        lambda project, _template, _: decider.capture(
            project, command, requirement_id, write.caller
        ),
        lambda project: {"requirement": project.requirements[str(requirement_id)]},
        status=201,
        location=f"/v1/projects/{project_id}/requirements/{requirement_id}",
        occurred_at=command.occurred_at,
    )


@router.patch(
    "/{requirement_id}",
    summary="Prioritise a requirement, or amend its words before they are confirmed",
    **writes(
        RequirementAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "requirement_confirmed",
    ),
)
async def edit_requirement(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    requirement_id: UUID,
    command: decider.EditRequirement,
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, _template, _: decider.edit(project, requirement_id, command, write.caller),
        lambda project: {"requirement": project.requirements[str(requirement_id)]},
        occurred_at=command.occurred_at,
    )


@router.post(
    "/{requirement_id}/confirmations",
    summary="Record the customer's confirmation",
    **writes(
        RequirementAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "requirement_confirmed",
        "field_invalid",
        status=201,
    ),
)
async def confirm_requirement(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    requirement_id: UUID,
    command: decider.ConfirmRequirement,
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, _template, moment: decider.confirm(
            project, requirement_id, command, write.caller, moment
        ),
        lambda project: {"requirement": project.requirements[str(requirement_id)]},
        status=201,
        occurred_at=command.occurred_at,
    )
