"""Commands on the stage where a project stands, and its moves."""

from datetime import date
from typing import Any

import pytest

from genjin.projects.events import ProjectClosed, ProjectSuspended
from genjin.stages.events import (
    ActualRecorded,
    AdvanceRefused,
    ConditionMarked,
    FollowUpCompleted,
    FollowUpSet,
    StageAdvanced,
    StageEntered,
    StageJudged,
    StageReturned,
)
from genjin_api.acting import Decided
from genjin_api.refusal import RefusalCode
from tests.specification import (
    A_PROJECT,
    DEPT_HEAD,
    GENERAL_MANAGER,
    MARKETER,
    OUTSIDER,
    TODAY,
    TOMORROW,
    YESTERDAY,
    given,
    holds,
)
from tests.stages.telling import (
    FOLLOW_UP,
    Decide,
    advance,
    complete,
    follow_up,
    judge,
    mark,
    pass_gate,
    record,
    return_to,
)

IN: dict[str, Any] = {"stage": "initiation", "visit": 1}
CLOSED = ProjectClosed(outcome="lost", reason_code="price", reason="", receipt=None)
SUSPENDED = ProjectSuspended(reason="客户推迟", until=None)


def test_the_marketer_alone_records_the_actual_situation_and_the_facts_move_on() -> None:
    story = given(A_PROJECT)
    story.when(record("已通话")).then(ActualRecorded(**IN, text="已通话", facts_version=1))
    story.when(record("已通话", DEPT_HEAD)).refused("role_not_allowed")


def test_a_marked_condition_moves_the_facts_on_and_the_same_mark_again_is_nothing() -> None:
    story = given(A_PROJECT)
    marked = ConditionMarked(**IN, condition="c3", met=True, evidence="会议纪要", facts_version=1)
    story.when(mark("c3")).then(marked)
    story.did(MARKETER, mark("c3"))
    story.when(mark("c3")).then_nothing()
    story.when(mark("c3", met=False)).then(
        marked.model_copy(update={"met": False, "facts_version": 2})
    )


def test_a_condition_is_marked_by_the_marketer_by_hand_and_with_evidence_where_asked() -> None:
    story = given(A_PROJECT)
    story.when(mark("c9")).refused("not_found")
    story.when(mark("c3", DEPT_HEAD)).refused("role_not_allowed")
    story.when(mark("c1")).refused("condition_is_computed")
    story.when(mark("c3", evidence=" ")).refused("evidence_required", "/evidence")
    story.when(mark("c3", met=False, evidence="")).then(
        ConditionMarked(**IN, condition="c3", met=False, evidence="", facts_version=1)
    )
    story.when(mark("c2", evidence="")).then(
        ConditionMarked(**IN, condition="c2", met=True, evidence="", facts_version=1)
    )


def test_each_of_the_four_judges_in_their_own_role_on_the_facts_as_they_stand() -> None:
    judged = StageJudged(**IN, role="dept_head", verdict="advance", comment="", facts_version=0)
    given(A_PROJECT).when(judge("dept_head")).then(judged, role="dept_head")


@pytest.mark.parametrize("verdict", ["hold", "return", "reject"])
def test_every_verdict_but_advance_needs_a_comment(verdict: str) -> None:
    story = given(A_PROJECT)
    story.when(judge("marketer", verdict, comment="  ")).refused("comment_required", "/comment")
    decision = judge("marketer", verdict, comment="预算未批")(story.now)
    assert isinstance(decision, Decided)


def test_only_the_holder_of_a_judging_role_judges() -> None:
    story = given(A_PROJECT)
    story.when(judge("dept_head", caller=MARKETER)).refused("not_role_holder")
    story.when(judge("captain", caller=MARKETER)).refused("field_invalid", "/role")


def test_a_verdict_may_change_but_is_not_said_twice_on_the_same_facts() -> None:
    story = given(A_PROJECT)
    story.did(MARKETER, judge("marketer"))
    story.when(judge("marketer")).refused("already_judged")
    story.did(MARKETER, judge("marketer", "hold", comment="预算未批"))
    story.did(MARKETER, record())
    story.did(MARKETER, judge("marketer", "hold", comment="预算仍未批"))


def test_who_names_the_facts_they_judge_on_is_told_when_these_have_changed() -> None:
    story = given(A_PROJECT)
    story.did(MARKETER, record())
    story.when(judge("dept_head", facts_version=0)).refused("facts_changed")
    story.did(DEPT_HEAD, judge("dept_head", facts_version=1))


def test_nobody_fills_two_slots_of_one_visit() -> None:
    story = given(A_PROJECT, holds("dept_head", MARKETER))
    story.did(MARKETER, judge("marketer"))
    story.when(judge("dept_head", caller=MARKETER)).refused("second_slot_refused")
    story.did(MARKETER, record())
    story.when(judge("dept_head", caller=MARKETER)).refused("second_slot_refused")


