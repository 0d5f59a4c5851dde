"""What holds of every decision in every process. Each rule is asserted of one decision: the project before it, who gave
the command, and the facts that it came to.
"""

from itertools import pairwise
from typing import Any
from uuid import UUID

from genjin.projects.events import (
    ProjectClosed,
    ProjectReopened,
    RoleAssigned,
    TemplateMigrated,
)
from genjin.stages.events import (
    FollowUpCompleted,
    GateOverridden,
    StageAdvanced,
    StageEntered,
    StageFact,
    StageReturned,
    StageSkipped,
)
from genjin.templates.expressions import holds
from genjin.templates.model import Stage, Template
from genjin_api.acting import Moment
from genjin_api.projects.state import Project
from genjin_api.stages.gate import Check, gate
from genjin_api.stages.gate.values import Values
from tests.stages.keeping_roles import (
    is_by_who_may,
    is_by_whom_the_template_names,
    is_of_a_register_by_who_may,
    only_role_holders_act,
)
from tests.stages.retelling import Stay, is_retold, questions, verdicts
from tests.stages.retelling_relations import SAY
from tests.stages.step import Step


def keeps_all_rules(step: Step) -> None:
    only_role_holders_act(step)
    _nothing_happens_in_a_closed_project(step)
    _stages_are_entered_by_moves_alone(step)
    for fact in step.facts:
        is_by_who_may(step, fact)
        is_of_a_register_by_who_may(step, fact)
        is_by_whom_the_template_names(step, fact)
    for returned in step.of(StageReturned):
        _the_return_is_allowed(step, returned)
    for advanced in step.of(StageAdvanced):
        _the_gate_was_passed(step, advanced.receipt)
        _the_way_was_open(step, advanced)
    for closed in step.of(ProjectClosed):
        _the_outcome_was_possible(step, closed)
    for reopened in step.of(ProjectReopened):
        _no_further_than_it_was_closed(step, reopened)
    for migrated in step.of(TemplateMigrated):
        _goes_on_behind_passed_gates(step, migrated)


def _nothing_happens_in_a_closed_project(step: Step) -> None:
    """But that it is reopened, or somebody is given a role to do so. A project that is suspended is looked after, but
    its stage stands still.
    """
    if step.before.status == "closed" and step.facts:
        given = [one.role for one in step.of(RoleAssigned)]
        by_owner = step.caller.administers and set(given) <= {*step.template.reopen_by}
        assert isinstance(step.facts[0], ProjectReopened) or (given and by_owner), step.facts
    if step.before.status == "suspended" and not step.of(TemplateMigrated):
        still = [
            fact
            for fact in step.facts
            if isinstance(fact, StageFact) and not isinstance(fact, FollowUpCompleted)
        ]
        assert not still, still
        assert not any(closed.receipt for closed in step.of(ProjectClosed))


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
            assert fact.stage == moves[0].stages[step.stay.stage]
        else:
            assert fact.stage == moves[0].to_stage
        assert fact.visit == 1 + step.stay.entered[fact.stage]


def _the_return_is_allowed(step: Step, returned: StageReturned | ProjectReopened) -> None:
    stage = step.template.stage(step.stay.stage)
    here, there = map(step.template.stage_index, (stage.key, returned.to_stage))
    assert stage.allow_return and there < here
    assert stage.return_to is None or returned.to_stage in stage.return_to


def _no_further_than_it_was_closed(step: Step, reopened: ProjectReopened) -> None:
    assert step.stay.entered[reopened.to_stage]
    if reopened.to_stage != step.stay.stage:
        _the_return_is_allowed(step, reopened)


def _goes_on_behind_passed_gates(step: Step, migrated: TemplateMigrated) -> None:
    """A stage that is there by its key stays; else some way leads to the new one over stages that were passed alone."""
    assert step.target is not None
    there = {stage.key for stage in step.target.stages}
    assert not there & migrated.stages.keys()
    here = step.stay.stage
    if here in there:
        return
    behind = set(step.stay.behind)
    if step.template.kind == "stage_gate":
        behind -= _from(step.template, here, there | {stage.key for stage in step.template.stages})
    passed = {migrated.stages.get(stage, stage) for stage in behind}
    first = step.target.stages[0].key
    assert migrated.stages[here] in {first} | _from(step.target, first, passed)


def _from(template: Template, start: str, through: set[str]) -> set[str]:
    """Where a project comes from there over such stages, one step beyond them."""
    reached: set[str] = set()
    waiting = [start] if start in through else []
    while waiting:
        for way in template.stage(waiting.pop()).exits:
            if way.to not in reached and way.to in through:
                waiting.append(way.to)
            reached.add(way.to)
    return reached


def _the_gate_was_passed(step: Step, receipt: dict[str, Any]) -> None:
    """As it was before the decision, whole; and told from the facts alone, unless somebody let it pass."""
    found = gate(step.before, step.template, step.moment)
    assert receipt["checks"] == [check.document() for check in found.checks]
    assert (receipt["stage"], receipt["visit"]) == (found.stage, found.visit)
    if "override" in receipt:
        _the_override_was_allowed(step, receipt)
    else:
        assert all(check["passed"] for check in receipt["checks"])
        assert not step.of(GateOverridden)
        assert all(verdicts(step.template, step.stay, step.moment.today).values())


