"""How a project moves: advance through the gate, return to an earlier stage. Pure, as every decider."""

from pydantic import Field

from genjin.stages.events import StageAdvanced, StageEntered, StageReturned
from genjin.templates.model import Template
from genjin_api.acting import Caller, Decided, Decision, Moment
from genjin_api.fields import Command, Key, Prose, example
from genjin_api.projects.access import acting_role, refuse_outsider, refuse_unless_open
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal
from genjin_api.stages.passing import pass_gate


class AdvanceStage(Command):
    model_config = example(
        to_stage="contact",
    )

    to_stage: Key | None = Field(None, description="default: the stage's only exit")


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
    """To the next stage, with a receipt of every check. A closed gate refuses, and the refusal is a fact too."""
    if refusal := refuse_unless_open(project) or refuse_outsider(project, caller):
        return refusal
    visit = project.course.current
    role = acting_role(project, caller)
    if command.to_stage == visit.stage:
        return Decided([], role)
    exits = [exit_.to for exit_ in template.stage(visit.stage).exits]
    if not exits:
        return Refusal(
            "at_final_stage", "this is the last stage: close the project with its outcome"
        )
    to_stage = command.to_stage or exits[0]
    if to_stage not in exits:
        return Refusal(
            "skip_refused", f"stage {visit.stage} leads to {' or '.join(exits)}, not to {to_stage}"
        )
    receipt = pass_gate(project, template, moment.today, role=role)
    if isinstance(receipt, Refusal):
        return receipt
    advanced = StageAdvanced(
        stage=visit.stage, visit=visit.number, to_stage=to_stage, receipt=receipt
    )
    return Decided([advanced, _entered(project, to_stage)], role)


def return_to(
    project: Project, template: Template, command: ReturnStage, caller: Caller
) -> Decision:
    """To an earlier stage, as a new visit; the old ones stay readable."""
    if refusal := refuse_unless_open(project) or refuse_outsider(project, caller):
        return refusal
    visit = project.course.current
    order = [stage.key for stage in template.stages]
    earlier = order[: order.index(visit.stage)]
    if command.to_stage not in earlier or not template.stage(visit.stage).allow_return:
        allowed = ", ".join(earlier) if template.stage(visit.stage).allow_return else ""
        return Refusal(
            "return_refused", f"from {visit.stage} a return leads to: {allowed or 'nowhere'}"
        )
    returned = StageReturned(
        stage=visit.stage, visit=visit.number, to_stage=command.to_stage, reason=command.reason
    )
    return Decided([returned, _entered(project, command.to_stage)], acting_role(project, caller))


def _entered(project: Project, stage: str) -> StageEntered:
    visit = project.course.visits_to(stage) + 1
    return StageEntered(stage=stage, visit=visit, from_stage=project.course.current.stage)
