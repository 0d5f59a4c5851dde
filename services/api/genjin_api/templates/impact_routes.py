"""Over HTTP: which running projects another template version would stop, and the migration of one of them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel

from genjin.templates.model import Template
from genjin_api.acting import Caller, Decision
from genjin_api.action import RefusedError
from genjin_api.handle import moment_in
from genjin_api.http.answers import shown
from genjin_api.http.context import AdminWrite, CurrentCaller, CurrentServices, Services, Write
from genjin_api.http.documents import BlockerDocument, page_of, reads, writes
from genjin_api.http.pages import after_id, page_by_id
from genjin_api.http.reading_body import JsonRoute
from genjin_api.projects.migrating import MigrateProject, left_behind, migrate
from genjin_api.projects.moves_routes import MoveAnswer
from genjin_api.projects.projection import PROJECT, shown_project
from genjin_api.projects.reading import load_project
from genjin_api.projects.state import Project
from genjin_api.projects.writing import chosen_template, template_of, write_project
from genjin_api.refusal import Refusal, not_found
from genjin_api.templates.decider import drafted
from genjin_api.templates.draft_routes import TemplateKey
from genjin_api.templates.impact import Impact, impact
from genjin_api.templates.library import NoTemplateError

router = APIRouter(prefix="/v1/templates/{key}", tags=["templates"], route_class=JsonRoute)
migrations = APIRouter(
    prefix="/v1/projects/{project_id}/template-migrations", tags=["moves"], route_class=JsonRoute
)

# Running projects of a template, whatever their version, after $3.
_RUNNING = """
SELECT id FROM genjin.project
 WHERE workspace_id = $1 AND template_key = $2 AND status <> 'closed' AND ($3::uuid IS NULL OR id > $3)
 ORDER BY id LIMIT $4
