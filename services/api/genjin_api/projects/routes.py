"""Projects over HTTP: create, card, header, role holders."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel

from genjin.identifiers import new_id
from genjin_api.acting import Decision, Moment
from genjin_api.action import Action, RefusedError
from genjin_api.fields import Prose
from genjin_api.http.answers import shown, shown_text, written
from genjin_api.http.context import CurrentCaller, CurrentServices, Write
from genjin_api.http.documents import answer_of, reads, writes
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import shown_then
from genjin_api.past.reading import Then
from genjin_api.projects import decider
from genjin_api.projects.documents import ProjectDocument
from genjin_api.projects.projection import CARD, PROJECT, card, shown_project
from genjin_api.projects.reading import load_project
from genjin_api.projects.role_holders import RoleHolder
from genjin_api.projects.state import Project
from genjin_api.projects.writing import chosen_template, write_project
from genjin_api.refusal import not_found

router = APIRouter(prefix="/v1/projects", tags=["projects"], route_class=JsonRoute)

ProjectAnswer = answer_of("project", ProjectDocument)


class RoleHolders(BaseModel):
    """The holders of each role, oldest first."""

    role_holders: dict[str, list[RoleHolder]]


@router.post(
    "",
    summary="Create a project from a template",
    **writes(ProjectAnswer, "field_invalid", "project_code_taken", "template_retired", status=201),
)
async def create_project(
    services: CurrentServices, write: Write, command: decider.CreateProject
) -> Response:
    project_id = new_id()
    chosen, chosen_hash = await chosen_template(
        services, write.caller, command.template, command.template_version
    )

    def decide(_project: Project | None, _moment: Moment) -> Decision:
        return decider.create(command, chosen, chosen_hash)

    action = Action(
        kind=PROJECT,
        identifier=project_id,
        decide=decide,
        show=shown_project,
        status=201,
        location=f"/v1/projects/{project_id}",
        occurred_at=command.occurred_at,
    )
    return written(await services.writer.handle(write, action))


@router.get(
    "/{project_id}",
    summary="A project's card",
    **reads(ProjectDocument, "not_found", "point_in_future"),
)
async def get_project(
    services: CurrentServices, caller: CurrentCaller, project_id: UUID, then: Then
) -> Response:
    if then:
        return shown_then(card(then.project), then)
    row = await services.database.fetchrow(CARD, caller.workspace_id, project_id)
    if row is None:
        raise RefusedError(not_found("project", project_id))
    return shown_text(row["body"], row["version"])


@router.patch(
    "/{project_id}",
    summary="Change the header (a merge patch)",
    **writes(
        ProjectAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "field_invalid",
        "change_required",
        "change_not_approved",
    ),
)
async def change_header(
    services: CurrentServices, write: Write, project_id: UUID, command: decider.ChangeHeader
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: decider.change_header(
            project, template, command, write.caller
        ),
        shown_project,
        occurred_at=command.occurred_at,
    )


@router.get(
    "/{project_id}/role-holders",
    summary="Who holds which project role",
    **reads(RoleHolders, "not_found", "point_in_future"),
)
async def get_role_holders(
    services: CurrentServices, caller: CurrentCaller, project_id: UUID, then: Then
) -> Response:
    if then:
        return shown_then({"role_holders": then.project.role_holders}, then)
    project = await load_project(services, caller, project_id)
    return shown({"role_holders": project.role_holders}, project.version)


@router.post(
    "/{project_id}/role-holders",
    summary="Give a person a project role",
    **writes(
        ProjectAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "role_already_held",
        "role_taken",
        "roles_exclusive",
        "field_invalid",
        "unknown_person",
        status=201,
    ),
)
async def assign_role(
    services: CurrentServices, write: Write, project_id: UUID, command: decider.AssignRole
) -> Response:
    name = await services.person_name(write.caller.workspace_id, command.person_id)
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: decider.assign_role(
            project, template, command, name, write.caller
        ),
        shown_project,
        status=201,
        occurred_at=command.occurred_at,
    )


@router.delete(
    "/{project_id}/role-holders/{role}/{person_id}",
    summary="Take a project role from a person",
    **writes(ProjectAnswer, "not_found", "role_not_allowed", "project_closed"),
)
async def release_role(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    role: str,
    person_id: UUID,
    reason: Annotated[Prose, Query()],
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: decider.release_role(
            project, template, role, person_id, reason, write.caller
        ),
        shown_project,
    )
