"""Audit findings (审计发现) over HTTP."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response

from genjin.identifiers import new_id
from genjin_api.findings import decider, projection
from genjin_api.findings.state import Finding
from genjin_api.http.context import CurrentCaller, CurrentServices, Write
from genjin_api.http.documents import answer_of, page_of, reads, writes
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import listed_then, one_then
from genjin_api.past.reading import Then
from genjin_api.projects.reading import list_of_project, one_of_project
from genjin_api.projects.writing import write_project

router = APIRouter(
    prefix="/v1/projects/{project_id}/findings", tags=["findings"], route_class=JsonRoute
)

FindingAnswer = answer_of("finding", Finding)


@router.get(
    "",
    summary="A project's audit findings",
    **reads(page_of("Finding", Finding), "not_found", "point_in_future"),
)
async def list_findings(
    services: CurrentServices,
    caller: CurrentCaller,
    project_id: UUID,
    then: Then,
    status: Literal["open", "corrected", "closed"] | None = None,
    severity: str | None = Query(None, max_length=64),
) -> Response:
    if then:
        return listed_then(projection.listed_from(then.project.findings, status, severity), then)
    return await list_of_project(services, caller, project_id, projection.LIST, status, severity)


@router.get(
    "/{finding_id}",
    summary="One audit finding",
    **reads(Finding, "not_found", "point_in_future"),
)
async def get_finding(
    services: CurrentServices,
    caller: CurrentCaller,
    project_id: UUID,
    finding_id: UUID,
    then: Then,
) -> Response:
    if then:
        return one_then(then.project.findings, "finding", finding_id, then)
    return await one_of_project(services, caller, project_id, projection.ONE, "finding", finding_id)


@router.post(
    "",
    summary="Raise an audit finding",
    **writes(
        FindingAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "findings_not_kept",
        "field_invalid",
        "unknown_person",
        "limit_reached",
        status=201,
    ),
)
async def raise_finding(
    services: CurrentServices, write: Write, project_id: UUID, command: decider.RaiseFinding
) -> Response:
    finding_id, name = new_id(), None
    if command.responsible_id is not None:
        name = await services.person_name(write.caller.workspace_id, command.responsible_id)
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: decider.raise_finding(
            project, template, command, finding_id, name, write.caller
        ),
        lambda project: {"finding": project.findings[str(finding_id)]},
        status=201,
        location=f"/v1/projects/{project_id}/findings/{finding_id}",
        occurred_at=command.occurred_at,
    )


@router.post(
    "/{finding_id}/corrections",
    summary="Report a finding corrected",
    **writes(
        FindingAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "finding_closed",
        "finding_already_corrected",
        status=201,
    ),
)
async def correct_finding(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    finding_id: UUID,
    command: decider.CorrectFinding,
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: decider.correct(
            project, template, finding_id, command, write.caller
        ),
        lambda project: {"finding": project.findings[str(finding_id)]},
        status=201,
        occurred_at=command.occurred_at,
    )


@router.post(
    "/{finding_id}/rejections",
    summary="Say that the correction does not suffice",
    **writes(
        FindingAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "finding_closed",
        "finding_not_corrected",
        status=201,
    ),
)
async def reject_correction(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    finding_id: UUID,
    command: decider.RejectCorrection,
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: decider.reject(
            project, template, finding_id, command, write.caller
        ),
        lambda project: {"finding": project.findings[str(finding_id)]},
        status=201,
        occurred_at=command.occurred_at,
    )


@router.post(
    "/{finding_id}/closures",
    summary="Close a finding that was corrected",
    **writes(
        FindingAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "finding_closed",
        "finding_not_corrected",
        "own_correction",
        status=201,
    ),
)
async def close_finding(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    finding_id: UUID,
    command: decider.CloseFinding,
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: decider.close(
            project, template, finding_id, command, write.caller
        ),
        lambda project: {"finding": project.findings[str(finding_id)]},
        status=201,
        occurred_at=command.occurred_at,
    )
