"""How a project moves: advance through the gate, return to an earlier stage. Pure, as every decider."""

from typing import Any

from pydantic import Field

from genjin.stages.events import (
    GateOverridden,
    StageAdvanced,
    StageEntered,
    StageReturned,
    StageSkipped,
)
from genjin.templates.model import Template
from genjin_api.acting import Caller, Decided, Decision, Moment
from genjin_api.fields import Command, Key, OptionalProse, Prose, example
from genjin_api.projects.access import (
    acting_role,
    refuse_unless_named,
    refuse_unless_open,
    role_named,
)
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, field_refusal
from genjin_api.stages.gate.values import Values
from genjin_api.stages.overriding import Override
from genjin_api.stages.passing import Passed, pass_gate
from genjin_api.stages.ways import Way, way_to


class AdvanceStage(Command):
    model_config = example(
        to_stage="contact",
    )

    to_stage: Key | None = Field(
        None, description="default: the first exit that is open; beyond it, stages are skipped"
    )
    reason: OptionalProse = Field("", description="why stages are skipped")
    override: Override | None = None


class ReturnStage(Command):
    model_config = example(
        to_stage="proposal",
        reason="业主改变了工艺路线，方案需重做",
    )

    to_stage: Key
    reason: Prose


def advance(
    project: Project, template: Template, command: AdvanceStage, caller: Caller, moment: Moment
) -> Decision:
    """On, with a receipt of every check. A closed gate refuses, and the refusal is a fact too."""
    if refusal := refuse_unless_open(project) or _refuse_mover(project, template, command, caller):
        return refusal
    visit = project.course.current
    exits = [exit_.to for exit_ in template.stage(visit.stage).exits]
    if command.to_stage == visit.stage and visit.stage not in exits:
        return Decided([], acting_role(project, caller))
    values = Values(project, template, moment)
    way = way_to(project, template, command.to_stage, caller, values)
    if isinstance(way, Refusal):
        return way
    if way.skipped and not command.reason:
        return field_refusal("reason_required", "/reason", "a stage is skipped for a reason")
    passed = pass_gate(project, template, caller, moment, override=command.override)
    if isinstance(passed, Refusal):
        return passed
    return Decided(_moved(project, command, way, passed), passed.role)


def _refuse_mover(
    project: Project, template: Template, command: AdvanceStage, caller: Caller
) -> Refusal | None:
    """Who may override a gate goes through it, outside party or not."""
    if command.override and set(template.override_by) & set(project.roles_of(caller.person_id)):
        return None
    return refuse_unless_named(project, template, caller)


def _moved(
    project: Project, command: AdvanceStage, way: Way, passed: Passed
) -> list[GateOverridden | StageAdvanced | StageSkipped | StageEntered]:
    visit = project.course.current
    receipt: dict[str, Any] = {**passed.receipt, **way.receipt()}
    advanced = StageAdvanced(
        stage=visit.stage, visit=visit.number, to_stage=way.to_stage, receipt=receipt
    )
    skipped = [
        StageSkipped(
            stage=stage, from_stage=visit.stage, to_stage=way.to_stage, reason=command.reason
        )
        for stage in way.skipped
    ]
    return [*passed.overridden, advanced, *skipped, _entered(project, way.to_stage)]


def return_to(
    project: Project, template: Template, command: ReturnStage, caller: Caller
) -> Decision:
    """To an earlier stage, as a new visit; the old ones stay readable."""
    visit = project.course.current
    named = template.stage(visit.stage).return_by
    if refusal := refuse_unless_open(project) or refuse_unless_named(
        project, template, caller, named
    ):
        return refusal
    earlier = returns_from(template, visit.stage)
    if command.to_stage not in earlier:
        allowed = ", ".join(earlier) or "nowhere"
        return Refusal("return_refused", f"from {visit.stage} a return leads to: {allowed}")
    returned = StageReturned(
        stage=visit.stage, visit=visit.number, to_stage=command.to_stage, reason=command.reason
    )
    role = role_named(project, caller, named)
    return Decided([returned, _entered(project, command.to_stage)], role)


def returns_from(template: Template, key: str) -> list[str]:
    """The stages that a return leads to from this one."""
    stage = template.stage(key)
    if not stage.allow_return:
        return []
    if stage.return_to is not None:
        return list(stage.return_to)
    return [earlier.key for earlier in template.stages[: template.stage_index(key)]]


def _entered(project: Project, stage: str) -> StageEntered:
    visit = project.course.visits_to(stage) + 1
    return StageEntered(stage=stage, visit=visit, from_stage=project.course.current.stage)
