"""A project's stakeholders over HTTP."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from genjin_api.acting import Decision, Moment
from genjin_api.action import RefusedError, Request
from genjin_api.contacts.projection import CONTACT
from genjin_api.contacts.reading import visible
from genjin_api.http.answers import bodies, listed, shown
from genjin_api.http.context import CurrentServices, RecordedRead, Services, Write
from genjin_api.http.documents import answer_of, page_of, reads, writes
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import listed_then, shown_then, unkept
from genjin_api.past.reading import Past, Then
from genjin_api.projects.reading import project_version
from genjin_api.projects.state import Project
from genjin_api.projects.writing import write_project
from genjin_api.refusal import Refusal, field_refusal, not_found
from genjin_api.stakeholders import commands, decider, projection
from genjin_api.stakeholders.documents import StakeholderDocument, TrendDocument
from genjin_api.stakeholders.reading import (
    disclose_answer,
    disclose_stakeholders,
    stakeholder_documents,
)
from genjin_api.stakeholders.scores import with_trend

router = APIRouter(
    prefix="/v1/projects/{project_id}/stakeholders", tags=["stakeholders"], route_class=JsonRoute
)

StakeholderAnswer = answer_of("stakeholder", StakeholderDocument)


@router.get(
    "",
    summary="The people inside a project's customer",
    **reads(page_of("Stakeholder", StakeholderDocument), "not_found", "point_in_future"),
)
async def list_stakeholders(
    services: CurrentServices,
    read: RecordedRead,
    project_id: UUID,
    then: Then,
    status: Literal["active", "removed"] | None = None,
) -> Response:
    if then:
        found = stakeholder_documents(projection.listed_from(then.project.stakeholders, status))
        shown_ones = await _disclosed(services, read, project_id, then, found)
        return listed_then(shown_ones, then, personal=True)
    version = await project_version(services, read.caller, project_id)
    rows = await services.database.fetch(
        projection.LIST, read.caller.workspace_id, project_id, status
    )
    shown_ones = await disclose_stakeholders(services, read, project_id, version, bodies(rows))
    return unkept(listed(shown_ones))


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
    **reads(page_of("Trend", TrendDocument), "not_found", "point_in_future"),
)
async def list_scores(
    services: CurrentServices, read: RecordedRead, project_id: UUID, contact_id: UUID, then: Then
) -> Response:
    found = await _one(services, read, project_id, contact_id, then)
    items = with_trend(found["scores"].values())
    return listed_then(items, then, personal=True) if then else unkept(listed(items))


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
    """Whom the caller may see: so nobody comes to see a contact by taking it up."""
    workspace_id, contact_id = write.caller.workspace_id, command.contact_id
    contact = await services.states.load(CONTACT, workspace_id, contact_id)
    sees = contact_id in await visible(services, write.caller, [contact_id])

    def decide(project: Project, _moment: Moment) -> Decision:
        if contact is None:
            return field_refusal("field_invalid", "/contact_id", f"no contact {contact_id}")
        if not sees:
            rule = "only who works with the contact, or made it, may do this"
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
