"""Projects over HTTP: list, create, card, header, role holders."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel

from genjin.identifiers import new_id
from genjin.templates.catalog import latest, shipped_hash, template
from genjin.templates.model import Template
from genjin_api.acting import Decision, Moment
from genjin_api.fields import Prose
from genjin_api.handle import Action, RefusedError
from genjin_api.http.answers import listed, shown, shown_text, written
from genjin_api.http.context import CurrentCaller, CurrentServices, Write
from genjin_api.http.cursors import make_cursor, read_cursor
from genjin_api.http.documents import answer_of, page_of, reads, writes
from genjin_api.http.reading_body import JsonRoute
from genjin_api.projects import decider
from genjin_api.projects.documents import ProjectDocument
from genjin_api.projects.listing import Sort, project_list
from genjin_api.projects.projection import CARD, PROJECT, shown_project
from genjin_api.projects.reading import load_project
from genjin_api.projects.state import Project, RoleHolder, Status
from genjin_api.projects.writing import write_project
from genjin_api.refusal import field_refusal, not_found

router = APIRouter(prefix="/v1/projects", tags=["projects"], route_class=JsonRoute)

ProjectAnswer = answer_of("project", ProjectDocument)


class RoleHolders(BaseModel):
    """The holders of each role, oldest first."""

    role_holders: dict[str, list[RoleHolder]]


@router.get("", summary="Projects", **reads(page_of("Project", ProjectDocument), "cursor_invalid"))
async def list_projects(
    services: CurrentServices,
    caller: CurrentCaller,
    status: Status | None = None,
    stage: str | None = Query(None, max_length=64),
    template_key: str | None = Query(None, alias="template", max_length=64),
    region: str | None = Query(None, max_length=200),
    department: str | None = Query(None, max_length=200),
    outcome: str | None = Query(None, max_length=64),
    search: str | None = Query(None, max_length=100, description="in name and code"),
    sort: Sort = "-updated_at",
    limit: int = Query(50, ge=1, le=200),
    cursor: str | None = Query(None, max_length=1000),
) -> Response:
    filters = {
        "status": status,
        "stage": stage,
        "template_key": template_key,
        "region": region,
        "department": department,
        "outcome": outcome,
    }
    signed = {**filters, "search": search, "sort": sort, "list": "projects"}
    key = services.settings.secret_key_bytes
    after = read_cursor(key, caller.workspace_id, signed, cursor)
    query = project_list(caller.workspace_id, filters, search, sort, after, limit)
    async with services.engine.connect() as connection:
        rows = (await connection.execute(query)).all()
    items = [row.body for row in rows[:limit]]
    if len(rows) <= limit:
        return listed(items)
    last = rows[limit - 1]
    place = [last.sort_key if sort == "code" else last.sort_key.isoformat(), str(last.id)]
    next_cursor = make_cursor(key, caller.workspace_id, signed, place)
    given = {
        **{name: value for name, value in filters.items() if value and name != "template_key"},
        **({"template": template_key} if template_key else {}),
        **({"search": search} if search else {}),
        "sort": sort,
        "limit": limit,
        "cursor": next_cursor,
    }
    return listed(items, f"/v1/projects?{urlencode(given)}", next_cursor)


@router.post(
    "",
    summary="Create a project from a template",
    **writes(ProjectAnswer, "field_invalid", "project_code_taken", status=201),
)
async def create_project(
    services: CurrentServices, write: Write, command: decider.CreateProject
) -> Response:
    project_id = new_id()
    chosen = _template(command)

    def decide(_project: Project | None, _moment: Moment) -> Decision:
        return decider.create(command, chosen, shipped_hash(chosen.key, chosen.version))

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


def _template(command: decider.CreateProject) -> Template:
    try:
        if command.template_version is None:
            return latest(command.template)
        return template(command.template, command.template_version)
    except KeyError as error:
        detail = f"no template {command.template} in this version"
        raise RefusedError(field_refusal("field_invalid", "/template", detail)) from error


@router.get("/{project_id}", summary="A project's card", **reads(ProjectDocument, "not_found"))
async def get_project(
    services: CurrentServices, caller: CurrentCaller, project_id: UUID
) -> Response:
    row = await services.database.fetchrow(CARD, caller.workspace_id, project_id)
    if row is None:
        raise RefusedError(not_found("project", project_id))
    return shown_text(row["body"], row["version"])


@router.patch(
    "/{project_id}",
    summary="Change the header (a merge patch)",
    **writes(ProjectAnswer, "not_found", "role_not_allowed", "project_closed", "field_invalid"),
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
    **reads(RoleHolders, "not_found"),
)
async def get_role_holders(
    services: CurrentServices, caller: CurrentCaller, project_id: UUID
) -> Response:
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
        lambda project, _template, _: decider.release_role(
            project, role, person_id, reason, write.caller
        ),
        shown_project,
    )
