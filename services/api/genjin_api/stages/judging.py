"""判断: judgements of the stage where a project stands, their withdrawal, and rounds of review."""

from genjin.stages.events import JudgementWithdrawn, ReviewRequested, StageJudged, Verdict
from genjin.templates.judging import JudgementRule
from genjin.templates.model import Template
from genjin_api.acting import Caller, Decided, Decision
from genjin_api.fields import Command, Count, Key, OptionalProse, Prose, example
from genjin_api.projects.access import (
    acting_role,
    refuse_outsider,
    refuse_unless_holder,
    refuse_unless_open,
    refuse_unless_role,
    role_among,
)
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, field_refusal, not_found
from genjin_api.stages.gate.judgements import is_in_turn, waits_for
from genjin_api.stages.gate.slots import refuse_second_slot
from genjin_api.stages.state import Visit


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


class WithdrawJudgement(Command):
    """Whoever gave the judgement takes it back; the slot is open again."""

    model_config = example(
        reason="收到客户新的采购流程，需重新考虑",
    )

    reason: Prose


class RequestReview(Command):
    """Ask all judges again: judgements given before count no more."""

    model_config = example(
        note="方案已按意见修改，请重新判断",
    )

    note: OptionalProse = ""


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
    judged = {role: one.person_id for role, one in visit.judgements.items() if role in rule.roles}
    if refusal := refuse_second_slot(
        project, template, caller, command.role, judged
    ) or _refuse_judgement(visit, rule, command):
        return refusal
    if waiting := waits_for(rule, visit, command.role):
        return Refusal("out_of_turn", f"{waiting} judges before {command.role}")
    fact = StageJudged(
        stage=visit.stage,
        visit=visit.number,
        role=command.role,
        verdict=command.verdict,
        comment=command.comment,
        facts_version=visit.facts_version,
    )
    return Decided([fact], command.role)


def _refuse_judgement(visit: Visit, rule: JudgementRule, command: Judge) -> Refusal | None:
    if command.verdict in rule.comment_on and not command.comment:
        return field_refusal("comment_required", "/comment", f"{command.verdict} needs a comment")
    if command.facts_version is not None and command.facts_version != visit.facts_version:
        return Refusal(
            "facts_changed", f"the facts are at version {visit.facts_version} now: read them again"
        )
    standing = visit.judgements.get(command.role)
    counts = standing and not visit.is_stale(standing) and is_in_turn(rule, visit, command.role)
    if counts and standing and standing.verdict == command.verdict:
        return Refusal(
            "already_judged", f"{command.role} has said {command.verdict} on these facts already"
        )
    return None


def withdraw_judgement(
    project: Project, role: str, command: WithdrawJudgement, caller: Caller
) -> Decision:
    """By whoever gave it, also in a role that they hold no more, as long as they work on the project."""
    visit = project.course.current
    if refusal := refuse_unless_open(project) or refuse_outsider(project, caller):
        return refusal
    judgement = visit.judgements.get(role)
    if judgement is None:
        return not_found(f"judgement in stage {visit.stage} by", role)
    if judgement.person_id != caller.person_id:
        detail = f"{judgement.person_name} gave this judgement: nobody else withdraws it"
        return Refusal("role_not_allowed", detail)
    fact = JudgementWithdrawn(
        stage=visit.stage, visit=visit.number, role=role, reason=command.reason
    )
    held = role in project.roles_of(caller.person_id)
    return Decided([fact], role if held else acting_role(project, caller))


def request_review(
    project: Project, template: Template, command: RequestReview, caller: Caller
) -> Decision:
    visit = project.course.current
    allowed = template.stage(visit.stage).actual_by
    if refusal := refuse_unless_open(project) or refuse_unless_role(project, caller, allowed):
        return refusal
    fact = ReviewRequested(
        stage=visit.stage, visit=visit.number, round=visit.round + 1, note=command.note
    )
    return Decided([fact], role_among(project, caller, allowed))
