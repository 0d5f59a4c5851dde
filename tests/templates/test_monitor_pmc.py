"""The characteristic rules of monitor.pmc, in its own words."""

import pytest

from genjin.templates.catalog import template
from genjin.templates.conditions import ApprovalCondition, RiskCondition
from tests.templates.expressed import copy_of_form, is_met

PMC = template("monitor.pmc", 1)
COMPARED = ("size", "effort", "cost", "schedule")
KNOWN = {metric: {"value": 1.0, "target": 1.0, "recorded_on": "2026-11-20"} for metric in COMPARED}
BAND = [("deviations_c1", 110.0, True), ("deviations_c2", 90.0, True)]
OUT_OF_BAND = [("deviations_c3", 111.0, False), ("deviations_c4", 89.0, False)]


def test_the_entry_asks_for_an_approved_plan_and_a_trained_manager_and_nobody_can_waive_it() -> (
    None
):
    entry = {condition.key: condition for condition in PMC.stage("entry").parts[1].conditions}
    approval = entry["criteria_c2"]
    assert isinstance(approval, ApprovalCondition)
    assert (approval.by, approval.form) == (("department_manager",), "project_plan")
    assert not any(condition.waivable for condition in entry.values())


@pytest.mark.parametrize(
    ("name", "signed_by", "able", "met"),
    [
        ("李强", ("department_manager",), True, (True, True)),
        ("李强", ("department_manager",), False, (True, False)),
        ("李强", (), True, (False, False)),
        ("王芳", ("department_manager",), True, (False, False)),
    ],
    ids=["trained and able", "trained", "not vouched for", "of somebody else"],
)
def test_the_department_manager_vouches_for_the_manager_that_there_is(
    name: str, signed_by: tuple[str, ...], able: bool, met: tuple[bool, bool]
) -> None:
    values = {"project_manager": name, "training": "项目管理培训", "able": able}
    forms = {"manager_qualification": [copy_of_form(values, signed_by=signed_by)]}
    holders = {"pm": [{"id": "p1", "name": "李强"}]}
    keys = ("criteria_c3", "criteria_c4")
    assert tuple(is_met(PMC, "entry", key, forms=forms, holders=holders) for key in keys) == met
    assert not any(is_met(PMC, "entry", key, forms=forms) for key in keys)


def test_a_manager_does_not_approve_their_own_plan_and_auditors_are_not_of_the_team() -> None:
    assert set(PMC.never_both) == {("qa", "pm"), ("qa", "member"), ("pm", "department_manager")}


def test_the_six_steps_of_the_source_are_in_it() -> None:
    titles = [part.title.zh for stage in PMC.stages for part in stage.parts]
    steps = ["项目日程安排计划", "项目启动会议", "项目跟踪"]
    steps += ["评审会议", "项目偏差控制", "项目进展汇报"]
    assert [title for title in titles if title in steps] == steps


@pytest.mark.parametrize("missing", COMPARED)
def test_size_effort_cost_and_progress_are_each_compared_with_the_plan(missing: str) -> None:
    condition = "tracking_c2"
    assert is_met(PMC, "implementation", condition, metrics=KNOWN)
    recorded = {metric: known for metric, known in KNOWN.items() if metric != missing}
    assert not is_met(PMC, "implementation", condition, metrics=recorded)
    unplanned = KNOWN | {missing: KNOWN[missing] | {"target": None}}
    assert not is_met(PMC, "implementation", condition, metrics=unplanned)


@pytest.mark.parametrize(("condition", "value", "met"), [*BAND, *OUT_OF_BAND])
def test_a_figure_more_than_its_tolerance_off_the_plan_is_a_deviation(
    condition: str, value: float, met: bool
) -> None:
    assert is_met(PMC, "implementation", condition, value=value, target=100.0) is met


def test_a_figure_without_a_planned_one_is_not_taken_for_one_that_is_kept() -> None:
    assert not is_met(PMC, "implementation", "deviations_c1", value=1.0, target=None)


def test_every_deviation_that_was_written_down_is_settled() -> None:
    def with_deviations(*statuses: str) -> bool:
        records = [copy_of_form({"status": status}) for status in statuses]
        return is_met(PMC, "implementation", "deviations_c6", forms={"deviation_record": records})

    assert with_deviations()
    assert with_deviations("settled")
    assert not with_deviations("settled", "open")


def test_risks_with_cost_resources_schedule_and_technology_are_tracked() -> None:
    tracked = PMC.condition("implementation", "tracking_c5")
    assert isinstance(tracked, RiskCondition)
    assert (tracked.assessed, tracked.categories) == (
        True,
        ("cost", "resource", "schedule", "technical"),
    )


def test_a_report_is_due_every_week_of_the_implementation() -> None:
    [weekly] = [cadence for cadence in PMC.cadences if cadence.form == "weekly_report"]
    assert (weekly.every, weekly.count, weekly.by) == ("week", 1, ("pm",))
    assert weekly.stages == ("implementation",)


def test_quality_assurance_alone_raises_and_closes_findings() -> None:
    assert PMC.findings is not None
    assert PMC.findings.raised_by == PMC.findings.closed_by == ("qa",)
    assert "qa" not in PMC.findings.corrected_by


def test_who_came_from_the_customer_is_personal() -> None:
    restricted = {key for key, form in PMC.forms.items() if form.restricted}
    assert restricted == {"kickoff_meeting"}
