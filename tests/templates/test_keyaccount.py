"""The shipped keyaccount: four lists on the projects of a key account, merged without loss."""

import re

import pytest

from genjin.templates.catalog import template
from genjin.templates.conditions import ApprovalCondition, RiskCondition
from genjin.templates.expressions import holds
from tests.templates.source_words import said_of, source

KEYACCOUNT = template("keyaccount", 1)
HEADING = re.compile(r"^ +[一二三四五六七八九十]+、(.+)$")
COMPLETE = {"state": "complete", "revision": 1, "signed_by": []}


def areas() -> list[tuple[str, str]]:
    """Every area of the four answers in order, and what stands under it. The titles come again in other answers."""
    found: list[tuple[str, str]] = []
    for line in source("keyaccount").splitlines():
        if match := HEADING.match(line):
            found.append((match[1], ""))
        elif found:
            found[-1] = (found[-1][0], found[-1][1] + line)
    return found


AREAS = areas()
# The first heading of the fourth answer stands over a summary of those that follow it.
TOLD = [pytest.param(words, id=f"{index}-{title}") for index, (title, words) in enumerate(AREAS)]
SUMMARY = 20


def test_the_reader_of_the_source_finds_ten_five_five_and_four_areas() -> None:
    assert len(AREAS) == 24
    assert AREAS[SUMMARY][0] == "项目管理的核心重点"


@pytest.mark.parametrize("words", TOLD[:SUMMARY] + TOLD[SUMMARY + 1 :])
def test_every_area_of_the_four_answers_is_asked_for(words: str) -> None:
    assert said_of(KEYACCOUNT, words)


def test_every_part_has_the_title_of_an_area_or_of_what_it_is_about() -> None:
    titles = {title for area, _ in AREAS for title in [area, *area.split("、")]}
    others = [
        part.title.zh
        for stage in KEYACCOUNT.stages
        for part in stage.parts
        if part.title.zh not in titles
    ]
    assert others == ["成本控制"]


def test_the_responsibility_matrix_is_part_of_the_plan_and_known_to_the_participants() -> None:
    planning = KEYACCOUNT.stage("planning")
    assert "responsibility_matrix" in planning.forms
    known = KEYACCOUNT.condition("planning", "responsibility_c2")
    assert isinstance(known, ApprovalCondition)
    assert (known.form, known.by) == ("responsibility_matrix", ("participant",))


def test_goals_and_needs_are_confirmed_by_both_sides() -> None:
    for key, form in (("goals_c5", "goals_and_scope"), ("needs_c3", "needs_analysis")):
        condition = KEYACCOUNT.condition("planning", key)
        assert isinstance(condition, ApprovalCondition)
        assert (condition.form, condition.by) == (form, ("pm", "customer"))
        assert condition.mode == "all"


def test_risks_are_assessed_by_probability_and_impact_and_warned_of_early_in_each_round() -> None:
    execution = KEYACCOUNT.stage("execution")
    assert [one.assessed for one in execution.conditions() if isinstance(one, RiskCondition)] == [
        True
    ]
    assert KEYACCOUNT.forms["early_warning"].each_visit
    strategies = [strategy.key for strategy in KEYACCOUNT.risk.strategies]
    assert strategies == ["avoid", "mitigate", "transfer", "accept"]


@pytest.mark.parametrize("form", ["resource_audit", "budget_audit", "satisfaction_survey"])
def test_audits_and_surveys_come_again_regularly_and_in_each_round(form: str) -> None:
    assert form in [cadence.form for cadence in KEYACCOUNT.cadences]
    assert form in KEYACCOUNT.stage("execution").forms
    assert KEYACCOUNT.forms[form].each_visit


@pytest.mark.parametrize(
    ("measures", "enough"), [([[1], [1]], True), ([[1], []], False), ([], False)]
)
def test_every_survey_of_satisfaction_has_to_yield_measures(
    measures: list[list[int]], enough: bool
) -> None:
    condition = KEYACCOUNT.condition("execution", "relations_c4")
    assert condition.kind == "field"
    copies = [COMPLETE | {"values": {"measures": each}} for each in measures]
    assert holds(condition.expr, {"forms": {"satisfaction_survey": copies}}) == (enough, "")
    assert not condition.waivable


@pytest.mark.parametrize(
    ("rate", "target", "holds_it"), [(5.0, None, True), (2.0, 3.0, True), (4.0, 3.0, False)]
)
def test_the_rework_rate_stays_below_its_target_where_one_is_set(
    rate: float, target: float | None, holds_it: bool
) -> None:
    condition = KEYACCOUNT.condition("execution", "quality_c5")
    assert condition.kind == "metric"
    values = {"value": rate, "target": target}
    assert holds(condition.expr, values, of_a_metric=True) == (holds_it, "")


def test_best_practice_goes_into_the_knowledge_base_at_the_end() -> None:
    assert "knowledge_entry" in KEYACCOUNT.stage("evaluation").forms
    assert [way.to for way in KEYACCOUNT.stage("evaluation").exits] == ["planning"]
