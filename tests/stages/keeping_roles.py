"""Who may do what in every process: rules that are asserted of one decision, whoever tries it."""

from collections.abc import Mapping
from uuid import UUID

from genjin.changes.events import ChangeDecided
from genjin.event import Fact
from genjin.findings.events import FindingClosed, FindingCorrected, FindingRaised, FindingRejected
from genjin.forms.events import FormCompleted, FormDrafted, FormRevised, FormSigned
from genjin.metrics.events import MetricRecorded, MetricTargetSet
from genjin.projects.events import (
    HeaderChanged,
    ProjectClosed,
    ProjectReopened,
    ProjectResumed,
    ProjectSuspended,
    RoleAssigned,
    RoleReleased,
    TemplateMigrated,
)
from genjin.stages.events import (
    ActualRecorded,
    ConditionApproved,
    ConditionMarked,
    FollowUpCompleted,
    FollowUpSet,
    GateOverridden,
    JudgementWithdrawn,
    ReviewRequested,
    StageAdvanced,
    StageJudged,
    StageReturned,
)
from genjin.templates.conditions import ApprovalCondition, ManualCondition
from tests.stages.retelling import approvals
from tests.stages.step import Step

OF_ADMINISTRATION = HeaderChanged | RoleAssigned | RoleReleased


def only_role_holders_act(step: Step) -> None:
    """Others administer at most, or complete the follow-up that is theirs."""
    if step.facts:
        assert step.role is None or step.role in step.roles, "acted in a role of somebody else"
    if step.roles:
        return
    administers = step.caller.administers or step.caller.person_id == step.before.created_by
    for fact in step.facts:
        if isinstance(fact, FollowUpCompleted):
            owner = step.before.course.follow_ups[str(fact.follow_up_id)].owner_id
            assert owner == step.caller.person_id
        elif not step.of(TemplateMigrated):
            assert administers and isinstance(fact, OF_ADMINISTRATION), fact


def is_by_who_may(step: Step, fact: Fact) -> None:
    visit = step.before.course.current
    match fact:
        case StageJudged():
            assert fact.role in step.roles
            _is_in_turn(step, fact)
            _fills_no_second_slot(step, fact.role, step.stay.judges(step.template))
        case JudgementWithdrawn():
            assert visit.judgements[fact.role].person_id == step.caller.person_id
        case ActualRecorded() | ReviewRequested():
            assert step.role in step.template.stage(visit.stage).actual_by
        case ConditionMarked():
            condition = step.template.condition(visit.stage, fact.condition)
            assert isinstance(condition, ManualCondition)
            assert step.role in (condition.by or step.template.stage(visit.stage).actual_by)
            assert not (fact.met and condition.evidence) or fact.evidence
        case ConditionApproved():
            asked = step.template.condition(visit.stage, fact.condition)
            assert isinstance(asked, ApprovalCondition)
            assert fact.role in step.roles and fact.role in asked.by
            assert fact.approved or fact.comment
            words = approvals(step.stay, asked)
            said = {role: word.person_id for role, word in words if role in asked.by}
            _fills_no_second_slot(step, fact.role, said)
        case FormSigned():
            spec = step.template.forms[fact.form]
            assert fact.role in step.roles and fact.role in spec.signed_by
            author = step.before.forms[f"{fact.form}:{fact.copy_number}"].author_id
            assert not (spec.four_eyes and author == step.caller.person_id)
            signed = step.stay.signed[fact.form, fact.copy_number]
            asked_of = {role: who for role, who in signed.items() if role in spec.signed_by}
            _fills_no_second_slot(step, fact.role, asked_of)
        case TemplateMigrated():
            assert step.caller.administers
        case _:
            pass


def is_of_a_register_by_who_may(step: Step, fact: Fact) -> None:
    findings = step.template.findings
    match fact:
        case FollowUpSet():
            allowed = step.template.stage(step.stay.stage).follow_up_by
            assert fact.role in step.roles and fact.role in allowed
        case FollowUpCompleted():
            told = step.stay.registers.follow_ups[fact.follow_up_id]
            assert told["open"] and (
                told["owner"] == step.caller.person_id or told["role"] in step.roles
            )
        case MetricRecorded():
            [spec] = [one for one in step.template.metrics if one.key == fact.metric]
            assert step.role in spec.recorded_by
        case ChangeDecided():
            requester = step.before.change_requests[str(fact.change_id)].requester_id
            assert step.role in step.template.change_deciders
            assert requester != step.caller.person_id
        case FindingRaised():
            assert findings and step.role in findings.raised_by
        case FindingCorrected():
            assert findings and step.role in findings.corrected_by
        case FindingRejected() | FindingClosed():
            assert findings and step.role in findings.closed_by
            correction = step.before.findings[str(fact.finding_id)].correction
            assert correction is not None
            own = correction.person_id == step.caller.person_id
            assert not (own and isinstance(fact, FindingClosed)), "closes their own correction"
        case RoleAssigned() | RoleReleased():
            _is_given_from_above(step, fact)
        case _:
            pass


def is_by_whom_the_template_names(step: Step, fact: Fact) -> None:
    """Where it names nobody, by those inside."""
    inside = {role.key for role in step.template.roles if not role.outside}
    match fact:
        case StageAdvanced() if step.of(GateOverridden):
            assert step.role in step.template.override_by
        case StageAdvanced() | ProjectSuspended() | ProjectResumed():
            assert step.roles & inside, fact
        case _:
            named = _named(step, fact)
            assert named is None or step.roles & set(named or inside), fact


def _named(step: Step, fact: Fact) -> tuple[str, ...] | None:
    """None: no roles are named for such a thing."""
    match fact:
        case FormDrafted() | FormCompleted() | FormRevised():
            return step.template.forms[fact.form].by
        case MetricTargetSet():
            [spec] = [one for one in step.template.metrics if one.key == fact.metric]
            return spec.target_by
        case StageReturned():
            return step.template.stage(fact.stage).return_by
        case ProjectReopened():
            return step.template.reopen_by
        case ProjectClosed():
            [outcome] = [one for one in step.template.outcomes if one.key == fact.outcome]
            return outcome.by
        case _:
            return None


def _is_given_from_above(step: Step, fact: RoleAssigned | RoleReleased) -> None:
    """Of roles with authority those are asked here that no other rule of a template names."""
    if step.caller.administers:
        return
    findings = step.template.findings
    authority = {*step.template.override_by, *step.template.change_deciders}
    authority |= set(findings.closed_by if findings else ())
    [role] = [one for one in step.template.roles if one.key == fact.role]
    if role.appointed_by or fact.role in authority:
        assert step.roles & set(role.appointed_by or step.template.override_by), fact
        itself = fact.person_id == step.caller.person_id
        assert not (itself and isinstance(fact, RoleAssigned)), "appoints themselves"


def _fills_no_second_slot(step: Step, role: str, answers: Mapping[str, UUID]) -> None:
    """answers are those to the same question. What other questions were answered in is held against apart roles when
    they are answered in earnest (keeping_rules.nobody_fills_two_slots).
    """
    others = {other: who for other, who in answers.items() if other != role}
    assert step.caller.person_id not in others.values(), f"answers twice: {others}"


def _is_in_turn(step: Step, judged: StageJudged) -> None:
    rule = step.template.judgement_of(step.stay.stage)
    assert judged.role in rule.roles
    if rule.mode == "sequence":
        before = rule.roles[: rule.roles.index(judged.role)]
        words = [step.stay.judged.get(role) for role in before]
        assert all(word and word.yes for word in words), "out of turn"
