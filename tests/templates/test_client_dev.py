"""The shipped client.dev: ten areas in which a project manager develops a client."""

import pytest

from genjin.templates.catalog import template
from genjin.templates.conditions import MetricCondition
from genjin.templates.expressions import holds
from tests.templates.source_words import said_of, sections, source

CLIENT = template("client.dev", 1)
BODY, ANSWERS = source("client.dev").split("相关问答FAQs:")
AREAS = list(sections(BODY, r"[一二三四五六七八九十]+、(.+)$"))
SECTIONS = sections(BODY, r"- (.+)$")
QUESTIONS = sections(ANSWERS, r"(.+\?)$")
COMPLETE = {"state": "complete", "revision": 1, "signed_by": []}


def test_the_ten_areas_are_the_parts_of_the_first_stage_in_their_order() -> None:
    assert len(AREAS) == 10
    assert [part.title.zh for part in CLIENT.stages[0].parts] == AREAS


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_of_the_source_is_asked_for_by_a_condition(section: str) -> None:
    assert said_of(CLIENT, SECTIONS[section])


def test_the_three_questions_on_a_client_as_project_manager_are_the_second_stage() -> None:
    second = CLIENT.stage("client_as_pm")
    assert len(QUESTIONS) == len(second.parts) == 3
    for part, answer in zip(second.parts, QUESTIONS.values(), strict=True):
        said = said_of(CLIENT, answer)
        assert part.success.zh in said
        assert {condition.text.zh for condition in part.conditions} <= set(said)


def test_a_client_who_manages_projects_is_measured_by_delivery_budget_and_team() -> None:
    conditions = CLIENT.stage("client_as_pm").conditions()
    metrics = [one for one in conditions if isinstance(one, MetricCondition)]
    assert [one.metric for one in metrics] == [
        "on_time_delivery",
        "budget_control",
        "team_satisfaction",
    ]
    assert all(one.each_visit for one in metrics)


def test_a_round_may_leave_the_client_as_project_manager_out() -> None:
    assert [way.to for way in CLIENT.stage("develop").exits] == ["client_as_pm", "develop"]
    assert [way.to for way in CLIENT.stage("client_as_pm").exits] == ["develop"]


@pytest.mark.parametrize(
    ("status", "due_on", "keeps"),
    [
        ("kept", "2026-01-31", True),
        ("open", "2026-03-16", True),
        ("open", "2026-03-15", False),
        ("broken", "2026-12-31", False),
    ],
)
def test_promises_to_the_client_are_kept_or_not_yet_due(
    status: str, due_on: str, keeps: bool
) -> None:
    condition = CLIENT.condition("develop", "trust_c3")
    assert condition.kind == "field"
    promises = [{"status": "kept", "due_on": "2026-01-01"}, {"status": status, "due_on": due_on}]
    values = {
        "today": "2026-03-16",
        "forms": {"commitments": [COMPLETE | {"values": {"promises": promises}}]},
    }
    assert holds(condition.expr, values) == (keeps, "")


def test_feedback_that_yields_no_measure_holds_the_round() -> None:
    condition = CLIENT.condition("develop", "feedback_c3")
    assert condition.kind == "field"
    copies = [COMPLETE | {"values": {"measures": []}}]
    assert holds(condition.expr, {"forms": {"feedback_analysis": copies}}) == (False, "")
    assert not condition.waivable


def test_an_open_risk_without_measures_in_answer_holds_the_round() -> None:
    condition = CLIENT.condition("develop", "risks_c3")
    assert condition.kind == "field"
    answered = {"status": "open", "answered": True}
    assert holds(condition.expr, {"risks": [answered]}) == (True, "")
    assert holds(condition.expr, {"risks": [answered, answered | {"answered": False}]})[0] is False


def test_what_persons_at_the_client_said_is_restricted() -> None:
    restricted = {key for key, form in CLIENT.forms.items() if form.restricted}
    assert restricted == {
        "interview",
        "questionnaire",
        "project_meeting",
        "satisfaction_survey",
        "client_review",
    }
