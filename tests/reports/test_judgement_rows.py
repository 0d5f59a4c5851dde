"""The rows that reports on judges count, from facts: what was taken back was said all the same."""

from typing import Any

from genjin_api.projects.evolving import evolve
from genjin_api.projects.state import Project
from genjin_api.reports.projection import counted_rows
from tests.specification import A_PROJECT, HOLDERS, MARKETER, Story, given
from tests.stages.telling import judge, record, request_review, withdraw


def said_by(role: str, story: Story) -> list[tuple[bool, str]]:
    """Of each judgement whether it was the first word, and what the others had said."""
    found, before = list[dict[str, Any]](), None
    for fact, stamp in story.told:
        after: Project = evolve(before, fact, stamp)  # type: ignore[arg-type]  # facts of a project's stream
        found += counted_rows(before, after).get("judgement", [])
        before = after
    return [(row["first_word"], row["others"]) for row in found if row["role"] == role]


def test_who_takes_a_judgement_back_and_judges_again_has_one_first_word() -> None:
    story, holder = given(A_PROJECT), HOLDERS["dept_head"]
    story.did(HOLDERS["sales_manager"], judge("sales_manager"))
    story.did(holder, judge("dept_head", "hold", comment="预算未批"))
    for verdict in ("hold", "advance"):
        story.did(holder, withdraw("dept_head"))
        story.did(holder, judge("dept_head", verdict, comment="预算未批"))
    once = [(True, "sales_manager=advance"), (False, ""), (False, "")]
    assert said_by("dept_head", story) == once
    story.did(MARKETER, record("预算已批"))
    story.did(HOLDERS["sales_manager"], judge("sales_manager", "hold", comment="再等等"))
    story.did(holder, judge("dept_head"))
    other_facts = [*once, (False, "sales_manager=hold")]
    assert said_by("dept_head", story) == other_facts
    story.did(holder, withdraw("dept_head"))
    story.did(MARKETER, request_review())
    story.did(holder, judge("dept_head"))
    assert said_by("dept_head", story) == [*other_facts, (False, "")]
