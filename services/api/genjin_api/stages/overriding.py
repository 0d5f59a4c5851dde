"""An override of a gate: named roles let a project through, each check that does not pass named, for a reason."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from genjin.templates.model import Stage, Template
from genjin_api.acting import Caller
from genjin_api.fields import Key
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, field_refusal
from genjin_api.stages.gate import Check
from genjin_api.stages.gate.slots import refuse_apart

BLOCKERS_MAX = 500
Subject = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Blocker(BaseModel):
    """A check that does not pass, as the gate names it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Key
    subject: Subject


class Override(BaseModel):
    """Every check that blocks must be named, and nothing else, so that nobody waives what they have not seen."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    waive: Annotated[list[Blocker], Field(min_length=1, max_length=BLOCKERS_MAX)]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=20, max_length=4000)]


def overriding_role(
    project: Project,
    template: Template,
    blocking: Sequence[Check],
    override: Override,
    caller: Caller,
) -> str | Refusal:
    """The role that may override these checks as it is asked, or why not."""
    role = _role(project, template, caller)
    if isinstance(role, Refusal):
        return role
    named = {(blocker.code, blocker.subject) for blocker in override.waive}
    there: set[tuple[str, str]] = {(check.code, check.subject) for check in blocking}
    if unneeded := sorted(named - there):
        detail = f"does not block: {_listed(unneeded)}"
        return field_refusal("field_invalid", "/override/waive", detail)
    if unnamed := sorted(there - named):
        detail = f"blocks too, and is not named: {_listed(unnamed)}"
        return field_refusal("field_invalid", "/override/waive", detail)
    if refused := _not_waivable(template.stage(project.course.current.stage), blocking):
        blockers = [check.blocker() for check in refused]
        detail = f"{len(refused)} of these checks may not be waived"
        return Refusal("blocker_not_waivable", detail, blockers=blockers)
    return role


def _role(project: Project, template: Template, caller: Caller) -> str | Refusal:
    """Who overrides speaks at the gate: not for a role that is kept apart from one that they have spoken for there."""
    stage = template.stage(project.course.current.stage)
    refusal = None
    for role in project.roles_of(caller.person_id):
        if role in template.override_by:
            refusal = refuse_apart(project, template, stage, caller, role)
            if refusal is None:
                return role
    allowed = " or ".join(template.override_by) or "nobody"
    detail = f"a gate of this process is overridden by: {allowed}"
    return refusal or Refusal("override_not_allowed", detail)


def _not_waivable(stage: Stage, blocking: Sequence[Check]) -> list[Check]:
    """What the stage does not let anybody waive, and the conditions that say so of themselves."""
    firm = {condition.key for condition in stage.conditions() if not condition.waivable}
    return [
        check
        for check in blocking
        if check.code not in stage.waivable or (check.subject in firm and check.is_of_condition)
    ]


def _listed(blockers: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{code} {subject}" for code, subject in blockers)
