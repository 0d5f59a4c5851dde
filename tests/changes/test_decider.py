"""Commands on change requests, from raising one to putting its words in force."""

from typing import Any
from uuid import UUID

import pytest

from genjin.changes.events import (
    ChangeApplied,
    ChangeAssessed,
    ChangeDecided,
    ChangeRaised,
    ChangeSubmitted,
    ChangeWithdrawn,
    Impact,
)
from genjin.requirements.events import RequirementSuperseded
from genjin_api.acting import Caller
from genjin_api.changes import decider
from tests.requirements.test_decider import CAPTURED, CLOSED, CONFIRMED
from tests.requirements.test_decider import ID as REQUIREMENT
from tests.specification import (
    A_PROJECT,
    DEPT_HEAD,
    GENERAL_MANAGER,
    MARKETER,
    MOMENT,
    OUTSIDER,
    TEMPLATE,
    TODAY,
    TOMORROW,
    Story,
    by,
    given,
)
from tests.stages.telling import Decide

ID = UUID(int=0xCC)
IMPACT = {
    "scope": "增加一组生化池",
    "days": 45,
    "cost": "3200000.00",
    "currency": "CNY",
    "quality": "不变",
    "risk": "用地",
    "resource": "一个班组",
}
RAISED = ChangeRaised(
    change_id=ID,
    requirement_id=REQUIREMENT,
    base_revision=1,
    title="提高处理能力",
    reason="人口上调",
    proposed_title="处理能力",
    proposed_text="日处理三十万吨",
    stages=["initiation"],
    requested_by="王工",
)
ASSESSED = ChangeAssessed(change_id=ID, impact=Impact.model_validate(IMPACT))
SUBMITTED = ChangeSubmitted(change_id=ID)
WITHDRAWN = ChangeWithdrawn(change_id=ID, reason="客户撤回")
CONFIRMED_REQUIREMENT = [*A_PROJECT, CAPTURED, CONFIRMED]


def raise_change(caller: Caller = MARKETER, **more: Any) -> Decide:
    fields = RAISED.model_dump(exclude={"change_id", "base_revision", "stages"}) | more
    command = decider.RaiseChange.model_validate(fields)
    return lambda project: decider.raise_change(project, TEMPLATE, command, ID, caller)


def assess(caller: Caller = MARKETER) -> Decide:
    command = decider.AssessChange.model_validate(IMPACT)
    return lambda project: decider.assess(project, ID, command, caller)


def submit(caller: Caller = MARKETER) -> Decide:
    return lambda project: decider.submit(project, ID, caller)


def decide(decision: str = "approve", caller: Caller = GENERAL_MANAGER, **more: Any) -> Decide:
    command = decider.DecideChange.model_validate({"decision": decision, **more})
    return lambda project: decider.decide(project, TEMPLATE, ID, command, caller, MOMENT)


def apply(caller: Caller = MARKETER) -> Decide:
    return lambda project: decider.apply(project, ID, caller)


def withdraw(caller: Caller = MARKETER) -> Decide:
    command = decider.WithdrawChange(reason="客户撤回")
    return lambda project: decider.withdraw(project, ID, command, caller)


def decided(decision: Any, **more: Any) -> ChangeDecided:
    fields = {"comment": "", "conditions": [], "review_on": None, **more}
    return ChangeDecided(change_id=ID, decision=decision, **fields)


def _raised() -> Story:
    return given(CONFIRMED_REQUIREMENT, RAISED)


def _submitted() -> Story:
    return given(CONFIRMED_REQUIREMENT, RAISED, ASSESSED, SUBMITTED)


def test_a_change_of_a_confirmed_requirement_touches_the_current_stage_unless_it_names_others() -> (
    None
):
    story = given(CONFIRMED_REQUIREMENT)
    story.when(raise_change()).then(RAISED)
    signing = RAISED.model_copy(update={"stages": ["signing"]})
    story.when(raise_change(stages=["signing"])).then(signing)
    story.when(raise_change(stages=["elsewhere"])).refused("field_invalid", "/stages")


def test_only_confirmed_words_of_this_project_are_changed() -> None:
    given(A_PROJECT).when(raise_change()).refused("field_invalid", "/requirement_id")
    given(A_PROJECT, CAPTURED).when(raise_change()).refused("requirement_not_confirmed")


def test_a_change_is_submitted_once_and_not_before_its_impact_is_assessed() -> None:
    story = _raised()
    story.when(submit()).refused("impact_missing")
    story.when(assess()).then(ASSESSED)
    story.did(MARKETER, assess())
    story.when(submit()).then(SUBMITTED)
    story.did(MARKETER, submit())
    story.when(submit()).refused("change_already_submitted")


