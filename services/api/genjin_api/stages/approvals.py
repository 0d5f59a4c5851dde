"""Approvals of conditions that ask for one: a role's yes or no, on the facts or the form as they stand."""

from genjin.stages.events import ConditionApproved
from genjin.templates.conditions import ApprovalCondition
from genjin.templates.model import Template
from genjin_api.acting import Caller, Decided, Decision
from genjin_api.fields import Command, Flag, Key, OptionalProse, example
from genjin_api.projects.access import refuse_unless_holder, refuse_unless_open
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, field_refusal, not_found
from genjin_api.stages.gate.approvals import approved_by, revisions_of
from genjin_api.stages.gate.slots import refuse_second_slot


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
    if refusal := _refuse_word(project, condition, command, caller):
        return refusal
    revisions = revisions_of(project, condition)
    if condition.form and not revisions:
        return Refusal("form_not_complete", f"there is no {condition.form} to approve yet")
    approved = approved_by(project, condition)
    same = {role: one.person_id for role, one in approved.items() if role in condition.by}
    if refusal := refuse_second_slot(project, template, caller, command.role, same):
        return refusal
    standing = approved.get(command.role)
    said = (command.approved, command.comment, caller.person_id)
    if standing and (standing.approved, standing.comment, standing.person_id) == said:
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


def _refuse_word(
    project: Project, condition: ApprovalCondition, command: ApproveCondition, caller: Caller
) -> Refusal | None:
    if command.role not in condition.by:
        approvers = " and ".join(condition.by)
        detail = f"{condition.key} is approved by {approvers}"
        return field_refusal("field_invalid", "/role", detail)
    if refusal := refuse_unless_holder(project, caller, command.role):
        return refusal
    if not command.approved and not command.comment:
        return field_refusal("comment_required", "/comment", "a no needs a comment")
    return None
