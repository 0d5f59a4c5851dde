"""Commands that end a project with its outcome, or open it again."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field

from genjin.projects.events import ProjectClosed, ProjectReopened
from genjin.stages.events import GateOverridden, StageEntered
from genjin.templates.expressions import holds
from genjin.templates.model import Template
from genjin.templates.registers import Outcome
from genjin_api.acting import Caller, Decided, Decision, Moment
from genjin_api.fields import Command, Key, OptionalProse, Prose, example
from genjin_api.projects.access import (
    refuse_if_closed,
    refuse_outsider,
    refuse_unless_named,
    role_named,
)
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, field_refusal
from genjin_api.risks.raising import Missed, raised_meanwhile
from genjin_api.stages.gate.values import Values
from genjin_api.stages.moves import returns_from
from genjin_api.stages.overriding import Override
from genjin_api.stages.passing import Passed, pass_gate
from genjin_api.stages.ways import way_events


class CloseProject(Command):
    """Outcomes and their reason codes are the template's."""

    model_config = example(
        outcome="lost",
        reason_code="price",
        reason="报价高出第一名约百分之六",
    )

    outcome: Key
    reason_code: Key | None = None
    reason: OptionalProse = ""
    override: Override | None = Field(
        None, description="of the last gate, where the outcome needs it"
    )


class ReopenProject(Command):
    model_config = example(
        reason="第一中标人放弃，业主重新邀请",
        to_stage="negotiation",
    )

    reason: Prose
    to_stage: Key


def close(
    project: Project, template: Template, command: CloseProject, caller: Caller, moment: Moment
) -> Decision:
    if refusal := refuse_if_closed(project) or refuse_outsider(project, caller):
        return refusal
    outcome = next((known for known in template.outcomes if known.key == command.outcome), None)
    if outcome is None:
        known = ", ".join(one.key for one in template.outcomes) or "none: it has no end"
        return field_refusal("field_invalid", "/outcome", f"the template's outcomes are {known}")
    if refusal := _refuse_reason(outcome, command) or _refuse_outcome(
        project, template, outcome, caller, moment
    ):
        return refusal
    receipt, role = None, role_named(project, caller, outcome.by)
    overridden: tuple[GateOverridden, ...] = ()
    if outcome.final_gate_only:
        passed = _pass_final_gate(project, template, outcome, command.override, caller, moment)
        if isinstance(passed, Refusal):
            return passed
        receipt = {**passed.receipt, **outcome_events(project, template, outcome, moment)}
        overridden = passed.overridden
        role = passed.role if overridden else role
    fact = ProjectClosed(
        outcome=command.outcome,
        reason_code=command.reason_code,
        reason=command.reason,
        receipt=receipt,
    )
    return Decided([*overridden, fact], role)


def outcome_events(
    project: Project, template: Template, outcome: Outcome, moment: Moment
) -> Mapping[str, Any]:
    """What a receipt says that an outcome's own condition rests on."""
    if outcome.when is None:
        return {}
    return way_events(Values(project, template, moment).events_of(outcome.when))


def _refuse_outcome(
    project: Project, template: Template, outcome: Outcome, caller: Caller, moment: Moment
) -> Refusal | None:
    """Who may bring an outcome about, and when."""
    if refusal := refuse_unless_named(project, template, caller, outcome.by):
        return refusal
    if outcome.when is not None:
        possible, reason = holds(outcome.when, Values(project, template, moment).all)
        if not possible:
            rule = outcome.when_text.en if outcome.when_text else outcome.when
            detail = f"{outcome.key} is possible when: {rule}{reason and f' ({reason})'}"
            return Refusal("outcome_not_possible", detail)
    return None


def reopen(
    project: Project,
    template: Template,
    command: ReopenProject,
    caller: Caller,
    missed: Sequence[Missed] = (),
) -> Decision:
    """Where it was closed, or where it was before that and a return leads from there: no gate is passed by a new start.
    A stage that only an earlier template version had is no place to go on. missed: what occurred in its engagements
    meanwhile.
    """
    if refusal := refuse_unless_named(project, template, caller, template.reopen_by):
        return refusal
    if project.status != "closed":
        return Refusal("project_not_closed", "the project is not closed")
    if not project.course.visits_to(command.to_stage):
        return field_refusal(
            "field_invalid", "/to_stage", f"the project never was in stage {command.to_stage}"
        )
    if command.to_stage not in {stage.key for stage in template.stages}:
        detail = f"the template has no stage {command.to_stage} any more"
        return field_refusal("field_invalid", "/to_stage", detail)
    closed_at = project.course.current.stage
    if command.to_stage not in (closed_at, *returns_from(template, closed_at)):
        detail = (
            f"it was closed in {closed_at}, and no return leads from there to {command.to_stage}"
        )
        return field_refusal("field_invalid", "/to_stage", detail)
    visit = project.course.visits_to(command.to_stage) + 1
    reopened = ProjectReopened(to_stage=command.to_stage, visit=visit, reason=command.reason)
    entered = StageEntered(
        stage=command.to_stage, visit=visit, from_stage=project.course.current.stage
    )
    facts = [reopened, entered, *raised_meanwhile(project, missed)]
    return Decided(facts, role_named(project, caller, template.reopen_by))


def _refuse_reason(outcome: Outcome, command: CloseProject) -> Refusal | None:
    codes = [choice.key for choice in outcome.reasons]
    if command.reason_code is not None and command.reason_code not in codes:
        detail = (
            f"must be one of {', '.join(codes)}" if codes else f"{outcome.key} takes no reason code"
        )
        return field_refusal("field_invalid", "/reason_code", detail)
    if outcome.reason_required and codes and command.reason_code is None:
        return field_refusal(
            "reason_required", "/reason_code", f"must be one of {', '.join(codes)}"
        )
    if outcome.reason_required and not codes and not command.reason:
        return field_refusal("reason_required", "/reason", f"{outcome.key} needs a reason")
    return None


def _pass_final_gate(
    project: Project,
    template: Template,
    outcome: Outcome,
    override: Override | None,
    caller: Caller,
    moment: Moment,
) -> Passed | Refusal:
    stage = template.stage(project.course.current.stage)
    if project.status == "suspended":
        return Refusal("project_suspended", "the project is suspended: resume it first")
    if stage.key not in outcome.at if outcome.at else stage.exits:
        where = f"stage {' or '.join(outcome.at)}" if outcome.at else "the last stage"
        return Refusal("not_at_final_gate", f"{outcome.key} is possible from {where} alone")
    return pass_gate(project, template, caller, moment, override=override, name="last gate")
