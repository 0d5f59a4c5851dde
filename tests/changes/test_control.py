"""What a template puts under change control changes by an approved change request alone."""

from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from genjin.changes.events import ChangeApplied, ChangeDecided, ChangeRaised
from genjin.event import Fact
from genjin.forms.events import FormCompleted, FormRevised
from genjin.projects.events import HeaderChanged
from genjin.stages.events import StageEntered
from genjin_api.acting import Decided
from genjin_api.forms import decider as forms
from genjin_api.projects import decider as projects
from tests.small_template import small_template
from tests.specification import A_PROJECT, DEPT_HEAD, MARKETER, Story, given
from tests.stages.telling import Decide
from tests.templates.test_model import text, titled

CHANGE = UUID(int=0xCC)
CONTROLLED = {"under_change_control_from": "contact"}
FIELDS = [{**one, "max_length": 20} for one in titled("name", "budget")]
CHARTER = {"title": text("charter"), "schema": {"type": "object", "properties": {"a": {}}}}
TEMPLATE = small_template(
    header=[FIELDS[0], FIELDS[1] | CONTROLLED],
    forms={"charter": CHARTER | CONTROLLED, "note": CHARTER},
    change_deciders=["dept_head"],
)
STARTED = StageEntered(stage="contact", visit=1, from_stage="initiation")
BACK = StageEntered(stage="initiation", visit=2, from_stage="contact")
RAISED = ChangeRaised(
    change_id=CHANGE,
    requirement_id=UUID(int=0xEE),
    base_revision=1,
    title="增加水泵",
    reason="流量增加",
    proposed_title="水泵",
    proposed_text="四台",
    stages=[],
    requested_by="王工",
)
APPROVED = ChangeDecided(
    change_id=CHANGE, decision="approve", comment="", conditions=[], review_on=None
)


def save(form: str = "charter", **command: Any) -> Decide:
    told = {"values": {"a": 2}, "complete": True, "reason": "加钱", **command}
    saving = forms.SaveForm.model_validate(told)
    return lambda project: forms.save(project, TEMPLATE, form, saving, MARKETER)


def change(header: dict[str, str], **command: Any) -> Decide:
    changing = projects.ChangeHeader.model_validate({"header": header, **command})
    return lambda project: projects.change_header(project, TEMPLATE, changing, MARKETER)


def fact_of(story: Story, decide: Decide) -> Fact:
    decided = decide(story.now)
    assert isinstance(decided, Decided), decided
    [fact] = decided.facts
    return fact


def begun() -> Story:
    """With both forms complete."""
    story = given(A_PROJECT)
    for form in ("charter", "note"):
        story.did(MARKETER, save(form, values={"a": 1}, reason=""))
    return story


def started() -> Story:
    story = begun()
    story.tell(MARKETER, [STARTED])
    return story


def test_what_nobody_may_decide_on_is_not_put_under_control() -> None:
    with pytest.raises(ValidationError, match="/header/0/under_change_control_from: needs"):
        small_template(header=[FIELDS[0] | CONTROLLED])


def test_before_the_project_has_come_to_the_stage_nothing_is_under_control() -> None:
    story = begun()
    story.did(MARKETER, save())
    story.did(MARKETER, change({"budget": "1"}))


def test_from_the_stage_on_what_is_controlled_needs_a_change_and_the_rest_does_not() -> None:
    story = started()
    for _ in ("in the stage", "back in the one before"):
        story.when(save()).refused("change_required")
        story.when(change({"budget": "1", "name": "x"})).refused("change_required")
        story.when(change({"name": "x"})).then(HeaderChanged(header={"name": "x"}))
        assert isinstance(fact_of(story, save("note")), FormRevised)
        story.tell(MARKETER, [BACK])


def test_a_change_serves_from_its_approval_until_it_is_applied_and_the_fact_names_it() -> None:
    story = started()
    controlled = (save(change_id=CHANGE), change({"budget": "1"}, change_id=CHANGE))
    for decide in controlled:
        story.when(decide).refused("field_invalid", "/change_id")
    story.tell(MARKETER, [RAISED])
    for decide in controlled:
        story.when(decide).refused("change_not_approved")
    story.tell(DEPT_HEAD, [APPROVED])
    for decide in controlled:
        fact = fact_of(story, decide)
        assert isinstance(fact, FormRevised | HeaderChanged)
        assert fact.change_id == CHANGE
    story.tell(MARKETER, [ChangeApplied(change_id=CHANGE)])
    for decide in controlled:
        story.when(decide).refused("change_not_approved")


def test_no_draft_takes_the_place_of_what_is_controlled() -> None:
    """It could be completed once its change was applied."""
    story = started()
    story.tell(DEPT_HEAD, [RAISED, APPROVED])
    story.when(save(complete=False, change_id=CHANGE)).refused("field_invalid", "/complete")


def test_what_is_completed_for_the_first_time_is_no_change_and_names_none() -> None:
    story = given(A_PROJECT, STARTED, RAISED, APPROVED)
    assert isinstance(fact_of(story, save()), FormCompleted)
    story.when(save(change_id=CHANGE)).refused("field_invalid", "/change_id")