"""


class UnmappedDocument(BaseModel):
    pointer: str
    detail: str


class RefusedDocument(BaseModel):
    code: str
    detail: str


class ImpactDocument(BaseModel):
    """What a version would mean for a project. blockers: of its gate then that do not block now; vanishing: those that
    block now and would no more; unmapped: stages and roles that the version does not have, so that a migration needs a
    mapping; refused: why no mapping would do.
    """

    id: UUID
    code: str
    stage: str
    template_version: int
    stopped: bool
    refused: RefusedDocument | None
    unmapped: list[UnmappedDocument]
    blockers: list[BlockerDocument]
    vanishing: list[BlockerDocument]
    forms_left_behind: list[str]


@router.get(
    "/draft/impact",
    summary="What the draft would mean for the running projects",
    **reads(page_of("Impact", ImpactDocument), "not_found", "template_invalid", "cursor_invalid"),
)
async def get_draft_impact(
    services: CurrentServices,
    caller: CurrentCaller,
    key: TemplateKey,
    limit: int = Query(20, ge=1, le=50),
    cursor: str | None = Query(None, max_length=1000),
) -> Response:
    own = await services.library.own(caller.workspace_id, key)
    if own is None or own.draft is None:
        raise RefusedError(not_found("draft of template", key))
    target = drafted(own)
    if isinstance(target, Refusal):
        raise RefusedError(target)
    path = f"/v1/templates/{key}/draft/impact"
    return await _impacts(services, caller, target, path, limit, cursor)


@router.get(
    "/versions/{version}/impact",
    summary="What a version would mean for the running projects of others",
    **reads(page_of("Impact", ImpactDocument), "not_found", "cursor_invalid"),
)
async def get_version_impact(
    services: CurrentServices,
    caller: CurrentCaller,
    key: TemplateKey,
    version: int,
    limit: int = Query(20, ge=1, le=50),
    cursor: str | None = Query(None, max_length=1000),
) -> Response:
    try:
        target = await services.library.version(caller.workspace_id, key, version)
    except NoTemplateError as error:
        raise RefusedError(not_found("template", f"{key} version {version}")) from error
    path = f"/v1/templates/{key}/versions/{version}/impact"
    return await _impacts(services, caller, target, path, limit, cursor)


async def _impacts(
    services: Services,
    caller: Caller,
    target: Template,
    path: str,
    limit: int,
    cursor: str | None,
) -> Response:
    """A page of the running projects, each folded and held against the target: so pages are small."""
    key, workspace_id = services.settings.secret_key_bytes, caller.workspace_id
    filters = {"list": path}
    after = after_id(key, workspace_id, filters, cursor)
    rows = await services.database.fetch(_RUNNING, workspace_id, target.key, after, limit + 1)
    found = []
    for row in rows[:limit]:
        project = await services.states.load(PROJECT, workspace_id, row["id"])
        assert project is not None, "a row is of a stream"
        found.append(await _document(services, caller, project, target))
    return page_by_id(key, workspace_id, path, filters, [*found, *rows[limit:]], limit)


async def _document(
    services: Services, caller: Caller, project: Project, target: Template
) -> Mapping[str, Any]:
    pinned = await template_of(services, caller, project)
    command = MigrateProject(reason="impact")
    moment = moment_in(caller.time_zone)
    found = impact(project, pinned, target, command, caller, moment)
    refused = None
    if isinstance(found, Refusal):  # as where it groups projects, or was closed a moment ago
        refused = {"code": found.code, "detail": found.detail}
        found = Impact((), (), (), left_behind(project, target))
    return {
        "id": project.id,
        "code": project.code,
        "stage": project.course.current.stage,
        "template_version": project.template.version,
        **_told(found),
        "stopped": refused is not None or found.stops,
        "refused": refused,
    }


def _told(found: Impact) -> Mapping[str, Any]:
    return {
        "stopped": found.stops,
        "unmapped": [
            {"pointer": error.pointer, "detail": error.detail} for error in found.unmapped
        ],
        "blockers": found.blockers,
        "vanishing": found.vanishing,
        "forms_left_behind": found.forms_left_behind,
    }


class PreviewDocument(BaseModel):
    """What a migration would come to; nothing is written."""

    stopped: bool
    unmapped: list[UnmappedDocument]
    blockers: list[BlockerDocument]
    vanishing: list[BlockerDocument]
    forms_left_behind: list[str]


@migrations.post(
    "/previews",
    summary="Try a migration: what it would come to, nothing is written",
    **writes(
        PreviewDocument,
        "not_found",
        "project_closed",
        "engagement_nested",
        "not_an_engagement",
        "template_retired",
        "field_invalid",
    ),
)
async def preview(
    services: CurrentServices, write: Write, project_id: UUID, command: MigrateProject
) -> Response:
    caller = write.caller
    project = await load_project(services, caller, project_id)
    target, _ = await _target(services, caller, project, command)
    pinned = await template_of(services, caller, project)
    found = impact(project, pinned, target, command, caller, moment_in(caller.time_zone))
    if isinstance(found, Refusal):
        raise RefusedError(found)
    return shown(_told(found), project.version)


@migrations.post(
    "",
    summary="Move a running project to another template version (owners, admins)",
    **writes(
        MoveAnswer,
        "not_found",
        "workspace_role_not_allowed",
        "project_closed",
        "engagement_nested",
        "not_an_engagement",
        "mapping_incomplete",
        "template_retired",
        "field_invalid",
        status=201,
    ),
)
async def migrate_project(
    services: CurrentServices, write: AdminWrite, project_id: UUID, command: MigrateProject
) -> Response:
    project = await load_project(services, write.caller, project_id)
    target, body_hash = await _target(services, write.caller, project, command)

    def decide(project: Project, pinned: Template, _moment: Any) -> Decision:
        return migrate(project, pinned, target, body_hash, command, write.caller)

    return await write_project(
        services,
        write,
        project_id,
        decide,
        shown_project,
        status=201,
        occurred_at=command.occurred_at,
    )


async def _target(
    services: Services, caller: Caller, project: Project, command: MigrateProject
) -> tuple[Template, str]:
    key = command.template or project.template.key
    return await chosen_template(services, caller, key, command.template_version)
