"""The standard follow-up: a plan of who follows what when and how, and a report that goes upward."""

from typing import Any

import pytest

from genjin.templates.catalog import latest
from genjin.templates.conditions import MetricCondition
from genjin.templates.expressions import holds
from genjin.templates.form_schemas import compiled
from tests.forms.values import valid_values

FOLLOWUP = latest("followup.std")
PLAN = FOLLOWUP.forms["followup_plan"]


def test_the_six_steps_follow_each_other() -> None:
    steps = ["goals", "plan", "progress", "cost_quality", "reporting", "improvement"]
    assert [stage.key for stage in FOLLOWUP.stages] == steps
    assert [way.to for stage in FOLLOWUP.stages for way in stage.exits] == steps[1:]


@pytest.mark.parametrize("column", ["due_on", "content", "responsible", "method"])
def test_an_item_of_the_plan_says_when_what_who_and_how(column: str) -> None:
    whole: dict[str, Any] = valid_values(PLAN.json_schema)
    assert compiled(PLAN).is_valid(whole)
    del whole["items"][0][column]
    assert not compiled(PLAN).is_valid(whole)


@pytest.mark.parametrize("goal", ["scope", "time", "cost", "quality"])
def test_the_goals_are_of_scope_time_cost_and_quality(goal: str) -> None:
    form = FOLLOWUP.forms["goals_and_plan"]
    whole = valid_values(form.json_schema)
    assert not compiled(form).is_valid({key: whole[key] for key in whole if key != goal})


def test_the_project_manager_does_every_step_and_answers_upward_for_the_report_alone() -> None:
    for stage in FOLLOWUP.stages:
        judges = ("superior",) if stage.key == "reporting" else ("pm",)
        assert stage.actual_by == ("pm",)
        assert FOLLOWUP.judgement_of(stage.key).roles == judges


def test_nobody_reports_to_himself() -> None:
    assert ("pm", "superior") in FOLLOWUP.never_both


def test_the_report_is_signed_by_who_submits_it_and_due_again_and_again() -> None:
    report = FOLLOWUP.forms["followup_report"]
    assert (report.signed_by, report.repeatable, report.each_visit) == (("pm",), True, True)
    assert "followup_report" in [cadence.form for cadence in FOLLOWUP.cadences]


def test_what_is_regular_is_due_while_the_project_is_carried_out() -> None:
    assert {cadence.stages for cadence in FOLLOWUP.cadences} == {
        ("progress", "cost_quality", "reporting")
    }


@pytest.mark.parametrize(
    ("metric", "value", "target", "within"),
    [
        ("cost", 90.0, 100.0, True),
        ("cost", 100.0, 100.0, True),
        ("cost", 100.5, 100.0, False),
        ("cost", 1.0, None, False),
        ("quality", 95.0, 90.0, True),
        ("quality", 89.9, 90.0, False),
        ("quality", 1e9, None, False),
    ],
)
def test_cost_stays_below_and_quality_above_what_the_project_set(
    metric: str, value: float, target: float | None, within: bool
) -> None:
    [condition] = [
        one
        for one in FOLLOWUP.stage("cost_quality").conditions()
        if isinstance(one, MetricCondition) and one.metric == metric
    ]
    values = {"value": value, "target": target}
    assert holds(condition.expr, values, of_a_metric=True) == (within, "")
    assert condition.each_visit
