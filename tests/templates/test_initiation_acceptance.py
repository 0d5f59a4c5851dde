"""The characteristic rules of initiation.acceptance, in its own words."""

import pytest

from genjin.templates.catalog import template
from tests.templates.expressed import copy_of_form, is_met, leads_to

ACCEPTANCE = template("initiation.acceptance", 1)
BEFORE, DECIDED = "2026-11-20T01:00:00.000000Z", "2026-11-21T01:00:00.000000Z"
REVISED = {"revised_plan": [copy_of_form({}, saved_at=DECIDED)]}
APPLIED = {"status": "applied", "decided_at": DECIDED}


def test_five_steps_track_and_four_accept() -> None:
    assert [stage.title.zh for stage in ACCEPTANCE.stages] == [
        *("制定立项计划", "确定项目里程碑", "分解工作任务", "跟踪项目进度", "修订项目计划"),
        *("确定验收标准", "进行成果评估", "进行成果测试", "编制成果报告"),
    ]


@pytest.mark.parametrize("later", ["result_evaluation", "result_test"])
def test_a_record_made_before_the_criteria_were_set_does_not_count(later: str) -> None:
    """It counts from the entry of its stage, behind the gate of the criteria."""
    order = [stage.key for stage in ACCEPTANCE.stages]
    [stage] = [stage for stage in ACCEPTANCE.stages if later in stage.forms]
    assert order.index("criteria") < order.index(stage.key)
    assert ACCEPTANCE.forms[later].each_visit


def test_the_department_and_the_stakeholders_set_the_criteria_together() -> None:
    both = ("project_management", "stakeholder")
    assert ACCEPTANCE.forms["acceptance_criteria"].signed_by == both
    assert ACCEPTANCE.judgement_of("criteria").roles == both
    assert not ACCEPTANCE.condition("criteria", "c1").waivable


def test_who_makes_the_results_neither_evaluates_nor_accepts_them() -> None:
    assert ACCEPTANCE.never_both == (("responsible", "expert"), ("responsible", "stakeholder"))
    assert ACCEPTANCE.forms["result_evaluation"].signed_by == ("expert",)


def test_the_report_is_signed_by_a_stakeholder_who_did_not_write_it() -> None:
    report = ACCEPTANCE.forms["result_report"]
    assert (report.signed_by, report.four_eyes) == (("stakeholder",), True)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "responsible", "met"),
    [
        ("2026-03-01", "2026-03-31", "刘洋", True),
        ("2026-03-01", "2026-02-28", "刘洋", False),
        ("2026-03-01", "2026-03-31", "", False),
    ],
)
def test_every_task_has_a_start_an_end_behind_it_and_a_person_responsible(
    starts_on: str, ends_on: str, responsible: str, met: bool
) -> None:
    task = {"starts_on": starts_on, "ends_on": ends_on, "responsible": responsible}
    forms = {"work_plan": [copy_of_form({"tasks": [task]})]}
    assert is_met(ACCEPTANCE, "breakdown", "c2", forms=forms, roles={"responsible": 1}) is met


def test_every_problem_that_came_up_has_a_solution() -> None:
    def with_problem(**problem: str) -> bool:
        report = copy_of_form({"problems": [{"problem": "工期紧"} | problem]})
        return is_met(ACCEPTANCE, "tracking", "c2", forms={"progress_report": [report]})

    assert with_problem(solution="增加班组")
    assert not with_problem()


def test_without_a_change_the_tracking_leads_to_the_criteria() -> None:
    assert leads_to(ACCEPTANCE, "tracking") == {"criteria"}


@pytest.mark.parametrize("status", ["rejected", "withdrawn"])
def test_a_change_that_is_not_made_does_not_lead_to_a_revision(status: str) -> None:
    assert leads_to(ACCEPTANCE, "tracking", changes=[{"status": status}]) == {"criteria"}


@pytest.mark.parametrize("status", ["raised", "submitted", "deferred", "approved", "applied"])
def test_a_change_leads_through_the_revision_of_the_plan(status: str) -> None:
    changed = APPLIED | {"status": status}
    assert leads_to(ACCEPTANCE, "tracking", changes=[changed]) == {"revision"}


def test_after_the_revision_an_applied_change_no_longer_holds_up_the_criteria() -> None:
    open_to = leads_to(ACCEPTANCE, "tracking", changes=[APPLIED], forms=REVISED)
    assert "criteria" in open_to


@pytest.mark.parametrize("stage", ["tracking", "revision"])
def test_a_plan_that_was_revised_before_a_change_was_decided_is_not_revised_for_it(
    stage: str,
) -> None:
    first = APPLIED | {"decided_at": BEFORE}
    plan = {"revised_plan": [copy_of_form({}, saved_at=BEFORE)]}
    assert "criteria" in leads_to(ACCEPTANCE, stage, changes=[first], forms=plan)
    assert "criteria" not in leads_to(ACCEPTANCE, stage, changes=[first, APPLIED], forms=plan)
    assert ACCEPTANCE.forms["revised_plan"].each_visit


@pytest.mark.parametrize("lacking", ["completeness", "accuracy", "feasibility"])
def test_results_are_complete_accurate_and_feasible_or_not_evaluated_well(lacking: str) -> None:
    good = dict.fromkeys(("completeness", "accuracy", "feasibility"), "satisfied")
    for values, met in ((good, True), (good | {lacking: "not_satisfied"}, False)):
        forms = {"result_evaluation": [copy_of_form(values)]}
        assert is_met(ACCEPTANCE, "evaluation", "c2", forms=forms) is met


def test_only_the_test_may_be_passed_over() -> None:
    skippable = {stage.key for stage in ACCEPTANCE.stages if stage.skip}
    assert skippable == {"testing"}


def test_the_report_needs_signed_criteria_a_signed_evaluation_and_no_test_left_half_done() -> None:
    done, draft = copy_of_form({}), copy_of_form({}, state="draft")
    agreed = done | {"signed_by": ["project_management", "stakeholder"]}
    half, evaluated = done | {"signed_by": ["stakeholder"]}, done | {"signed_by": ["expert"]}
    for criteria, evaluation, test, met in (
        ([agreed], [evaluated], [done], True),
        ([agreed], [evaluated], [], True),
        ([agreed], [], [], False),
        ([agreed], [done], [done], False),
        ([half], [evaluated], [done], False),
        ([], [evaluated], [done], False),
        ([agreed], [evaluated], [draft], False),
    ):
        forms = {
            "acceptance_criteria": criteria,
            "result_evaluation": evaluation,
            "result_test": test,
        }
        assert is_met(ACCEPTANCE, "report", "c1", forms=forms) is met
