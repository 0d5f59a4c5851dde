"""The gate: each thing that can stand in the way, and what a receipt keeps of a way that was free."""

import pytest

from genjin.projects.events import ProjectResumed, ProjectSuspended
from genjin_api.projects.decider import ChangeHeader, change_header
from tests.specification import (
    A_PROJECT,
    DEPT_HEAD,
    GENERAL_MANAGER,
    HOLDERS,
    MARKETER,
    TEMPLATE,
    given,
)
from tests.stages.telling import (
    Decide,
    advance,
    blockers,
    follow_up,
    gate_of,
    judge,
    mark,
    pass_gate,
    ready,
    record,
    return_to,
    save,
    sign,
)

FORM = "initiation_application"


def test_a_new_stage_asks_for_everything_that_its_template_names() -> None:
    assert blockers(given(A_PROJECT)) == {
        ("actual_missing", "initiation"),
        ("condition_not_met", "c1"),
        ("condition_not_met", "c2"),
        ("condition_not_met", "c3"),
        ("form_missing", FORM),
        *(("judgement_missing", role) for role in HOLDERS),
    }


def test_a_gate_is_open_when_nothing_is_left_in_the_way() -> None:
    story = ready()
    assert blockers(story) == set()
    assert gate_of(story).is_open


def test_a_recorded_actual_situation_is_in_the_way_no_more() -> None:
    story = given(A_PROJECT)
    story.did(MARKETER, record())
    assert ("actual_missing", "initiation") not in blockers(story)


def test_a_condition_is_in_the_way_until_it_is_met_and_again_when_it_is_not() -> None:
    story = given(A_PROJECT)
    story.did(MARKETER, mark("c3"))
    assert ("condition_not_met", "c3") not in blockers(story)
    story.did(MARKETER, mark("c3", met=False))
    assert ("condition_not_met", "c3") in blockers(story)


def test_a_form_is_missing_then_incomplete_then_unsigned_and_then_meets_its_condition() -> None:
    story = given(A_PROJECT)
    story.did(MARKETER, save(FORM, values={}, complete=False))
    assert {("form_incomplete", FORM), ("condition_not_met", "c1")} <= blockers(story)
    story.did(MARKETER, save(FORM))
    story.did(MARKETER, sign(FORM, "marketer", 2))
    assert {("form_unsigned", FORM), ("condition_not_met", "c1")} <= blockers(story)
    [unsigned] = [item for item in gate_of(story).blockers() if item["code"] == "form_unsigned"]
    assert unsigned["value"] == ["dept_head"]
    story.did(DEPT_HEAD, sign(FORM, "dept_head", 2))
    assert not {FORM, "c1"} & {subject for _, subject in blockers(story)}


def test_a_revised_form_needs_its_signatures_anew() -> None:
    story = ready()
    story.did(MARKETER, save(FORM, reason="金额更正"))
    assert {("form_unsigned", FORM), ("condition_not_met", "c1")} <= blockers(story)


def test_a_half_filled_second_copy_is_unfinished_work() -> None:
    story = ready()
    story.did(MARKETER, advance())
    story.did(MARKETER, save("visit_report"))
    story.did(MARKETER, sign("visit_report", "marketer"))
    assert "visit_report" not in {subject for _, subject in blockers(story)}
    story.did(MARKETER, save("visit_report", copy_number=2, values={}, complete=False))
    assert ("form_incomplete", "visit_report") in blockers(story)


def test_a_judgement_is_missing_or_negative_until_its_role_says_advance() -> None:
    story = given(A_PROJECT)
    story.did(DEPT_HEAD, judge("dept_head", "hold", comment="预算未批"))
    assert ("judgement_negative", "dept_head") in blockers(story)
    assert ("judgement_missing", "dept_head") not in blockers(story)
    story.did(DEPT_HEAD, judge("dept_head"))
    assert "dept_head" not in {subject for _, subject in blockers(story)}


CHANGES_OF_THE_FACTS: dict[str, Decide] = {
    "the actual situation": record("客户更换了负责人"),
    "a condition": mark("c2", evidence="新的批复"),
    "a condition that is met no more": mark("c3", met=False),
    "an attached form": save(FORM, reason="金额更正"),
    "an attached form that is a draft again": save(FORM, reason="待补", complete=False),
    "the header": lambda project: change_header(
        project, TEMPLATE, ChangeHeader(header={"expected_amount": "900000000.00"}), MARKETER
    ),
}


@pytest.mark.parametrize("what", CHANGES_OF_THE_FACTS)
def test_judgements_turn_stale_when_the_facts_change(what: str) -> None:
    story = ready()
    story.did(MARKETER, CHANGES_OF_THE_FACTS[what])
    stale = {("judgement_stale", role) for role in HOLDERS}
    assert stale <= blockers(story)
    story.did(GENERAL_MANAGER, judge("general_manager"))
    assert stale & blockers(story) == stale - {("judgement_stale", "general_manager")}


def test_judgements_turn_stale_although_the_project_was_suspended_at_the_change() -> None:
    story = ready()
    story.tell(MARKETER, [ProjectSuspended(reason="客户推迟", until=None)])
    story.did(MARKETER, save(FORM, reason="金额更正"))
    story.tell(MARKETER, [ProjectResumed(note="")])
    assert ("judgement_stale", "dept_head") in blockers(story)


def test_what_no_judgement_rests_on_leaves_them_as_they_are() -> None:
    story = ready()
    story.did(MARKETER, save("customer_profile"))
    story.did(DEPT_HEAD, follow_up())
    story.did(MARKETER, mark("c2"))
    assert gate_of(story).is_open


def test_a_receipt_holds_every_check_with_the_events_that_it_rests_on() -> None:
    story = ready()
    story.did(DEPT_HEAD, follow_up())
    checks = gate_of(story).checks
    story.did(MARKETER, advance())
    visit = story.now.course.visits["initiation:1"]
    assert visit.receipt is not None
    assert visit.receipt["checks"] == [check.document() for check in checks]
    assert visit.receipt["template"] == {"key": "pursuit.8", "version": TEMPLATE.version}
    rested_on = {event for check in visit.receipt["checks"] for event in check["events"]}
    of_the_stage = {
        str(stamp.event_id)
        for fact, stamp in story.told
        if fact.type.partition(".")[0] in ("stage", "form", "follow_up")
        and fact.type not in ("stage.entered", "stage.advanced")
    }
    assert rested_on == of_the_stage


def test_a_return_opens_a_new_visit_and_leaves_the_old_one_as_it_was() -> None:
    story = ready()
    story.did(MARKETER, advance())
    passed = story.now.course.visits["initiation:1"]
    story.did(MARKETER, return_to("initiation"))
    assert story.now.course.visits["initiation:1"] is passed
    assert (story.now.course.current.stage, story.now.course.current.number) == ("initiation", 2)
    left = story.now.course.visits["contact:1"]
    assert (left.left_by, left.left_to, left.receipt) == ("return", "initiation", None)
    fresh = {("actual_missing", "initiation"), *(("judgement_missing", role) for role in HOLDERS)}
    assert fresh <= blockers(story)
    pass_gate(story)
    assert (story.now.course.current.stage, story.now.course.current.number) == ("contact", 2)
