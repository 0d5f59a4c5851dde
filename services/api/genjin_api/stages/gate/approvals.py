"""What a gate finds of the approvals that a condition asks for. Those of other facts or revisions do not count."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from genjin.templates.conditions import ApprovalCondition
from genjin_api.forms.state import copies
from genjin_api.projects.state import Project
from genjin_api.stages.gate.check import Check
from genjin_api.stages.state import Approval


def of_approval(project: Project, condition: ApprovalCondition) -> Check:
    given = approved_by(project, condition)
    roles = {role: said.approved for role, said in given.items()}
    needed = all if condition.mode == "all" else any
    passed = needed(roles.get(role, False) for role in condition.by)
    events = (*(said.event_id for said in given.values()), *_on_what(project, condition))
    return Check("approval_missing", condition.key, passed, roles, events)


def approved_by(project: Project, condition: ApprovalCondition) -> Mapping[str, Approval]:
    """What each role says of the condition now: not what it said of other facts, or of another revision."""
    visit = project.course.current
    revisions = revisions_of(project, condition)
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


def _on_what(project: Project, condition: ApprovalCondition) -> Iterator[UUID]:
    """The events that saved the copies of the form that is to be approved, as they are now."""
    if condition.form is not None:
        yield from (record.saved_by for record in copies(project.forms, condition.form))


def revisions_of(project: Project, condition: ApprovalCondition) -> dict[str, int]:
    """The complete copies of the form that is to be approved, by their numbers."""
    if condition.form is None:
        return {}
    records = copies(project.forms, condition.form)
    return {
        str(record.copy_number): record.revision for record in records if record.state == "complete"
    }