@pytest.mark.parametrize(
    "fact",
    [
        decided("approve"),
        decided("approve_with_conditions", conditions=["先签补充协议"]),
        decided("reject", comment="超出范围"),
        decided("defer", review_on=TOMORROW),
    ],
)
def test_a_decider_may_approve_reject_or_defer(fact: ChangeDecided) -> None:
    more = fact.model_dump(mode="json", exclude={"change_id", "decision"})
    _submitted().when(decide(fact.decision, **more)).then(fact, role="general_manager")


@pytest.mark.parametrize(
    ("decision", "more", "code", "pointer"),
    [
        ("reject", {"comment": " "}, "comment_required", "/comment"),
        ("approve_with_conditions", {}, "field_invalid", "/conditions"),
        ("approve", {"conditions": ["先签"]}, "field_invalid", "/conditions"),
        ("defer", {}, "field_invalid", "/review_on"),
        ("defer", {"review_on": TODAY.isoformat()}, "field_invalid", "/review_on"),
    ],
)
def test_a_decision_says_what_it_must(decision: str, more: Any, code: Any, pointer: str) -> None:
    _submitted().when(decide(decision, **more)).refused(code, pointer)


def test_nobody_decides_on_their_own_request_nor_without_the_role_nor_before_it_is_submitted() -> (
    None
):
    _submitted().when(decide(caller=MARKETER)).refused("role_not_allowed")
    _raised().when(decide()).refused("change_not_submitted")
    own = given(CONFIRMED_REQUIREMENT, by(DEPT_HEAD, RAISED), ASSESSED, SUBMITTED)
    own.when(decide(caller=DEPT_HEAD)).refused("self_approval")


def test_a_deferred_change_is_decided_again() -> None:
    story = _submitted()
    story.tell(GENERAL_MANAGER, [decided("defer", review_on=TOMORROW)])
    story.when(decide()).then(decided("approve"), role="general_manager")


def test_an_applied_change_puts_its_words_in_force_as_a_new_revision() -> None:
    story = _submitted()
    story.when(apply()).refused("change_not_approved")
    story.did(GENERAL_MANAGER, decide())
    superseded = RequirementSuperseded(
        requirement_id=REQUIREMENT,
        change_id=ID,
        revision=2,
        title="处理能力",
        text="日处理三十万吨",
    )
    story.when(apply()).then(ChangeApplied(change_id=ID), superseded)
    story.did(MARKETER, apply())
    requirement = story.now.requirements[str(REQUIREMENT)]
    assert (requirement.text, requirement.revision) == ("日处理三十万吨", 2)
    assert (requirement.status, requirement.superseded_by) == ("confirmed", ID)
    story.when(apply()).refused("change_not_approved")


def test_a_change_raised_on_words_that_are_no_longer_in_force_is_not_applied() -> None:
    story = _submitted()
    story.did(GENERAL_MANAGER, decide())
    other = RequirementSuperseded(
        requirement_id=REQUIREMENT, change_id=ID, revision=2, title="处理能力", text="十万吨"
    )
    story.tell(MARKETER, [other])
    story.when(apply()).refused("change_base_moved")


def test_who_raised_a_change_withdraws_it_while_it_is_open() -> None:
    story = _submitted()
    story.when(withdraw(DEPT_HEAD)).refused("role_not_allowed")
    story.when(withdraw()).then(WITHDRAWN)
    story.did(MARKETER, withdraw())
    for command in (withdraw(), assess(), submit()):
        story.when(command).refused("change_not_open")
    story.when(decide()).refused("change_not_submitted")


EVERY: dict[str, Any] = {
    "assess": assess,
    "submit": submit,
    "apply": apply,
    "withdraw": withdraw,
    "decide": lambda caller: decide(caller=caller),
}


@pytest.mark.parametrize("name", EVERY)
def test_a_change_that_nobody_raised_is_not_found(name: str) -> None:
    given(CONFIRMED_REQUIREMENT).when(EVERY[name](MARKETER)).refused("not_found")


@pytest.mark.parametrize("name", [*EVERY, "raise"])
def test_change_control_ends_with_the_project_and_is_for_its_people(name: str) -> None:
    command = EVERY.get(name, raise_change)
    _raised().when(command(OUTSIDER)).refused("role_not_allowed")
    given(CONFIRMED_REQUIREMENT, RAISED, CLOSED).when(command(MARKETER)).refused("project_closed")
