"""Approvals of conditions that ask for one: a role's yes or no, on the facts or the form as they stand."""

from collections.abc import Mapping

from genjin.stages.events import ConditionApproved
from genjin.templates.conditions import ApprovalCondition
from genjin.templates.model import Template
from genjin_api.acting import Caller, Decided, Decision
from genjin_api.fields import Command, Flag, Key, OptionalProse, example
from genjin_api.forms.state import copies
from genjin_api.projects.access import refuse_unless_holder, refuse_unless_open
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, field_refusal, not_found
from genjin_api.stages.state import Approval


class ApproveCondition(Command):
    """A no needs a comment."""

    model_config = example(
        role="dept_head",
        approved=True,
        comment="计划可行，同意",
    )

    role: Key
    approved: Flag
    comment: OptionalProse = ""


def approve_condition(
    project: Project, template: Template, key: str, command: ApproveCondition, caller: Caller
) -> Decision:
    visit = project.course.current
    conditions = template.stage(visit.stage).conditions()
    condition = next((known for known in conditions if known.key == key), None)
    if condition is None:
        return not_found(f"condition in stage {visit.stage}:", key)
    if refusal := refuse_unless_open(project):
        return refusal
    if not isinstance(condition, ApprovalCondition):
        return Refusal("condition_is_computed", f"{key} asks for no approval")
    if command.role not in condition.by:
        approvers = " and ".join(condition.by)
        return field_refusal("field_invalid", "/role", f"{key} is approved by {approvers}")
    if refusal := refuse_unless_holder(project, caller, command.role):
        return refusal
    if not command.approved and not command.comment:
        return field_refusal("comment_required", "/comment", "a no needs a comment")
    revisions = _revisions(project, condition)
    if condition.form and not revisions:
        return Refusal("form_not_complete", f"there is no {condition.form} to approve yet")
    standing = approved_by(project, condition).get(command.role)
    if standing and (standing.approved, standing.comment) == (command.approved, command.comment):
        return Decided([], command.role)
    fact = ConditionApproved(
        stage=visit.stage,
        visit=visit.number,
        condition=key,
        role=command.role,
        approved=command.approved,
        comment=command.comment,
        facts_version=visit.facts_version,
        revisions=revisions,
    )
    return Decided([fact], command.role)


def approved_by(project: Project, condition: ApprovalCondition) -> Mapping[str, Approval]:
    """What each role says of the condition now: not what it said of other facts, or of another revision."""
    visit = project.course.current
    revisions = _revisions(project, condition)
    return {
        approval.role: approval
        for approval in visit.approvals.values()
        if approval.condition == condition.key
        and (
            approval.revisions == revisions
            if condition.form
            else approval.facts_version == visit.facts_version
        )
    }


def _revisions(project: Project, condition: ApprovalCondition) -> dict[str, int]:
    """The complete copies of the form that is to be approved, by their numbers."""
    if condition.form is None:
        return {}
    records = copies(project.forms, condition.form)
    return {
        str(record.copy_number): record.revision for record in records if record.state == "complete"
    }
