"""The characteristic rules of progress.kpi, in its own words."""

from typing import Any

import pytest

from genjin.templates.catalog import template
from tests.templates.expressed import copy_of_form, is_met, leads_to

KPI = template("progress.kpi", 1)
GOALS = copy_of_form({"goals": ["年销售额一亿元"], "milestones": [{"milestone": "首单签约"}]})


def kpi_plan(*kpis: tuple[str, str]) -> dict[str, Any]:
    return copy_of_form({"kpis": [{"measures": words, "kpi": kpi} for words, kpi in kpis]})


def test_the_six_steps_are_its_stages() -> None:
    assert [stage.title.zh for stage in KPI.stages] == [
        *("制定明确的项目目标和里程碑计划", "设定关键绩效指标", "定期收集和分析数据"),
        *("沟通和共享项目进展", "识别和解决问题", "定期评估和调整进展跟踪流程"),
    ]


def test_the_team_makes_the_goals_clear_with_the_stakeholders() -> None:
    assert KPI.judgement_of("goals").roles == ("team", "stakeholder")
    assert KPI.forms["project_goals"].signed_by == ("team", "stakeholder")


@pytest.mark.parametrize(
    ("measured", "met"),
    [(("年销售额一亿元", "首单签约"), True), (("年销售额一亿元",), False), (("首单签约",), False)],
)
def test_every_goal_and_every_milestone_has_a_kpi(measured: tuple[str, ...], met: bool) -> None:
    plan = kpi_plan(*((words, "other") for words in measured))
    forms = {"project_goals": [GOALS], "kpi_plan": [plan]}
    assert is_met(KPI, "kpis", "c2", forms=forms) is met


def test_a_project_that_sells_has_sales_and_growth_in_customers_as_metrics() -> None:
    assert [metric.title.zh for metric in KPI.metrics] == ["销售额", "客户增长率"]


def test_a_kpi_that_is_a_metric_has_a_value_before_the_progress_is_shared() -> None:
    sales = {"sales": {"value": 1.0, "target": None, "recorded_on": "2026-11-20"}}
    for kpi, metrics, met in (
        ("sales", sales, True),
        ("sales", {}, False),
        ("customer_growth", sales, False),
        ("other", {}, True),
    ):
        forms = {"kpi_plan": [kpi_plan(("首单签约", kpi))]}
        assert is_met(KPI, "collection", "c2", forms=forms, metrics=metrics) is met


def test_problems_are_solved_before_the_round_ends() -> None:
    for status, met in (("solved", True), ("open", False)):
        forms = {"problem": [copy_of_form({"status": status})]}
        assert is_met(KPI, "problems", "c1", forms=forms) is met


@pytest.mark.parametrize(("adjustment", "to"), [("not_needed", "collection"), ("needed", "goals")])
def test_a_round_leads_to_the_next_data_or_to_the_goals_where_something_is_to_be_adjusted(
    adjustment: str, to: str
) -> None:
    old = copy_of_form({"adjustment": "needed"})
    forms = {"process_review": [old, copy_of_form({"adjustment": adjustment})]}
    assert leads_to(KPI, "review", forms=forms) == {to}


def test_a_round_asks_for_data_a_meeting_and_a_review_of_its_own() -> None:
    fresh = {key for key, form in KPI.forms.items() if form.each_visit}
    assert fresh == {"kpi_data", "progress_meeting", "process_review"}


def test_the_goals_are_reached_through_the_gate_of_the_review_alone() -> None:
    [completed] = [outcome for outcome in KPI.outcomes if outcome.key == "completed"]
    assert (completed.final_gate_only, completed.at) == (True, ("review",))
