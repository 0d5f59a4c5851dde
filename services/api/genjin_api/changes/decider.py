"""Commands on change requests: raise, assess in all six respects, submit, decide (never by the requester), apply,
withdraw. Applying puts the proposed words in place of the requirement's.
"""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from genjin.changes.events import (
    ChangeApplied,
    ChangeAssessed,
    ChangeDecided,
    ChangeRaised,
    ChangeSubmitted,
    ChangeWithdrawn,
    Impact,
)
from genjin.changes.events import Decision as ChangeDecision
from genjin.requirements.events import RequirementSuperseded
from genjin.templates.model import Template
from genjin_api.acting import Caller, Decided, Decision, Moment
from genjin_api.changes.authority import approving_role
from genjin_api.changes.state import ChangeRequest
from genjin_api.fields import (
    Command,
    Count,
    Currency,
    Day,
    Key,
    Line,
    Money,
    OptionalProse,
    Prose,
    example,
)
from genjin_api.projects.access import (
    acting_role,
    refuse_if_closed,
    refuse_outsider,
    refuse_unless_role,
    role_among,
)
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, field_refusal, not_found


class RaiseChange(Command):
    """stages are those that the change touches (default: the current one); their gates wait for the decision."""

    model_config = example(
        requirement_id="019ab0c2-7c1e-7d3a-9a51-3f0c6a2b4e10",
        title="增加总氮监测",
        reason="环保新规自明年起要求总氮在线监测",
        proposed_title="出水在线监测（含总氮）",
        proposed_text="出水口须有COD、氨氮、总磷、总氮在线监测并上传至市平台。",
        stages=["proposal"],
        requested_by="设备科 王工",
    )

    requirement_id: UUID
    title: Line
    reason: Prose
    proposed_title: Line
    proposed_text: Prose
    stages: Annotated[list[Key], Field(max_length=64)] | None = None
    requested_by: Line


class AssessChange(Command):
    """The impact in all six respects."""

    model_config = example(
        scope="增加一套总氮分析仪",
        days=7,
        cost="86000.00",
        currency="CNY",
        quality="不变",
        risk="供货周期较长",
        resource="仪表工程师三天",
    )

    scope: Prose
    days: Annotated[Count, Field(ge=-3650, le=3650)]
    cost: Money
    currency: Currency = "CNY"
    quality: Prose
    risk: Prose
    resource: Prose


class SubmitChange(Command):
    """For decision."""


class DecideChange(Command):
    """A rejection needs a comment, a deferral a review date, an approval with conditions its conditions."""

    model_config = example(
        decision="approve_with_conditions",
        comment="同意",
        conditions=["增加费用计入合同"],
    )

    decision: ChangeDecision
    comment: OptionalProse = ""
    conditions: list[Prose] = Field(default_factory=list, max_length=20)
    review_on: Day | None = None


class ApplyChange(Command):
    """Put the proposed words in force."""


class WithdrawChange(Command):
    model_config = example(
        reason="业主撤回要求",
    )

    reason: Prose


def raise_change(
    project: Project, template: Template, command: RaiseChange, change_id: UUID, caller: Caller
) -> Decision:
    if refusal := refuse_if_closed(project) or refuse_outsider(project, caller):
        return refusal
    requirement = project.requirements.get(str(command.requirement_id))
    if requirement is None:
        return field_refusal(
            "field_invalid", "/requirement_id", "the project has no such requirement"
        )
    if requirement.status != "confirmed":
        return Refusal(
            "requirement_not_confirmed", "words that nobody has confirmed are amended, not changed"
        )
    stages = command.stages if command.stages is not None else [project.course.current.stage]
    known = {stage.key for stage in template.stages}
    if unknown := [stage for stage in stages if stage not in known]:
        return field_refusal("field_invalid", "/stages", f"the template has no stage {unknown[0]}")
    fact = ChangeRaised(
        change_id=change_id,
        requirement_id=command.requirement_id,
        base_revision=requirement.revision,
        title=command.title,
        reason=command.reason,
        proposed_title=command.proposed_title,
        proposed_text=command.proposed_text,
        stages=stages,
        requested_by=command.requested_by,
    )
    return Decided([fact], acting_role(project, caller))


def assess(project: Project, change_id: UUID, command: AssessChange, caller: Caller) -> Decision:
    change = _open_change(project, change_id, caller)
    if isinstance(change, Refusal):
        return change
    if change.status == "submitted":
        return Refusal("change_already_submitted", "what is up for decision is not assessed anew")
    impact = Impact.model_validate(command.model_dump(exclude={"occurred_at"}))
    fact = ChangeAssessed(change_id=change_id, impact=impact)
    return Decided([fact], acting_role(project, caller))


