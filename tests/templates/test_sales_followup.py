"""The shipped sales.followup: seventeen areas in which a salesperson follows projects."""

import pytest

from genjin.templates.catalog import template
from genjin.templates.conditions import ApprovalCondition, ChangeCondition, RiskCondition
from genjin.templates.expressions import holds
from genjin.templates.model import Stage
from tests.templates.source_words import said_of, sections, source

FOLLOWUP = template("sales.followup", 1)
SOURCE = source("sales.followup")
BODY, ANSWERS = SOURCE.split("相关问答FAQs:")
AREAS = list(sections(BODY, r"[一二三四五六七八九十]+、(.+)$"))
SECTIONS = sections(BODY, r"[0-9]+\.[0-9]+ (.+)$")
COMPLETE = {"state": "complete", "revision": 1, "signed_by": []}


def part_titles(stage: Stage) -> list[str]:
    return [part.title.zh for part in stage.parts]


def test_each_of_the_seventeen_areas_is_one_part_of_a_stage() -> None:
    titles = [title for stage in FOLLOWUP.stages for title in part_titles(stage)]
    assert len(AREAS) == 17
    assert sorted(title for title in titles if title in AREAS) == sorted(AREAS)


# Two sections on two tools say what their area says; the plan names the tools instead.
@pytest.mark.parametrize(
    "section", [title for title in SECTIONS if "PingCode" not in title and "Worktile" not in title]
)
def test_every_section_of_the_source_is_asked_for_by_a_condition(section: str) -> None:
    assert said_of(FOLLOWUP, SECTIONS[section])


@pytest.mark.parametrize("tool", ["PingCode", "Worktile", "甘特图", "里程碑图"])
def test_a_plan_can_name_every_tool_of_the_source(tool: str) -> None:
    tools = FOLLOWUP.forms["project_plan"].json_schema["properties"]["tools"]
    titles = tools["items"]["properties"]["tool"]["x-titles"].values()
    assert any(tool in title["zh"] for title in titles)


def test_every_numbered_answer_at_the_end_of_the_source_is_asked_for() -> None:
    measures = [line for line in ANSWERS.splitlines() if line.startswith("- ")]
    unsaid = [line for line in measures if not said_of(FOLLOWUP, line)]
    assert len(measures) == 8
    assert unsaid == []


def test_a_round_goes_from_before_the_project_through_it_to_its_end_and_begins_again() -> None:
    assert [stage.key for stage in FOLLOWUP.stages] == ["before", "underway", "after"]
    ways = {stage.key: [way.to for way in stage.exits] for stage in FOLLOWUP.stages}
    assert ways == {"before": ["underway"], "underway": ["after", "underway"], "after": ["before"]}


def test_the_studies_of_market_and_law_are_made_before_the_project_starts() -> None:
    before = FOLLOWUP.stage("before").conditions()
    documents = [condition for condition in before if condition.kind == "document"]
    assert [one.document for one in documents] == ["market_research", "legal_research"]


def test_the_team_members_agree_to_the_goals_and_to_the_summary() -> None:
    asked = [
        (stage.key, condition.form, condition.by)
        for stage in FOLLOWUP.stages
        for condition in stage.conditions()
        if isinstance(condition, ApprovalCondition)
    ]
    assert asked == [
        ("before", "project_goals", ("member",)),
        ("after", "project_summary", ("member",)),
    ]


def test_changes_of_needs_are_managed_and_risks_assessed_while_the_project_is_underway() -> None:
    underway = list(FOLLOWUP.stage("underway").conditions())
    assert any(isinstance(condition, ChangeCondition) for condition in underway)
    assert [one.assessed for one in underway if isinstance(one, RiskCondition)] == [True]


@pytest.mark.parametrize(("measures", "enough"), [([], False), ([{"measure": "调整"}], True)])
def test_a_survey_of_satisfaction_has_to_yield_measures(
    measures: list[dict[str, str]], enough: bool
) -> None:
    condition = FOLLOWUP.condition("after", "satisfaction_c3")
    assert condition.kind == "field"
    copies = [COMPLETE | {"values": {"measures": measures}}]
    assert holds(condition.expr, {"forms": {"satisfaction_survey": copies}}) == (enough, "")
    assert not condition.waivable


@pytest.mark.parametrize(("responsible", "enough"), [("", False), ("李强", True)])
def test_every_task_of_the_plan_has_a_responsible_person(responsible: str, enough: bool) -> None:
    condition = FOLLOWUP.condition("before", "goals_c6")
    assert condition.kind == "field"
    tasks = [{"responsible": "王芳"}, {"responsible": responsible}]
    copies = [COMPLETE | {"values": {"tasks": tasks}}]
    assert holds(condition.expr, {"forms": {"project_plan": copies}}) == (enough, "")


def test_a_customer_is_silent_whom_nobody_talked_with_or_heard() -> None:
    assert FOLLOWUP.silence is not None
    assert FOLLOWUP.silence.forms == ("customer_communication", "customer_feedback")
