"""Commands on the projects of an engagement: spawn, link, unlink. Each is decided in both streams."""

from collections.abc import Callable
from uuid import UUID

from pydantic import Field

from genjin.engagements.events import (
    EngagementJoined,
    EngagementLeft,
    Origin,
    ProjectLinked,
    ProjectUnlinked,
)
from genjin.templates.model import Template
from genjin_api.acting import Caller, Decided, Decision
from genjin_api.engagements.state import is_linked, linked
from genjin_api.fields import Command, OptionalProse, Prose, example
from genjin_api.projects.access import (
    acting_role,
    refuse_if_closed,
    refuse_outsider,
    refuse_stranger,
)
from genjin_api.projects.decider import CreateProject
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, field_refusal, not_found

LINKED_MAX = 50
"""Projects of one engagement at a time: what occurs there is told to each of them in one commit."""
EVER_LINKED_MAX = 500
ENGAGEMENTS_MAX = 20
"""Engagements of one project at a time."""


class LinkProject(Command):
    """A project that is there already, of another kind than an engagement."""

    model_config = example(
        project_id="019ab0c2-7c1e-7d3a-9a51-3f0c6a2b4e10",
        reason="为该客户定制的开发项目",
    )

    project_id: UUID
    reason: Prose


class SpawnProject(CreateProject):
    """A new project of one of the templates that the engagement's template names."""

    model_config = example(
        code="XM-2026-002",
        template="project.5",
        header={"name": "客户门户二期"},
        reason="客户确认了二期需求",
    )

    template: str = Field(max_length=64)
    reason: OptionalProse = ""


def link(
    engagement: Project,
    template: Template,
    command: LinkProject,
    project_code: str | None,
    caller: Caller,
) -> Decision:
    """project_code None: there is no such project."""
    if refusal := _refuse_link(engagement, template, caller):
        return refusal
    if project_code is None:
        return field_refusal("field_invalid", "/project_id", f"no project {command.project_id}")
    if command.project_id == engagement.id:
        return _nested()
    if is_linked(engagement.linked_projects, command.project_id):
        return Refusal("already_linked", f"{project_code} is linked with {engagement.code} already")
    return _linked(engagement, command.project_id, project_code, "grouped", command.reason, caller)


def spawn(
    engagement: Project,
    template: Template,
    command: SpawnProject,
    chosen: Template,
    project_id: UUID,
    caller: Caller,
) -> Decision:
    """chosen: the template that the command names."""
    if refusal := _refuse_link(engagement, template, caller):
        return refusal
    if command.template not in template.spawns:
        rule = f"must be one of {', '.join(template.spawns)}"
        return field_refusal("field_invalid", "/template", rule)
    if chosen.kind == "engagement":
        return _nested()
    return _linked(engagement, project_id, command.code, "spawned", command.reason, caller)


def unlink(engagement: Project, project_id: UUID, reason: str, caller: Caller) -> Decision:
    if not is_linked(engagement.linked_projects, project_id):
        return not_found("linked project", project_id)
    if refusal := refuse_if_closed(engagement) or refuse_outsider(engagement, caller):
        return refusal
    fact = ProjectUnlinked(project_id=project_id, reason=reason)
    return Decided([fact], acting_role(engagement, caller))


def join(
    project: Project | None,
    is_engagement: bool,
    engagement: Project,
    origin: Origin,
    reason: str,
    caller: Caller,
) -> Decided | Refusal:
    """The same link in the project's stream."""
    assert project is not None, "it was looked up"
    if is_engagement:
        return _nested()
    if refusal := refuse_if_closed(project) or refuse_stranger(project, caller):
        return refusal
    if len(linked(project.engagements)) >= ENGAGEMENTS_MAX:
        return Refusal("limit_reached", f"a project is in {ENGAGEMENTS_MAX} engagements at most")
    return Decided([joined(engagement, origin, reason)], acting_role(project, caller))


def leave(project: Project | None, engagement_id: UUID, reason: str) -> Decided | Refusal:
    """A closed project leaves as well: the engagement goes on."""
    assert project is not None, "it was linked"
    return Decided([EngagementLeft(engagement_id=engagement_id, reason=reason)])


def begin(created: Callable[[], Decision], engagement: Project, reason: str) -> Decided | Refusal:
    """A new project, linked from its first commit on."""
    decision = created()
    if isinstance(decision, Refusal):
        return decision
    assert isinstance(decision, Decided), "a project is created without personal values"
    return Decided([*decision.facts, joined(engagement, "spawned", reason)], decision.role)


def joined(engagement: Project, origin: Origin, reason: str) -> EngagementJoined:
    return EngagementJoined(
        engagement_id=engagement.id, engagement_code=engagement.code, origin=origin, reason=reason
    )


def _linked(
    engagement: Project, project_id: UUID, code: str, origin: Origin, reason: str, caller: Caller
) -> Decided:
    fact = ProjectLinked(project_id=project_id, project_code=code, origin=origin, reason=reason)
    return Decided([fact], acting_role(engagement, caller))


def _refuse_link(engagement: Project, template: Template, caller: Caller) -> Refusal | None:
    if refusal := refuse_if_closed(engagement) or refuse_outsider(engagement, caller):
        return refusal
    if template.kind != "engagement":
        return Refusal(
            "not_an_engagement",
            f"{template.key} is no process of engagements: it links no projects",
        )
    links = engagement.linked_projects
    if len(linked(links)) >= LINKED_MAX or len(links) >= EVER_LINKED_MAX:
        return Refusal(
            "limit_reached",
            f"an engagement links {LINKED_MAX} projects at a time and {EVER_LINKED_MAX} ever",
        )
    return None


def _nested() -> Refusal:
    return Refusal(
        "engagement_nested",
        "an engagement groups projects, never engagements: so no circle is made",
    )
