"""The shipped engagement: following the business, in contrast to following a project."""

import pytest

from genjin.templates.catalog import template
from genjin.templates.conditions import RiskCondition
from tests.templates.source_words import said_of, sections, source

ENGAGEMENT = template("engagement", 1)
CONTRASTS = sections(source("engagement").split("五、总结")[0], r"[一二三四]、(.+):.+VS.+$")
BUSINESS = [
    (title, line)
    for title, words in CONTRASTS.items()
    for line in words.splitlines()
    if line.startswith("业务跟进")
]


def test_the_four_contrasts_are_the_parts_of_one_stage() -> None:
    (stage,) = ENGAGEMENT.stages
    assert [part.title.zh for part in stage.parts] == list(CONTRASTS)


@pytest.mark.parametrize("words", [pytest.param(line, id=title) for title, line in BUSINESS])
def test_what_the_source_says_of_the_business_is_asked_for_in_each_contrast(words: str) -> None:
    assert len(BUSINESS) == 4
    assert len(said_of(ENGAGEMENT, words)) >= 2


def test_following_the_business_has_no_end_and_begins_again_each_quarter() -> None:
    assert ENGAGEMENT.outcomes == ()
    assert [way.to for way in ENGAGEMENT.stages[0].exits] == ["follow_up"]
    assert ENGAGEMENT.period is not None
    assert ENGAGEMENT.period.every == "quarter"


def test_projects_come_from_the_business() -> None:
    assert {"project.5", "pursuit.8"} <= set(ENGAGEMENT.spawns)


def test_risks_are_assessed_again_in_every_round() -> None:
    risks = [one for one in ENGAGEMENT.stages[0].conditions() if isinstance(one, RiskCondition)]
    assert [one.assessed for one in risks] == [True]


@pytest.mark.parametrize("form", ["satisfaction_survey", "trend_analysis"])
def test_the_early_warnings_are_made_anew_in_every_round(form: str) -> None:
    assert form in ENGAGEMENT.stages[0].forms
    assert ENGAGEMENT.forms[form].required
    assert ENGAGEMENT.forms[form].each_visit


def test_a_business_risk_can_be_linked_with_a_project_risk() -> None:
    linkage = ENGAGEMENT.forms["risk_linkage"]
    assert {"business_risk", "project_risk"} <= set(linkage.json_schema["required"])
    assert not linkage.required
