"""Commands on milestones: those of the template once each, a project's own as they come; each is reached once."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from genjin.milestones.events import (
    MilestoneDropped,
    MilestoneReached,
    MilestoneRescheduled,
    MilestoneSet,
)
from genjin_api.acting import Caller
from genjin_api.milestones import decider
from tests.requirements.test_decider import CLOSED
from tests.small_template import SMALL
from tests.specification import (
    A_PROJECT,
    DEPT_HEAD,
    MARKETER,
    MOMENT,
    OUTSIDER,
    TODAY,
    TOMORROW,
    YESTERDAY,
    given,
)
from tests.stages.telling import Decide

ID, OTHER = UUID(int=0xE1), UUID(int=0xE2)
OWN = MilestoneSet(
    milestone_id=ID, key=None, title="样机测试通过", due_on=YESTERDAY, stage="contact"
)
DELIVERY = MilestoneSet(
    milestone_id=ID, key="delivery", title="delivery", due_on=TOMORROW, stage=None
)
REACHED = MilestoneReached(milestone_id=ID, reached_on=TODAY, evidence="测试报告", days_late=1)
DROPPED = MilestoneDropped(milestone_id=ID, reason="改为整机采购")


def set_(caller: Caller = MARKETER, milestone_id: UUID = ID, **more: Any) -> Decide:
    fields = {"title": OWN.title, "due_on": YESTERDAY.isoformat(), "stage": "contact", **more}
    command = decider.SetMilestone.model_validate(fields)
    return lambda project: decider.set_milestone(project, SMALL, command, milestone_id, caller)


def set_delivery(caller: Caller = MARKETER, **more: Any) -> Decide:
    fields = {"key": "delivery", "title": None, "stage": None, "due_on": TOMORROW.isoformat()}
    return set_(caller, **{**fields, **more})


def reschedule(caller: Caller = MARKETER, due_on: Any = TOMORROW) -> Decide:
    command = decider.RescheduleMilestone(due_on=due_on.isoformat(), reason="现场停电")
    return lambda project: decider.reschedule(project, ID, command, caller)


def reach(caller: Caller = MARKETER, on: Any = TODAY) -> Decide:
    command = decider.ReachMilestone(reached_on=on.isoformat(), evidence="测试报告")
    return lambda project: decider.reach(project, ID, command, caller, MOMENT)


def drop(caller: Caller = MARKETER) -> Decide:
    command = decider.DropMilestone(reason="改为整机采购")
    return lambda project: decider.drop(project, ID, command, caller)


def test_a_milestone_of_the_project_s_own_has_a_title_and_a_stage_of_the_template_or_none() -> None:
    story = given(A_PROJECT)
    story.when(set_()).then(OWN)
    story.when(set_(stage=None)).then(OWN.model_copy(update={"stage": None}))
    story.when(set_(title=None)).refused("field_invalid", "/title")
    story.when(set_(stage="signing")).refused("field_invalid", "/stage")


def test_a_milestone_of_the_template_has_the_template_s_title() -> None:
    story = given(A_PROJECT)
    story.when(set_delivery()).then(DELIVERY)
    story.when(set_delivery(title="交货")).refused("field_invalid", "/title")
    story.when(set_delivery(key="unknown")).refused("field_invalid", "/key")


def test_a_milestone_of_the_template_is_set_once() -> None:
    story = given(A_PROJECT, DELIVERY)
    story.when(set_delivery(milestone_id=OTHER)).refused("milestone_already_set")
    handover = {"milestone_id": OTHER, "key": "handover", "title": "handover"}
    story.when(set_delivery(milestone_id=OTHER, key="handover")).then(
        DELIVERY.model_copy(update=handover)
    )


def test_a_project_has_no_more_milestones_of_its_own_than_may_be() -> None:
    many = [
        OWN.model_copy(update={"milestone_id": UUID(int=0x1000 + number)})
        for number in range(decider.OWN_MAX)
    ]
    story = given(A_PROJECT, many)
    story.when(set_()).refused("limit_reached")
    story.when(set_delivery()).then(DELIVERY)
    given(A_PROJECT, many[1:]).when(set_()).then(OWN)


def test_a_dropped_milestone_still_counts_towards_the_limit() -> None:
    many = [
        OWN.model_copy(update={"milestone_id": UUID(int=0x1000 + number)})
        for number in range(decider.OWN_MAX - 1)
    ]
    given(A_PROJECT, many, OWN, DROPPED).when(set_()).refused("limit_reached")


def test_a_milestone_moves_to_another_day_with_a_reason_and_keeps_its_first_one() -> None:
    story = given(A_PROJECT, OWN)
    moved = MilestoneRescheduled(milestone_id=ID, due_on=TOMORROW, reason="现场停电")
    story.when(reschedule()).then(moved)
    story.did(MARKETER, reschedule())
    milestone = story.now.milestones[str(ID)]
    assert (milestone.due_on, milestone.first_due_on) == (TOMORROW, YESTERDAY)
    assert (milestone.rescheduled, milestone.rescheduling_reason) == (1, "现场停电")
    story.when(reschedule()).then_nothing()


@pytest.mark.parametrize(("due_in_days", "days_late"), [(-30, 30), (-1, 1), (0, 0), (1, 0)])
def test_how_late_a_milestone_was_reached_counts_from_the_day_it_was_due_on_last(
    due_in_days: int, days_late: int
) -> None:
    due = TODAY + timedelta(days=due_in_days)
    moved = MilestoneRescheduled(milestone_id=ID, due_on=due, reason="现场停电")
    reached = REACHED.model_copy(update={"days_late": days_late})
    given(A_PROJECT, OWN, moved).when(reach()).then(reached)


def test_a_milestone_is_reached_today_or_before_and_once() -> None:
    story = given(A_PROJECT, OWN)
    story.when(reach(on=TOMORROW)).refused("field_invalid", "/reached_on")
    story.when(reach(on=YESTERDAY)).then(
        REACHED.model_copy(update={"reached_on": YESTERDAY, "days_late": 0})
    )
    story.did(MARKETER, reach())
    assert story.now.milestones[str(ID)].status == "reached"
    for command in (reach(), reschedule(), drop()):
        story.when(command).refused("milestone_not_open")


def test_a_milestone_of_the_project_s_own_may_be_dropped_and_one_of_the_template_not() -> None:
    story = given(A_PROJECT, OWN)
    story.when(drop()).then(DROPPED)
    story.did(MARKETER, drop())
    assert story.now.milestones[str(ID)].status == "dropped"
    story.when(reach()).refused("milestone_not_open")
    given(A_PROJECT, DELIVERY).when(drop()).refused("milestone_of_template")


def test_a_milestone_changes_no_facts_that_judgements_rest_on() -> None:
    before = given(A_PROJECT).now.course
    story = given(A_PROJECT, OWN, REACHED)
    assert story.now.course == before


EVERY: dict[str, Any] = {"reschedule": reschedule, "reach": reach, "drop": drop}


@pytest.mark.parametrize("name", EVERY)
def test_a_milestone_that_nobody_set_is_not_found(name: str) -> None:
    given(A_PROJECT).when(EVERY[name]()).refused("not_found")


@pytest.mark.parametrize("name", [*EVERY, "set"])
def test_milestones_end_with_the_project_and_are_for_its_people(name: str) -> None:
    command = EVERY.get(name, set_)
    given(A_PROJECT, OWN).when(command(OUTSIDER)).refused("role_not_allowed")
    given(A_PROJECT, OWN, CLOSED).when(command()).refused("project_closed")


def test_whoever_holds_a_role_in_the_project_looks_after_its_milestones() -> None:
    story = given(A_PROJECT)
    story.when(set_(DEPT_HEAD)).then(OWN, role="dept_head")
    story.tell(MARKETER, [OWN])
    story.when(reach(DEPT_HEAD)).then(REACHED, role="dept_head")
