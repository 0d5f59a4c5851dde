"""Links between the risks of an engagement and those of its projects, over HTTP."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response

from genjin.log.append import NewEvent
from genjin.risks.events import RiskUnlinked
from genjin_api.action import Consequence
from genjin_api.fields import Prose
from genjin_api.http.context import CurrentServices, Write
from genjin_api.http.documents import answer_of, writes
from genjin_api.http.reading_body import JsonRoute
from genjin_api.projects.projection import PROJECT
from genjin_api.projects.state import Project
from genjin_api.projects.writing import write_project
from genjin_api.risks import linking
from genjin_api.risks.state import Risk

router = APIRouter(
    prefix="/v1/projects/{project_id}/risks/{risk_id}/links", tags=["risks"], route_class=JsonRoute
)

RiskAnswer = answer_of("risk", Risk)


@router.post(
    "",
    summary="Link a risk of the engagement with one of its projects: told in both, in one commit",
    **writes(
        RiskAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "risk_closed",
        "project_not_linked",
        "risks_already_linked",
        "limit_reached",
        "field_invalid",
        status=201,
    ),
)
async def link_risk(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    risk_id: UUID,
    command: linking.LinkRisk,
) -> Response:
    def be_linked(
        engagement: Project, events: Sequence[NewEvent]
    ) -> Sequence[Consequence[Project]]:
        return [
            Consequence(
                kind=PROJECT,
                identifier=command.project_id,
                cause=events[0].id,
                decide=lambda project, _: linking.be_linked(
                    project, engagement, risk_id, command, write.caller
                ),
            )
        ]

    return await write_project(
        services,
        write,
        project_id,
        lambda project, _template, _: linking.link(project, risk_id, command, write.caller),
        lambda project: {"risk": project.risks[str(risk_id)]},
        status=201,
        occurred_at=command.occurred_at,
        consequences=be_linked,
    )


@router.delete(
    "/{linked_risk_id}",
    summary="End the link with a project's risk",
    **writes(RiskAnswer, "not_found", "role_not_allowed", "project_closed", "risk_closed"),
)
async def unlink_risk(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    risk_id: UUID,
    linked_risk_id: UUID,
    reason: Annotated[Prose, Query()],
) -> Response:
    def be_unlinked(
        _engagement: Project, events: Sequence[NewEvent]
    ) -> Sequence[Consequence[Project]]:
        fact = events[0].fact
        assert isinstance(fact, RiskUnlinked)
        return [
            Consequence(
                kind=PROJECT,
                identifier=fact.other_project_id,
                cause=events[0].id,
                decide=lambda _project, _: linking.be_unlinked(project_id, fact),
            )
        ]

    return await write_project(
        services,
        write,
        project_id,
        lambda project, _template, _: linking.unlink(
            project, risk_id, linked_risk_id, reason, write.caller
        ),
        lambda project: {"risk": project.risks[str(risk_id)]},
        consequences=be_unlinked,
    )
