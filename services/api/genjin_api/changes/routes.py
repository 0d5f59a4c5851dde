"""Change requests over HTTP."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from genjin.identifiers import new_id
from genjin_api.changes import decider, projection
from genjin_api.changes.state import ChangeRequest, Status
from genjin_api.http.context import CurrentCaller, CurrentServices, Write
from genjin_api.http.documents import answer_of, page_of, reads, writes
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import listed_then, one_then
from genjin_api.past.reading import Then
from genjin_api.projects.reading import list_of_project, one_of_project
from genjin_api.projects.state import Project
from genjin_api.projects.writing import write_project

router = APIRouter(
    prefix="/v1/projects/{project_id}/change-requests",
    tags=["change requests"],
    route_class=JsonRoute,
)

ChangeAnswer = answer_of("change_request", ChangeRequest)


@router.get(
    "",
    summary="A project's change requests",
    **reads(page_of("ChangeRequest", ChangeRequest), "not_found", "point_in_future"),
)
async def list_changes(
    services: CurrentServices,
    caller: CurrentCaller,
    project_id: UUID,
    then: Then,
    status: Status | None = None,
) -> Response:
    if then:
        found = projection.listed_from(then.project.change_requests, status)
        return listed_then(found, then)
    return await list_of_project(services, caller, project_id, projection.LIST, status)


@router.get(
    "/{change_id}",
    summary="One change request",
    **reads(ChangeRequest, "not_found", "point_in_future"),
)
async def get_change(
    services: CurrentServices,
    caller: CurrentCaller,
    project_id: UUID,
    change_id: UUID,
    then: Then,
) -> Response:
    if then:
        return one_then(then.project.change_requests, "change request", change_id, then)
    return await one_of_project(
        services, caller, project_id, projection.ONE, "change request", change_id
    )


@router.post(
    "",
    summary="Raise a change of a confirmed requirement",
    **writes(
        ChangeAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "requirement_not_confirmed",
        "field_invalid",
        status=201,
    ),
)
async def raise_change(
    services: CurrentServices, write: Write, project_id: UUID, command: decider.RaiseChange
) -> Response:
    change_id = new_id()
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: decider.raise_change(
            project, template, command, change_id, write.caller
        ),
        lambda project: _shown(project, change_id),
        status=201,
        location=f"/v1/projects/{project_id}/change-requests/{change_id}",
        occurred_at=command.occurred_at,
    )


@router.post(
    "/{change_id}/assessments",
    summary="Assess the impact in all six respects",
    **writes(
        ChangeAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "change_not_open",
        "change_already_submitted",
        status=201,
    ),
)
async def assess_change(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    change_id: UUID,
    command: decider.AssessChange,
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, _template, _: decider.assess(project, change_id, command, write.caller),
        lambda project: _shown(project, change_id),
        status=201,
        occurred_at=command.occurred_at,
    )


@router.post(
    "/{change_id}/submissions",
    summary="Submit a change request for decision",
    **writes(
        ChangeAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "change_not_open",
        "change_already_submitted",
        "impact_missing",
        status=201,
    ),
)
async def submit_change(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    change_id: UUID,
    command: decider.SubmitChange,
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, _template, _: decider.submit(project, change_id, write.caller),
        lambda project: _shown(project, change_id),
        status=201,
        occurred_at=command.occurred_at,
    )


@router.post(
    "/{change_id}/decisions",
    summary="Decide: approve, reject or defer (never by the requester)",
    **writes(
        ChangeAnswer,
        "not_found",
        "role_not_allowed",
        "self_approval",
        "decision_above_authority",
        "project_closed",
        "change_not_submitted",
        "comment_required",
        "field_invalid",
        status=201,
    ),
)
async def decide_change(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    change_id: UUID,
    command: decider.DecideChange,
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, moment: decider.decide(
            project, template, change_id, command, write.caller, moment
        ),
        lambda project: _shown(project, change_id),
        status=201,
        occurred_at=command.occurred_at,
    )


@router.post(
    "/{change_id}/applications",
    summary="Put an approved change in force",
    **writes(
        ChangeAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "change_not_approved",
        "change_base_moved",
        status=201,
    ),
)
async def apply_change(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    change_id: UUID,
    command: decider.ApplyChange,
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, _template, _: decider.apply(project, change_id, write.caller),
        lambda project: _shown(project, change_id),
        status=201,
        occurred_at=command.occurred_at,
    )


@router.post(
    "/{change_id}/withdrawals",
    summary="Withdraw a change request",
    **writes(
        ChangeAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "change_not_open",
        status=201,
    ),
)
async def withdraw_change(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    change_id: UUID,
    command: decider.WithdrawChange,
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, _template, _: decider.withdraw(project, change_id, command, write.caller),
        lambda project: _shown(project, change_id),
        status=201,
        occurred_at=command.occurred_at,
    )


def _shown(project: Project, change_id: UUID) -> dict[str, ChangeRequest]:
    return {"change_request": project.change_requests[str(change_id)]}