def _the_override_was_allowed(step: Step, receipt: dict[str, Any]) -> None:
    override, (fact,) = receipt["override"], step.of(GateOverridden)
    assert override["role"] in step.roles and override["role"] in step.template.override_by
    assert override["person_id"] == str(step.caller.person_id)
    sets = (*step.template.exclusive_roles, *step.template.never_both)
    apart = {role for roles in sets if override["role"] in roles for role in roles}
    for answers in questions(step.template, step.stay):
        spoken = {role for role, person in answers.items() if person == step.caller.person_id}
        assert not spoken & (apart - {override["role"]}), "overrides for a role that is apart"
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
    values = Values(step.before, step.template, step.moment).all

    def true(expression: str | None) -> bool:
        return expression is None or holds(expression, values)[0]

    skipped = step.of(StageSkipped)
    stops = [advanced.stage, *(skip.stage for skip in skipped), advanced.to_stage]
    for start, end in pairwise(stops):
        [way] = [way for way in step.template.stage(start).exits if way.to == end]
        assert true(way.when), (start, end)
        _names_what_it_rests_on(step, advanced.receipt, way.when)
    for skip in skipped:
        rule = step.template.stage(skip.stage).skip
        assert rule is not None and step.roles & set(rule.by) and true(rule.when)
        _names_what_it_rests_on(step, advanced.receipt, rule.when)
        assert skip.reason and (skip.from_stage, skip.to_stage) == (stops[0], stops[-1])
    assert advanced.receipt.get("skipped", []) == stops[1:-1]


def _the_outcome_was_possible(step: Step, closed: ProjectClosed) -> None:
    outcome = next(one for one in step.template.outcomes if one.key == closed.outcome)
    assert not outcome.by or step.roles & set(outcome.by)
    if outcome.when is not None:
        assert holds(outcome.when, Values(step.before, step.template, step.moment).all)[0]
    assert not outcome.by or step.role in outcome.by or step.of(GateOverridden)
    assert not outcome.reason_required or closed.reason
    assert (closed.receipt is not None) == outcome.final_gate_only
    if closed.receipt is not None:
        stage = step.template.stage(step.before.course.current.stage)
        assert stage.key in outcome.at if outcome.at else not stage.exits
        _the_gate_was_passed(step, closed.receipt)
        _names_what_it_rests_on(step, closed.receipt, outcome.when)


def _names_what_it_rests_on(step: Step, receipt: dict[str, Any], expression: str | None) -> None:
    """Of expressions that are retold."""
    if expression is not None and expression in SAY:
        events = set(map(str, step.stay.relations.rest_on(expression)))
        assert events <= set(receipt.get("way_events", ()))


def nobody_holds_what_they_may_not(project: Project, template: Template) -> None:
    for roles in template.never_both:
        held = [{one.person_id for one in project.role_holders.get(role, ())} for role in roles]
        assert sum(map(len, held)) == len(set().union(*held)), f"somebody holds two of {roles}"
    for role in template.roles:
        assert not role.single or len(project.role_holders.get(role.key, ())) <= 1


def the_gate_sees_what_was_told(
    project: Project, template: Template, stay: Stay, moment: Moment
) -> None:
    """Every check of the gate, open or not, is what the facts alone tell of it."""
    visit, seen = project.course.current, dict[str, bool]()
    assert (visit.stage, visit.number) == (stay.stage, stay.entered[stay.stage])
    for check in gate(project, template, moment).checks:
        name = _name(check, template.stage(visit.stage))
        if name is not None:
            seen[name] = seen.get(name, True) and check.passed
        _rests_on_what_it_reads(check, template.stage(visit.stage), stay)
    assert seen == verdicts(template, stay, moment.today)


def _rests_on_what_it_reads(check: Check, stage: Stage, stay: Stay) -> None:
    """An expression that is retold names the events that it was told by."""
    for condition in stage.conditions():
        is_it = check.is_of_condition and condition.key == check.subject
        if is_it and condition.kind == "field" and is_retold(condition):
            assert set(stay.relations.rest_on(condition.expr)) <= set(check.events)


def _name(check: Check, stage: Stage) -> str | None:
    """As the retelling calls it; none: an expression that is not retold."""
    family = check.code.partition("_")[0]
    condition = next((one for one in stage.conditions() if one.key == check.subject), None)
    if check.is_of_condition and condition is not None:
        return f"condition {check.subject}" if is_retold(condition) else None
    match family:
        case "actual":
            return "actual"
        case "judgement":
            return "judges"
        case "follow":
            return f"follow-up {check.subject}"
        case _:
            return f"{family} {check.subject}"


def nobody_fills_two_slots(template: Template, stay: Stay) -> None:
    """One answers for one role, and nobody at one gate for two that are kept apart."""
    spoken: set[tuple[str, UUID]] = set()
    for answers in questions(template, stay):
        assert len(answers) == len(set(answers.values())), f"somebody answers twice: {answers}"
        spoken |= answers.items()
    for roles in (*template.exclusive_roles, *template.never_both):
        persons = [person for role, person in spoken if role in roles]
        assert len(persons) == len(set(persons)), f"somebody speaks for two of {roles}"
