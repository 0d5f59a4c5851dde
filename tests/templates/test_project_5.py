"""The shipped project.5: following a project, in contrast to following the business."""

import pytest

from genjin.templates.catalog import template
from genjin.templates.conditions import ChangeCondition, RiskCondition
from genjin.templates.expressions import holds
from tests.templates.source_words import said_of, sections, source

PROJECT = template("project.5", 1)
SOURCE = source("project.5")
CONTRASTS = sections(SOURCE.split("五、总结")[0], r"[一二三四]、(.+):.+VS.+$")
STAGES = ["initiation", "planning", "execution", "monitoring", "closing"]


def test_the_five_stages_are_those_of_the_source_in_their_order() -> None:
    assert [stage.key for stage in PROJECT.stages] == STAGES
    titles = [stage.title.zh for stage in PROJECT.stages]
    assert f"{'、'.join(titles[:-1])}和{titles[-1]}五大阶段" in SOURCE


@pytest.mark.parametrize("contrast", CONTRASTS)
def test_what_the_source_says_of_projects_is_asked_for_in_each_contrast(contrast: str) -> None:
    assert len(CONTRASTS) == 4
    assert said_of(PROJECT, CONTRASTS[contrast])


def test_after_the_start_resources_change_by_change_control_alone() -> None:
    for stage in PROJECT.stages:
        changes = [one for one in stage.conditions() if isinstance(one, ChangeCondition)]
        assert bool(changes) is (stage.key != "initiation")
        assert not any(change.waivable for change in changes)
        assert all(change.settled for change in changes)
    controlled = {field.key: field.under_change_control_from for field in PROJECT.header}
    assert controlled["budget"] == controlled["currency"] == "planning"
    assert PROJECT.forms["charter"].under_change_control_from == "planning"


def test_risks_are_assessed_again_at_each_milestone_from_planning_to_monitoring() -> None:
    assessed = [
        stage.key
        for stage in PROJECT.stages
        for condition in stage.conditions()
        if isinstance(condition, RiskCondition) and condition.assessed
    ]
    assert assessed == ["planning", "execution", "monitoring"]


def test_each_milestone_has_its_own_technical_review() -> None:
    assert PROJECT.forms["technical_review"].each_visit
    reviewed = [stage.key for stage in PROJECT.stages if "technical_review" in stage.forms]
    assert reviewed == ["execution", "monitoring"]


@pytest.mark.parametrize(
    ("reached", "ends"), [([True, True], True), ([True, False], False), ([False], False)]
)
def test_a_project_is_completed_once_its_goals_are_met_and_not_before(
    reached: list[bool], ends: bool
) -> None:
    (completed,) = [one for one in PROJECT.outcomes if one.key == "completed"]
    assert completed.final_gate_only
    assert completed.when is not None
    values = {"goals": [{"reached": one} for one in reached]}
    copy = {"state": "complete", "revision": 1, "signed_by": [], "values": values}
    assert holds(completed.when, {"forms": {"goal_achievement": [copy]}}) == (ends, "")
    assert holds(completed.when, {"forms": {"goal_achievement": []}}) == (False, "")


def test_a_cancelled_order_shelves_the_project() -> None:
    (shelved,) = [one for one in PROJECT.outcomes if one.key == "shelved"]
    assert shelved.reason_required
    assert "order_cancelled" in [reason.key for reason in shelved.reasons]


@pytest.mark.parametrize(("used", "within"), [(100.0, True), (100.5, False)])
def test_no_more_than_the_approved_budget_is_used(used: float, within: bool) -> None:
    condition = PROJECT.condition("monitoring", "c2")
    assert condition.kind == "metric"
    tolerances = {one.key: one.limit for one in PROJECT.tolerances}
    values = {"value": used, "target": None, "tolerances": tolerances}
    assert holds(condition.expr, values, of_a_metric=True) == (within, "")


def test_budget_and_size_of_the_team_are_settled_at_the_start() -> None:
    required = set(PROJECT.forms["charter"].json_schema["required"])
    assert {"functions", "delivered_on", "budget", "team_size"} <= required


def test_the_tools_of_the_source_have_their_place() -> None:
    titles = [form.title.zh for form in PROJECT.forms.values()]
    titles += [document.title.zh for document in PROJECT.documents]
    for tool in ("甘特图", "关键路径分析", "风险管理计划", "工作分解结构", "FMEA"):
        assert any(tool in title for title in titles), tool
