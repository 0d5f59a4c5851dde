"""What holds of every decision in every process. Each rule is asserted of one decision: the project before it, who gave
the command, and the facts that it came to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from genjin.event import Fact
from genjin.forms.events import FormSigned
from genjin.projects.events import (
    HeaderChanged,
    ProjectClosed,
    ProjectReopened,
    RoleAssigned,
    RoleReleased,
    TemplateMigrated,
)
from genjin.stages.events import (
    ActualRecorded,
    ConditionApproved,
    ConditionMarked,
    FollowUpCompleted,
    GateOverridden,
    JudgementWithdrawn,
    ReviewRequested,
    StageAdvanced,
    StageEntered,
    StageFact,
    StageJudged,
    StageReturned,
    StageSkipped,
)
from genjin.templates.conditions import ApprovalCondition, ManualCondition
from genjin.templates.expressions import holds
from genjin.templates.model import Template
from genjin_api.acting import Caller
from genjin_api.projects.state import Project
from genjin_api.stages.gate import gate
from genjin_api.stages.gate.values import Values
from tests.specification import MOMENT
from tests.stages.retelling import Told, missing, newest_stay

OF_ADMINISTRATION = HeaderChanged | RoleAssigned | RoleReleased | TemplateMigrated


@dataclass(frozen=True)
class Step:
    """A decision. told are the facts before it, facts those that it came to, role the one that they are marked with."""

    before: Project
    template: Template
    caller: Caller
    facts: Sequence[Fact]
    role: str | None
    told: Told

    @property
    def roles(self) -> set[str]:
        return set(self.before.roles_of(self.caller.person_id))

    def of(self, kind: type[Any]) -> list[Any]:
        return [fact for fact in self.facts if isinstance(fact, kind)]

    def keeps_all_rules(self) -> None:
        _only_role_holders_act(self)
        _nothing_happens_in_a_closed_project(self)
        _stages_are_entered_by_moves_alone(self)
        for fact in self.facts:
            _is_by_who_may(self, fact)
        for advanced in self.of(StageAdvanced):
            _the_gate_was_passed(self, advanced.receipt)
            _the_way_was_open(self, advanced)
        for closed in self.of(ProjectClosed):
            _the_outcome_was_possible(self, closed)


def _only_role_holders_act(step: Step) -> None:
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
        elif not isinstance(fact, StageEntered) or not step.of(TemplateMigrated):
            assert administers and isinstance(fact, OF_ADMINISTRATION), fact


def _nothing_happens_in_a_closed_project(step: Step) -> None:
    """A project that is suspended is looked after, but its stage stands still."""
    if step.before.status == "closed" and step.facts:
        assert isinstance(step.facts[0], ProjectReopened), step.facts
    if step.before.status == "suspended" and not step.of(TemplateMigrated):
        still = [
            fact
            for fact in step.facts
            if isinstance(fact, StageFact) and not isinstance(fact, FollowUpCompleted)
        ]
        assert not still, still


def _stages_are_entered_by_moves_alone(step: Step) -> None:
    for index, fact in enumerate(step.facts):
        if not isinstance(fact, StageEntered):
            continue
        moves = [
            move
            for move in step.facts[:index]
            if isinstance(move, StageAdvanced | StageReturned | ProjectReopened | TemplateMigrated)
        ]
        assert len(moves) == 1, "a stage is entered by one move"
        if isinstance(moves[0], TemplateMigrated):
            assert fact.stage == moves[0].stages[step.before.course.current.stage]
        else:
            assert fact.stage == moves[0].to_stage
        assert fact.visit == 1 + sum(
            isinstance(one, StageEntered) and one.stage == fact.stage for one, _ in step.told
        )


def _is_by_who_may(step: Step, fact: Fact) -> None:
    visit = step.before.course.current
    match fact:
        case StageJudged():
            rule = step.template.judgement_of(visit.stage)
            assert fact.role in step.roles and fact.role in rule.roles
            others = [one for role, one in visit.judgements.items() if role != fact.role]
            assert all(one.person_id != step.caller.person_id for one in others)
            if rule.mode == "sequence":
                before = rule.roles[: rule.roles.index(fact.role)]
                judged = newest_stay(step.told).judged
                assert all(judged.get(role) == "advance" for role in before), "out of turn"
        case JudgementWithdrawn():
            assert visit.judgements[fact.role].person_id == step.caller.person_id
        case ActualRecorded() | ReviewRequested():
            assert step.roles & set(step.template.stage(visit.stage).actual_by)
        case ConditionMarked():
            condition = step.template.condition(visit.stage, fact.condition)
            assert isinstance(condition, ManualCondition)
            assert step.roles & set(condition.by or step.template.stage(visit.stage).actual_by)
        case ConditionApproved():
            asked = step.template.condition(visit.stage, fact.condition)
            assert isinstance(asked, ApprovalCondition)
            assert fact.role in step.roles and fact.role in asked.by
        case FormSigned():
            spec = step.template.forms[fact.form]
            assert fact.role in step.roles and fact.role in spec.signed_by
            author = step.before.forms[f"{fact.form}:{fact.copy_number}"].author_id
            assert not (spec.four_eyes and author == step.caller.person_id)
        case StageReturned():
            _the_return_is_allowed(step, fact)
        case _:
            pass


def _the_return_is_allowed(step: Step, returned: StageReturned) -> None:
    stage = step.template.stage(step.before.course.current.stage)
    here, there = map(step.template.stage_index, (stage.key, returned.to_stage))
    assert stage.allow_return and there < here
    assert stage.return_to is None or returned.to_stage in stage.return_to


def _the_gate_was_passed(step: Step, receipt: dict[str, Any]) -> None:
    """As it was before the decision, whole; and told from the facts alone, unless somebody let it pass."""
    found = gate(step.before, step.template, MOMENT)
    assert receipt["checks"] == [check.document() for check in found.checks]
    assert (receipt["stage"], receipt["visit"]) == (found.stage, found.visit)
    if "override" in receipt:
        _the_override_was_allowed(step, receipt)
    else:
        assert all(check["passed"] for check in receipt["checks"])
        assert not step.of(GateOverridden)
        assert not list(missing(step.template, newest_stay(step.told)))


def _the_override_was_allowed(step: Step, receipt: dict[str, Any]) -> None:
    override, (fact,) = receipt["override"], step.of(GateOverridden)
    assert override["role"] in step.roles and override["role"] in step.template.override_by
    assert override["person_id"] == str(step.caller.person_id)
    assert override["reason"] == fact.reason and len(fact.reason) >= 20
    blocking = [check for check in receipt["checks"] if not check["passed"]]
    assert blocking, "there was nothing to waive"
    assert override["blockers"] == fact.blockers
    assert fact.blockers == [
        {name: check[name] for name in ("code", "subject", "value")} for check in blocking
    ]
    stage = step.template.stage(receipt["stage"])
    assert {check["code"] for check in blocking} <= set(stage.waivable)
    firm = {condition.key for condition in stage.conditions() if not condition.waivable}
    assert not firm & {check["subject"] for check in blocking}


def _the_way_was_open(step: Step, advanced: StageAdvanced) -> None:
    """From stage to stage over open exits, each one on the way skipped by a rule that lets the caller's role."""
    values = Values(step.before, step.template, MOMENT).all

    def true(expression: str | None) -> bool:
        return expression is None or holds(expression, values)[0]

    skipped = step.of(StageSkipped)
    stops = [advanced.stage, *(skip.stage for skip in skipped), advanced.to_stage]
    for start, end in pairwise(stops):
        exits = step.template.stage(start).exits
        assert any(way.to == end and true(way.when) for way in exits), (start, end)
    for skip in skipped:
        rule = step.template.stage(skip.stage).skip
        assert rule is not None and step.roles & set(rule.by) and true(rule.when)
        assert skip.reason and (skip.from_stage, skip.to_stage) == (stops[0], stops[-1])
    assert advanced.receipt.get("skipped", []) == stops[1:-1]


def _the_outcome_was_possible(step: Step, closed: ProjectClosed) -> None:
    outcome = next(one for one in step.template.outcomes if one.key == closed.outcome)
    assert not outcome.by or step.roles & set(outcome.by)
    if outcome.when is not None:
        assert holds(outcome.when, Values(step.before, step.template, MOMENT).all)[0]
    assert (closed.receipt is not None) == outcome.final_gate_only
    if closed.receipt is not None:
        stage = step.template.stage(step.before.course.current.stage)
        assert stage.key in outcome.at if outcome.at else not stage.exits
        _the_gate_was_passed(step, closed.receipt)


def nobody_holds_what_they_may_not(project: Project, template: Template) -> None:
    for roles in template.never_both:
        held = [{one.person_id for one in project.role_holders.get(role, ())} for role in roles]
        assert sum(map(len, held)) == len(set().union(*held)), f"somebody holds two of {roles}"
    for role in template.roles:
        assert not role.single or len(project.role_holders.get(role.key, ())) <= 1


def nobody_fills_two_slots(project: Project) -> None:
    for visit in project.course.visits.values():
        judges = [judgement.person_id for judgement in visit.judgements.values()]
        assert len(judges) == len(set(judges))