def submit(project: Project, change_id: UUID, caller: Caller) -> Decision:
    change = _open_change(project, change_id, caller)
    if isinstance(change, Refusal):
        return change
    if change.status == "submitted":
        return Refusal("change_already_submitted", "the change request was submitted before")
    if change.impact is None:
        return Refusal("impact_missing", "assess the impact before you submit")
    return Decided([ChangeSubmitted(change_id=change_id)], acting_role(project, caller))


def decide(
    project: Project,
    template: Template,
    change_id: UUID,
    command: DecideChange,
    caller: Caller,
    moment: Moment,
) -> Decision:
    change = project.change_requests.get(str(change_id))
    if change is None:
        return not_found("change request", change_id)
    if refusal := refuse_if_closed(project) or refuse_unless_role(
        project, caller, template.change_deciders
    ):
        return refusal
    if caller.person_id == change.requester_id:
        return Refusal("self_approval", "nobody decides on a change request of their own")
    if change.status not in ("submitted", "deferred"):
        return Refusal("change_not_submitted", f"the change request is {change.status}")
    if refusal := _refuse_decision(command, moment):
        return refusal
    role = role_among(project, caller, template.change_deciders)
    if command.decision in ("approve", "approve_with_conditions"):
        approving = approving_role(project, template, change, caller)
        if isinstance(approving, Refusal):
            return approving
        role = approving
    fact = ChangeDecided(
        change_id=change_id,
        decision=command.decision,
        comment=command.comment,
        conditions=command.conditions,
        review_on=command.review_on,
    )
    return Decided([fact], role)


def apply(project: Project, change_id: UUID, caller: Caller) -> Decision:
    change = project.change_requests.get(str(change_id))
    if change is None:
        return not_found("change request", change_id)
    if refusal := refuse_if_closed(project) or refuse_outsider(project, caller):
        return refusal
    if change.status != "approved":
        return Refusal("change_not_approved", f"the change request is {change.status}")
    requirement = project.requirements[str(change.requirement_id)]
    if requirement.revision != change.base_revision:
        return Refusal(
            "change_base_moved",
            f"it was raised on revision {change.base_revision}, revision {requirement.revision} is in force now",
        )
    superseded = RequirementSuperseded(
        requirement_id=requirement.id,
        change_id=change_id,
        revision=requirement.revision + 1,
        title=change.proposed_title,
        text=change.proposed_text,
    )
    return Decided([ChangeApplied(change_id=change_id), superseded], acting_role(project, caller))


def withdraw(
    project: Project, change_id: UUID, command: WithdrawChange, caller: Caller
) -> Decision:
    change = project.change_requests.get(str(change_id))
    if change is None:
        return not_found("change request", change_id)
    if refusal := refuse_if_closed(project):
        return refusal
    if caller.person_id != change.requester_id:
        return Refusal("role_not_allowed", "only who raised a change request may withdraw it")
    if change.status not in ("raised", "submitted", "deferred", "approved"):
        return Refusal("change_not_open", f"the change request is {change.status}")
    return Decided(
        [ChangeWithdrawn(change_id=change_id, reason=command.reason)], acting_role(project, caller)
    )


def _open_change(project: Project, change_id: UUID, caller: Caller) -> ChangeRequest | Refusal:
    change = project.change_requests.get(str(change_id))
    if change is None:
        return not_found("change request", change_id)
    if refusal := refuse_if_closed(project) or refuse_outsider(project, caller):
        return refusal
    if change.status not in ("raised", "submitted", "deferred"):
        return Refusal("change_not_open", f"the change request is {change.status}")
    return change


def _refuse_decision(command: DecideChange, moment: Moment) -> Refusal | None:
    if command.decision == "reject" and not command.comment:
        return field_refusal("comment_required", "/comment", "a rejection needs a comment")
    if command.decision == "approve_with_conditions" and not command.conditions:
        return field_refusal("field_invalid", "/conditions", "name at least one condition")
    if command.decision != "approve_with_conditions" and command.conditions:
        return field_refusal(
            "field_invalid", "/conditions", "only approve_with_conditions has conditions"
        )
    if command.decision == "defer" and (
        command.review_on is None or command.review_on <= moment.today
    ):
        return field_refusal(
            "field_invalid", "/review_on", "a deferral needs a review date after today"
        )
    return None
