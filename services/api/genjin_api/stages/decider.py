"""Commands on the stage where a project stands: its record, its judgements, its follow-ups."""

from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import Field

from genjin.stages.events import (
    ActualRecorded,
    ConditionMarked,
    FollowUpCompleted,
    FollowUpSet,
    StageJudged,
    Verdict,
)
from genjin.templates.conditions import ManualCondition
from genjin.templates.judging import JudgementRule
from genjin.templates.model import Template
from genjin_api.acting import Caller, Decided, Decision, Moment
from genjin_api.fields import Command, Count, Day, Flag, Key, OptionalProse, Prose, example
from genjin_api.projects.access import (
    refuse_if_closed,
    refuse_unless_holder,
    refuse_unless_open,
    refuse_unless_role,
    role_among,
)
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, field_refusal, not_found
from genjin_api.stages.state import Visit


class RecordActual(Command):
    """实际情况: the whole text as it stands now. Judgements given before turn stale."""

    model_config = example(
        text="已与设备科王工通话，约定周四上门演示。",
    )

    text: Prose = Field(examples=["已与设备科王工通话，约定周四上门演示。"])


class MarkCondition(Command):
    model_config = example(
        met=True,
        evidence="立项审批单 2026-118 号",
    )

    met: Flag
    evidence: OptionalProse = ""


class Judge(Command):
    """判断. facts_version, where given, must be the one judged on now."""

    model_config = example(
        role="dept_head",
        verdict="hold",
        comment="采购流程尚未摸清，先补齐客户内部采购流程表",
        facts_version=3,
    )

    role: Key
    verdict: Verdict
    comment: OptionalProse = ""
    facts_version: Count | None = None


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


def record_actual(
    project: Project, template: Template, command: RecordActual, caller: Caller
) -> Decision:
    visit = project.course.current
    allowed = template.stage(visit.stage).actual_by
    if refusal := refuse_unless_open(project) or refuse_unless_role(project, caller, allowed):
        return refusal
    fact = ActualRecorded(
        stage=visit.stage,
        visit=visit.number,
        text=command.text,
        facts_version=visit.facts_version + 1,
    )
    return Decided([fact], role_among(project, caller, allowed))


def mark_condition(
    project: Project, template: Template, key: str, command: MarkCondition, caller: Caller
) -> Decision:
    visit = project.course.current
    stage = template.stage(visit.stage)
    condition = next((known for known in stage.conditions() if known.key == key), None)
    if condition is None:
        return not_found(f"condition in stage {visit.stage}:", key)
    by = (
        condition.by if isinstance(condition, ManualCondition) and condition.by else stage.actual_by
    )
    if refusal := refuse_unless_open(project) or refuse_unless_role(project, caller, by):
        return refusal
    if not isinstance(condition, ManualCondition):
        return Refusal(
            "condition_is_computed", f"{key} is of kind {condition.kind}, nobody marks it"
        )
    if command.met and condition.evidence and not command.evidence:
        return field_refusal("evidence_required", "/evidence", f"{key} is met by evidence alone")
    before = visit.conditions.get(key)
    if before and (before.met, before.evidence) == (command.met, command.evidence):
        return Decided([])
    fact = ConditionMarked(
        stage=visit.stage,
        visit=visit.number,
        condition=key,
        met=command.met,
        evidence=command.evidence,
        facts_version=visit.facts_version + 1,
    )
    return Decided([fact], role_among(project, caller, by))


def judge(project: Project, template: Template, command: Judge, caller: Caller) -> Decision:
    visit = project.course.current
    rule = template.judgement_of(visit.stage)
    if refusal := refuse_unless_open(project):
        return refusal
    if command.role not in rule.roles:
        return field_refusal(
            "field_invalid", "/role", f"{command.role} does not judge stage {visit.stage}"
        )
    if refusal := refuse_unless_holder(project, caller, command.role):
        return refusal
    if refusal := _refuse_second_slot(visit, command, caller) or _refuse_judgement(
        visit, rule, command
    ):
        return refusal
    fact = StageJudged(
        stage=visit.stage,
        visit=visit.number,
        role=command.role,
        verdict=command.verdict,
        comment=command.comment,
        facts_version=visit.facts_version,
    )
    return Decided([fact], command.role)


def _refuse_second_slot(visit: Visit, command: Judge, caller: Caller) -> Refusal | None:
    """Nobody fills two slots of one gate."""
    for role, judgement in visit.judgements.items():
        if role != command.role and judgement.person_id == caller.person_id:
            return Refusal("second_slot_refused", f"you have judged this stage as {role} already")
    return None


def _refuse_judgement(visit: Visit, rule: JudgementRule, command: Judge) -> Refusal | None:
    if command.verdict in rule.comment_on and not command.comment:
        return field_refusal("comment_required", "/comment", f"{command.verdict} needs a comment")
    if command.facts_version is not None and command.facts_version != visit.facts_version:
        return Refusal(
            "facts_changed", f"the facts are at version {visit.facts_version} now: read them again"
        )
    standing = visit.judgements.get(command.role)
    if standing and not visit.is_stale(standing) and standing.verdict == command.verdict:
        return Refusal(
            "already_judged", f"{command.role} has said {command.verdict} on these facts already"
        )
    return None


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
