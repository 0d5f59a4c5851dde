"""What every write on a project has in common: its stream, its template, and 404 where there is none."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi.responses import Response

from genjin.templates.model import Template
from genjin_api.acting import Caller, Decision, Moment
from genjin_api.action import Action, Answer, Consequences, RefusedError
from genjin_api.action import Request as WriteRequest
from genjin_api.http.answers import written
from genjin_api.http.context import Services
from genjin_api.projects.projection import PROJECT
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, field_refusal, not_found
from genjin_api.templates.library import NoTemplateError, RetiredTemplateError


async def write_project(
    services: Services,
    write: WriteRequest,
    project_id: UUID,
    decide: Callable[[Project, Template, Moment], Decision],
    show: Callable[[Project], dict[str, Any]],
    *,
    status: int = 200,
    location: str | None = None,
    occurred_at: datetime | None = None,
    finish: Callable[[Answer], Awaitable[Answer]] | None = None,
    consequences: Consequences[Project] | None = None,
) -> Response:
    """finish makes of the answer that is kept the one that is given."""

    pinned: list[Template] = []

    async def prepare(project: Project | None) -> None:
        if project is not None:
            pinned[:] = [await template_of(services, write.caller, project)]

    def decide_on(project: Project | None, moment: Moment) -> Decision:
        if project is None:
            return not_found("project", project_id)
        if occurred_at is not None and occurred_at < project.created_at:
            return field_refusal(
                "occurred_at_refused", "/occurred_at", "must not be before the project's creation"
            )
        return decide(project, pinned[0], moment)

    action = Action(
        kind=PROJECT,
        identifier=project_id,
        decide=decide_on,
        show=show,
        status=status,
        location=location,
        occurred_at=occurred_at,
        prepare=prepare,
        consequences=consequences,
    )
    answer = await services.writer.handle(write, action)
    return written(await finish(answer) if finish else answer)


async def template_of(services: Services, caller: Caller, project: Project) -> Template:
    """The version that the project is pinned to."""
    pinned = project.template
    return await services.library.version(caller.workspace_id, pinned.key, pinned.version)


async def chosen_template(
    services: Services, caller: Caller, key: str, version: int | None
) -> tuple[Template, str]:
    """The template that a project is to run on from now, with its hash; version None is the newest."""
    try:
        return await services.library.chosen(caller.workspace_id, key, version)
    except NoTemplateError as error:
        raise RefusedError(field_refusal("field_invalid", "/template", str(error))) from error
    except RetiredTemplateError as error:
        raise RefusedError(Refusal("template_retired", str(error))) from error
