"""跟进措施: what is to be done, by whom, by when, and that it was done."""

from uuid import UUID
from zoneinfo import ZoneInfo

from genjin.stages.events import FollowUpCompleted, FollowUpSet
from genjin.templates.model import Template
from genjin_api.acting import Caller, Decided, Decision, Moment
from genjin_api.fields import Command, Day, Key, Prose, example
from genjin_api.projects.access import refuse_if_closed, refuse_unless_holder, refuse_unless_open
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, field_refusal, not_found


class SetFollowUp(Command):
    """跟进措施: what is to be done, by whom, by when."""

    model_config = example(
        role="sales_manager",
        action="本周内拜访设计院，确认技术参数",
        owner_id="019ab0c2-7c1e-7d3a-9a51-3f0c6a2b4e10",
        due_on="2026-12-04",
    )

    role: Key
    action: Prose
    owner_id: UUID
    due_on: Day


class CompleteFollowUp(Command):
    model_config = example(
        result="已拜访，参数表已取得",
    )

    result: Prose


def set_follow_up(
    project: Project,
    template: Template,
    command: SetFollowUp,
    follow_up_id: UUID,
    owner_name: str | None,
    caller: Caller,
) -> Decision:
    visit = project.course.current
    if refusal := refuse_unless_open(project):
        return refusal
    if command.role not in template.stage(visit.stage).follow_up_by:
        return field_refusal(
            "field_invalid", "/role", f"{command.role} sets no follow-ups in stage {visit.stage}"
        )
    if refusal := refuse_unless_holder(project, caller, command.role):
        return refusal
    if owner_name is None:
        return field_refusal("unknown_person", "/owner_id", f"no active person {command.owner_id}")
    fact = FollowUpSet(
        follow_up_id=follow_up_id,
        stage=visit.stage,
        visit=visit.number,
        role=command.role,
        action=command.action,
        owner_id=command.owner_id,
        owner_name=owner_name,
        due_on=command.due_on,
    )
    return Decided([fact], command.role)


def complete_follow_up(
    project: Project, follow_up_id: UUID, command: CompleteFollowUp, caller: Caller, moment: Moment
) -> Decision:
    follow_up = project.course.follow_ups.get(str(follow_up_id))
    if follow_up is None:
        return not_found("follow-up", follow_up_id)
    if refusal := refuse_if_closed(project):
        return refusal
    roles = project.roles_of(caller.person_id)
    if caller.person_id != follow_up.owner_id and follow_up.role not in roles:
        return Refusal(
            "role_not_allowed", f"only its owner or a holder of {follow_up.role} may complete it"
        )
    if follow_up.status != "open":
        return Refusal("follow_up_already_completed", "the follow-up was completed before")
    done_on = moment.today
    if command.occurred_at is not None:
        done_on = command.occurred_at.astimezone(ZoneInfo(caller.time_zone)).date()
    days_late = max(0, (done_on - follow_up.due_on).days)
    fact = FollowUpCompleted(follow_up_id=follow_up_id, result=command.result, days_late=days_late)
    return Decided([fact], follow_up.role if follow_up.role in roles else None)
