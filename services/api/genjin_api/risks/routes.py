"""The risk register over HTTP."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from genjin.identifiers import new_id
from genjin.log.append import NewEvent
from genjin.risks.events import RiskOccurred
from genjin_api.acting import Decided, Moment
from genjin_api.action import Consequence
from genjin_api.engagements.state import linked
from genjin_api.http.answers import listed
from genjin_api.http.context import CurrentCaller, CurrentServices, Write
from genjin_api.http.documents import answer_of, page_of, reads, writes
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import listed_then, one_then
from genjin_api.past.reading import Then
from genjin_api.projects.projection import PROJECT
from genjin_api.projects.reading import list_of_project, one_of_project, rows_of_project
from genjin_api.projects.state import Project
from genjin_api.projects.writing import write_project
from genjin_api.risks import decider, projection
from genjin_api.risks.raising import LINKAGE, raised
from genjin_api.risks.state import Risk

router = APIRouter(prefix="/v1/projects/{project_id}", tags=["risks"], route_class=JsonRoute)

RiskAnswer = answer_of("risk", Risk)


class MatrixField(BaseModel):
    probability: int
    impact: int
    band: str
    risks: int


@router.get(
    "/risks",
    summary="A project's risks",
    **reads(page_of("Risk", Risk), "not_found", "point_in_future"),
)
async def list_risks(
    services: CurrentServices,
    caller: CurrentCaller,
    project_id: UUID,
    then: Then,
    status: Literal["open", "occurred", "closed"] | None = None,
) -> Response:
    if then:
        return listed_then(projection.register_from(then.project.risks, status), then)
    return await list_of_project(services, caller, project_id, projection.REGISTER, status)


@router.get("/risks/{risk_id}", summary="One risk", **reads(Risk, "not_found", "point_in_future"))
async def get_risk(
    services: CurrentServices, caller: CurrentCaller, project_id: UUID, risk_id: UUID, then: Then
) -> Response:
    if then:
        return one_then(then.project.risks, "risk", risk_id, then)
    return await one_of_project(services, caller, project_id, projection.ONE, "risk", risk_id)


@router.get(
    "/risk-matrix",
    summary="How many open risks stand on each field of the grid",
    **reads(page_of("MatrixField", MatrixField), "not_found", "point_in_future"),
)
async def get_matrix(
    services: CurrentServices, caller: CurrentCaller, project_id: UUID, then: Then
) -> Response:
    if then:
        return listed_then(projection.matrix_from(then.project.risks), then)
    rows = await rows_of_project(services, caller, project_id, projection.MATRIX)
    return listed([dict(row) for row in rows])


@router.post(
    "/risks",
    summary="Identify a risk",
    **writes(
        RiskAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "field_invalid",
        "unknown_person",
        status=201,
    ),
)
async def identify_risk(
    services: CurrentServices, write: Write, project_id: UUID, command: decider.IdentifyRisk
) -> Response:
    risk_id = new_id()
    owner = await services.person_name(write.caller.workspace_id, command.owner_id)
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: decider.identify(
            project, template, command, risk_id, owner, write.caller
        ),
        lambda project: {"risk": project.risks[str(risk_id)]},
        status=201,
        location=f"/v1/projects/{project_id}/risks/{risk_id}",
        occurred_at=command.occurred_at,
    )


@router.post(
    "/risks/{risk_id}/assessments",
    summary="Assess a risk on the template's scale",
    **writes(
        RiskAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "risk_closed",
        "scale_invalid",
        status=201,
    ),
)
async def assess_risk(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    risk_id: UUID,
    command: decider.AssessRisk,
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: decider.assess(
            project, template, risk_id, command, write.caller
        ),
        lambda project: {"risk": project.risks[str(risk_id)]},
        status=201,
        occurred_at=command.occurred_at,
    )


@router.post(
    "/risks/{risk_id}/responses",
    summary="Plan a response",
    **writes(
        RiskAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "risk_closed",
        "risk_not_assessed",
        "field_invalid",
        "unknown_person",
        status=201,
    ),
)
async def plan_response(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    risk_id: UUID,
    command: decider.PlanResponse,
) -> Response:
    owner = await services.person_name(write.caller.workspace_id, command.owner_id)
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: decider.plan_response(
            project, template, risk_id, command, owner, write.caller
        ),
        lambda project: {"risk": project.risks[str(risk_id)]},
        status=201,
        occurred_at=command.occurred_at,
    )


@router.post(
    "/risks/{risk_id}/reviews",
    summary="Review a risk",
    **writes(
        RiskAnswer, "not_found", "role_not_allowed", "project_closed", "risk_closed", status=201
    ),
)
async def review_risk(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    risk_id: UUID,
    command: decider.ReviewRisk,
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, _template, _: decider.review(project, risk_id, command, write.caller),
        lambda project: {"risk": project.risks[str(risk_id)]},
        status=201,
        occurred_at=command.occurred_at,
    )


@router.post(
    "/risks/{risk_id}/occurrences",
    summary="Record that a risk has occurred; in an engagement its projects are warned, in the same commit",
    **writes(
        RiskAnswer, "not_found", "role_not_allowed", "project_closed", "risk_closed", status=201
    ),
)
async def record_occurrence(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    risk_id: UUID,
    command: decider.RecordOccurrence,
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, _template, _: decider.occur(project, risk_id, command, write.caller),
        lambda project: {"risk": project.risks[str(risk_id)]},
        status=201,
        occurred_at=command.occurred_at,
        consequences=_raised,
    )


def _raised(engagement: Project, events: Sequence[NewEvent]) -> Sequence[Consequence[Project]]:
    """In every project that is linked with the one where the risk occurred."""
    occurred, cause = events[0].fact, events[0].id
    assert isinstance(occurred, RiskOccurred)

    def decide(project: Project | None, _: Moment) -> Decided:
        assert project is not None, "it is linked"
        return raised(project, engagement, occurred, cause)

    return [
        Consequence(PROJECT, link.id, cause, decide, LINKAGE)
        for link in linked(engagement.linked_projects)
    ]


@router.post(
    "/risks/{risk_id}/closures",
    summary="Close a risk with what remains of it",
    **writes(
        RiskAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "risk_closed",
        "scale_invalid",
        status=201,
    ),
)
async def close_risk(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    risk_id: UUID,
    command: decider.CloseRisk,
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: decider.close(
            project, template, risk_id, command, write.caller
        ),
        lambda project: {"risk": project.risks[str(risk_id)]},
        status=201,
        occurred_at=command.occurred_at,
    )
