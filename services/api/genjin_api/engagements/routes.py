"""The projects of an engagement over HTTP, and the engagements of a project."""

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response

from genjin.identifiers import new_id
from genjin.log.append import NewEvent
from genjin_api.acting import Caller
from genjin_api.action import Consequence, RefusedError
from genjin_api.engagements import decider, projection
from genjin_api.engagements.state import Link, Links
from genjin_api.fields import Prose
from genjin_api.http.answers import listed
from genjin_api.http.context import CurrentCaller, CurrentServices, Services, Write
from genjin_api.http.documents import answer_of, page_of, reads, writes
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import listed_then
from genjin_api.past.reading import Then
from genjin_api.projects import decider as projects
from genjin_api.projects.past_rows import complete_past
from genjin_api.projects.projection import PROJECT
from genjin_api.projects.reading import load_project
from genjin_api.projects.state import Project
from genjin_api.projects.writing import chosen_template, template_of, write_project

router = APIRouter(prefix="/v1/projects/{project_id}", tags=["engagements"], route_class=JsonRoute)

LinkAnswer = answer_of("linked_project", Link)

Status = Literal["linked", "unlinked"]


@router.get(
    "/linked-projects",
    summary="The projects that an engagement groups, each as it stands",
    **reads(
        page_of("LinkedProject", projection.LinkedProject), "not_found", "point_in_future", "busy"
    ),
)
async def list_linked_projects(
    services: CurrentServices,
    caller: CurrentCaller,
    project_id: UUID,
    then: Then,
    status: Status | None = None,
) -> Response:
    workspace_id, database = caller.workspace_id, services.database
    if then:
        links = _of_status(then.project.linked_projects, status)
        ids = [link.id for link in links]
        await complete_past(database, workspace_id)
        rows = await database.fetch(
            projection.PAST_STANDINGS, workspace_id, ids, then.place.position
        )
        return listed_then(projection.with_standings(links, rows), then)
    engagement = await load_project(services, caller, project_id)
    links = _of_status(engagement.linked_projects, status)
    rows = await database.fetch(projection.STANDINGS, workspace_id, [link.id for link in links])
    return listed(projection.with_standings(links, rows))


@router.get(
    "/engagements",
    summary="The engagements that a project belongs to",
    **reads(page_of("Link", Link), "not_found", "point_in_future"),
)
async def list_engagements(
    services: CurrentServices,
    caller: CurrentCaller,
    project_id: UUID,
    then: Then,
    status: Status | None = None,
) -> Response:
    if then:
        return listed_then(_of_status(then.project.engagements, status), then)
    project = await load_project(services, caller, project_id)
    return listed(_of_status(project.engagements, status))


@router.post(
    "/linked-projects",
    summary="Link a project with the engagement: told in both, in one commit",
    **writes(
        LinkAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "field_invalid",
        "not_an_engagement",
        "engagement_nested",
        "already_linked",
        "limit_reached",
        status=201,
    ),
)
async def link_project(
    services: CurrentServices, write: Write, project_id: UUID, command: decider.LinkProject
) -> Response:
    code, is_engagement = await _looked_up(services, write.caller, command.project_id)

    def join(engagement: Project, events: Sequence[NewEvent]) -> Sequence[Consequence[Project]]:
        return [
            Consequence(
                kind=PROJECT,
                identifier=command.project_id,
                cause=events[0].id,
                decide=lambda project, _: decider.join(
                    project, is_engagement, engagement, "grouped", command.reason, write.caller
                ),
            )
        ]

    return await write_project(
        services,
        write,
        project_id,
        lambda engagement, template, _: decider.link(
            engagement, template, command, code, write.caller
        ),
        lambda engagement: _shown(engagement, command.project_id),
        status=201,
        occurred_at=command.occurred_at,
        consequences=join,
    )


@router.post(
    "/spawned-projects",
    summary="Make a new project from the engagement, linked with it from its first commit on",
    **writes(
        LinkAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "project_code_taken",
        "field_invalid",
        "template_retired",
        "not_an_engagement",
        "engagement_nested",
        "limit_reached",
        status=201,
    ),
)
async def spawn_project(
    services: CurrentServices, write: Write, project_id: UUID, command: decider.SpawnProject
) -> Response:
    spawned_id = new_id()
    chosen, chosen_hash = await chosen_template(
        services, write.caller, command.template, command.template_version
    )

    def begin(engagement: Project, events: Sequence[NewEvent]) -> Sequence[Consequence[Project]]:
        return [
            Consequence(
                kind=PROJECT,
                identifier=spawned_id,
                cause=events[0].id,
                decide=lambda _project, _: decider.begin(
                    lambda: projects.create(command, chosen, chosen_hash),
                    engagement,
                    command.reason,
                ),
                occurred_at=command.occurred_at,
            )
        ]

    return await write_project(
        services,
        write,
        project_id,
        lambda engagement, template, _: decider.spawn(
            engagement, template, command, chosen, spawned_id, write.caller
        ),
        lambda engagement: _shown(engagement, spawned_id),
        status=201,
        location=f"/v1/projects/{spawned_id}",
        occurred_at=command.occurred_at,
        consequences=begin,
    )


@router.delete(
    "/linked-projects/{linked_id}",
    summary="Take a project out of the engagement; the links of their risks end too",
    **writes(LinkAnswer, "not_found", "role_not_allowed", "project_closed"),
)
async def unlink_project(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    linked_id: UUID,
    reason: Annotated[Prose, Query()],
) -> Response:
    def leave(_engagement: Project, events: Sequence[NewEvent]) -> Sequence[Consequence[Project]]:
        return [
            Consequence(
                kind=PROJECT,
                identifier=linked_id,
                cause=events[0].id,
                decide=lambda project, _: decider.leave(project, project_id, reason),
            )
        ]

    return await write_project(
        services,
        write,
        project_id,
        lambda engagement, _template, _: decider.unlink(
            engagement, linked_id, reason, write.caller
        ),
        lambda engagement: _shown(engagement, linked_id),
        consequences=leave,
    )


async def _looked_up(
    services: Services, caller: Caller, project_id: UUID
) -> tuple[str | None, bool]:
    """The code of a project, None where there is none, and whether it is an engagement itself."""
    try:
        project = await load_project(services, caller, project_id)
    except RefusedError:
        return None, False
    template = await template_of(services, caller, project)
    return project.code, template.kind == "engagement"


def _of_status(links: Links, status: Status | None) -> list[Link]:
    return [link for link in links.values() if status in (None, link.status)]


def _shown(engagement: Project, project_id: UUID) -> dict[str, Link]:
    return {"linked_project": engagement.linked_projects[str(project_id)]}