def test_a_follow_up_is_set_in_a_role_that_the_setter_holds_for_a_known_owner() -> None:
    story = given(A_PROJECT)
    story.when(follow_up()).then(
        FollowUpSet(
            **IN,
            follow_up_id=FOLLOW_UP,
            role="dept_head",
            action="约见设备科",
            owner_id=MARKETER.person_id,
            owner_name="王芳",
            due_on=TOMORROW,
        ),
        role="dept_head",
    )
    story.when(follow_up(role="captain")).refused("field_invalid", "/role")
    story.when(follow_up(role="general_manager")).refused("not_role_holder")
    story.when(follow_up(owner_name=None)).refused("unknown_person", "/owner_id")


@pytest.mark.parametrize(("due_on", "days_late"), [(TOMORROW, 0), (TODAY, 0), (YESTERDAY, 1)])
def test_a_completed_follow_up_says_how_many_days_late_it_was(due_on: date, days_late: int) -> None:
    story = given(A_PROJECT)
    story.did(DEPT_HEAD, follow_up(due_on=due_on))
    done = FollowUpCompleted(follow_up_id=FOLLOW_UP, result="已见面", days_late=days_late)
    story.when(complete()).then(done, role=None)
    story.when(complete(DEPT_HEAD)).then(done, role="dept_head")


def test_a_follow_up_is_completed_once_by_its_owner_or_the_role_that_set_it() -> None:
    story = given(A_PROJECT)
    story.when(complete()).refused("not_found")
    story.did(DEPT_HEAD, follow_up())
    story.when(complete(GENERAL_MANAGER)).refused("role_not_allowed")
    story.did(MARKETER, complete())
    story.when(complete(DEPT_HEAD)).refused("follow_up_already_completed")


def test_an_open_gate_lets_a_project_into_the_next_stage_with_a_receipt() -> None:
    story = given(A_PROJECT)
    pass_gate(story)
    advanced, entered = [fact for fact, _ in story.told[-2:]]
    assert isinstance(advanced, StageAdvanced)
    assert (advanced.to_stage, advanced.receipt["stage"]) == ("contact", "initiation")
    assert entered == StageEntered(stage="contact", visit=1, from_stage="initiation")


def test_a_closed_gate_keeps_a_project_where_it_is_and_the_attempt_is_a_fact() -> None:
    story = given(A_PROJECT)
    refusal = story.when(advance()).refused("gate_closed")
    assert list(refusal.facts) == [AdvanceRefused(**IN, blockers=list(refusal.blockers))]
    assert refusal.role == "marketer"
    story.do(MARKETER, advance())
    assert story.now.course.current.refused_advances == 1


def test_an_advance_leads_to_the_next_stage_alone() -> None:
    story = given(A_PROJECT)
    story.when(advance("proposal")).refused("skip_refused")
    story.when(advance("initiation")).then_nothing()
    last = given(A_PROJECT, StageEntered(stage="signing", visit=1, from_stage="initiation"))
    last.when(advance()).refused("at_final_stage")


def test_a_return_leads_to_an_earlier_stage_as_a_new_visit() -> None:
    story = given(A_PROJECT, StageEntered(stage="contact", visit=1, from_stage="initiation"))
    story.when(return_to("initiation")).then(
        StageReturned(stage="contact", visit=1, to_stage="initiation", reason="客户更换负责人"),
        StageEntered(stage="initiation", visit=2, from_stage="contact"),
    )
    for nowhere in ("contact", "proposal", "elsewhere"):
        story.when(return_to(nowhere)).refused("return_refused")


STAGE_COMMANDS: dict[str, Decide] = {
    "record": record(),
    "mark": mark("c2"),
    "judge": judge("marketer"),
    "follow_up": follow_up(),
    "advance": advance(),
    "return_to": return_to("initiation"),
}


@pytest.mark.parametrize("name", STAGE_COMMANDS)
@pytest.mark.parametrize(
    ("fact", "code"), [(SUSPENDED, "project_suspended"), (CLOSED, "project_closed")]
)
def test_a_stage_stands_still_while_its_project_does(
    name: str, fact: ProjectSuspended | ProjectClosed, code: RefusalCode
) -> None:
    given(A_PROJECT, fact).when(STAGE_COMMANDS[name]).refused(code)


def test_a_follow_up_goes_on_while_the_project_is_suspended_but_not_after_its_end() -> None:
    story = given(A_PROJECT)
    story.did(DEPT_HEAD, follow_up())
    story.tell(MARKETER, [SUSPENDED])
    assert isinstance(complete()(story.now), Decided)
    story.tell(MARKETER, [CLOSED])
    story.when(complete()).refused("project_closed")


@pytest.mark.parametrize("decide", [advance(caller=OUTSIDER), return_to("initiation", OUTSIDER)])
def test_who_holds_no_role_moves_nothing(decide: Decide) -> None:
    given(A_PROJECT).when(decide).refused("role_not_allowed")
