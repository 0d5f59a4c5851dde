"""What is said of a project's stakeholders over HTTP. list_routes.py shows them."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from genjin_api.acting import Decision, Moment
from genjin_api.action import Request
from genjin_api.contacts.projection import CONTACT
from genjin_api.contacts.reading import in_hands_of
from genjin_api.http.context import CurrentServices, Services, Write
from genjin_api.http.documents import answer_of, writes
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import unkept
from genjin_api.projects.state import Project
from genjin_api.projects.writing import write_project
from genjin_api.refusal import Refusal, field_refusal
from genjin_api.stakeholders import commands, decider
from genjin_api.stakeholders.documents import StakeholderDocument
from genjin_api.stakeholders.reading import disclose_answer

router = APIRouter(
    prefix="/v1/projects/{project_id}/stakeholders", tags=["stakeholders"], route_class=JsonRoute
)

StakeholderAnswer = answer_of("stakeholder", StakeholderDocument)


@router.post(
    "",
    summary="Take a contact up as a stakeholder",
    **writes(
        StakeholderAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "contact_archived",
        "reporting_cycle",
        "limit_reached",
        "field_invalid",
        "subject_erased",
        "subject_key_missing",
        status=201,
    ),
)
async def identify_stakeholder(
    services: CurrentServices, write: Write, project_id: UUID, command: commands.IdentifyStakeholder
) -> Response:
    """Whom the caller may see, or made before any project had it, or whom this project had before: so nobody comes to
    see a contact of others by taking it up.
    """
    workspace_id, contact_id = write.caller.workspace_id, command.contact_id
    contact = await services.states.load(CONTACT, workspace_id, contact_id)
    may = contact_id in await in_hands_of(services, write.caller, [contact_id])

    def decide(project: Project, _moment: Moment) -> Decision:
        if contact is None:
            return field_refusal("field_invalid", "/contact_id", f"no contact {contact_id}")
        if not may and str(contact_id) not in project.stakeholders:
            rule = (
                "only who works with the contact, or made it before a project had it, may do this"
            )
            return Refusal("role_not_allowed", rule)
        return decider.identify(project, contact, command, write.caller)

    return await _write(
        services,
        write,
        project_id,
        contact_id,
        decide,
        command.occurred_at,
        status=201,
        location=f"/v1/projects/{project_id}/stakeholders/{contact_id}",
    )


@router.patch(
    "/{contact_id}",
    summary="Change a stakeholder (a merge patch)",
    **writes(
        StakeholderAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "reporting_cycle",
        "field_invalid",
        "subject_erased",
        "subject_key_missing",
    ),
)
async def change_stakeholder(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    contact_id: UUID,
    command: commands.ChangeStakeholder,
) -> Response:
    return await _write(
        services,
        write,
        project_id,
        contact_id,
        lambda project, _: decider.change(project, contact_id, command, write.caller),
        command.occurred_at,
    )


@router.post(
    "/{contact_id}/scores",
    summary="Score the relationship",
    **writes(
        StakeholderAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "limit_reached",
        "field_invalid",
        "subject_erased",
        "subject_key_missing",
        status=201,
    ),
)
async def score_relationship(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    contact_id: UUID,
    command: commands.ScoreRelationship,
) -> Response:
    return await _write(
        services,
        write,
        project_id,
        contact_id,
        lambda project, moment: decider.score(project, contact_id, command, write.caller, moment),
        command.occurred_at,
        status=201,
    )


@router.post(
    "/{contact_id}/removals",
    summary="Take a stakeholder out of the project",
    **writes(StakeholderAnswer, "not_found", "role_not_allowed", "project_closed", status=201),
)
async def remove_stakeholder(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    contact_id: UUID,
    command: commands.RemoveStakeholder,
) -> Response:
    return await _write(
        services,
        write,
        project_id,
        contact_id,
        lambda project, _: decider.remove(project, contact_id, command, write.caller),
        command.occurred_at,
        status=201,
    )


async def _write(
    services: Services,
    write: Request,
    project_id: UUID,
    contact_id: UUID,
    decide: Callable[[Project, Moment], Decision],
    occurred_at: datetime | None,
    *,
    status: int = 200,
    location: str | None = None,
) -> Response:
    response = await write_project(
        services,
        write,
        project_id,
        lambda project, _template, moment: decide(project, moment),
        lambda project: {"stakeholder": project.stakeholders[str(contact_id)]},
        status=status,
        location=location,
        occurred_at=occurred_at,
        finish=partial(disclose_answer, services, write, project_id),
    )
    return unkept(response)
