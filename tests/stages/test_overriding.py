"""An override lets a project through a closed gate: by named roles, each blocker named, for a reason that stays."""

from typing import Any

import pytest
from pydantic import ValidationError

from genjin.stages.events import GateOverridden, StageAdvanced, StageEntered
from genjin_api.stages.overriding import Override
from tests.specification import DEPT_HEAD, GENERAL_MANAGER, MARKETER, Story
from tests.stages.rich_telling import (
    REASON,
    advance,
    approve,
    begun,
    blockers,
    mark,
    override,
    stage_of,
)

JUDGES = (("judgement_missing", "seller"), ("judgement_missing", "boss"))
WAIVABLE = (("actual_missing", "first"), ("condition_not_met", "c1"), *JUDGES)


def almost() -> Story:
    """What may not be waived is done."""
    story = begun()
    story.did(DEPT_HEAD, mark("safe", DEPT_HEAD))
    story.did(GENERAL_MANAGER, approve("boss"))
    story.did(DEPT_HEAD, approve("clerk"))
    assert blockers(story) == set(WAIVABLE)
    return story


def test_an_override_names_every_blocker_and_leads_on() -> None:
    story = almost()
    decided = story.do(GENERAL_MANAGER, override(*WAIVABLE))
    [overridden, advanced, entered] = decided.facts
    assert isinstance(overridden, GateOverridden)
    assert {(one["code"], one["subject"]) for one in overridden.blockers} == set(WAIVABLE)
    assert isinstance(advanced, StageAdvanced)
    told = advanced.receipt["override"]
    assert (told["role"], told["reason"]) == ("boss", REASON)
    assert told["blockers"] == overridden.blockers
    assert [check["code"] for check in advanced.receipt["checks"] if not check["passed"]]
    assert isinstance(entered, StageEntered)
    assert stage_of(story) == "small"
    [left, _] = story.now.course.visits.values()
    assert left.overridden


def test_only_the_roles_that_the_template_names_override() -> None:
    almost().when(override(*WAIVABLE, caller=MARKETER)).refused("override_not_allowed")


def test_a_blocker_that_is_not_named_is_not_waived() -> None:
    refused = almost().when(override(*JUDGES)).refused("field_invalid", "/override/waive")
    assert "condition_not_met c1" in refused.detail


def test_what_does_not_block_is_not_waived() -> None:
    story = almost()
    asked = override(*WAIVABLE, ("form_missing", "memo"))
    refused = story.when(asked).refused("field_invalid", "/override/waive")
    assert "form_missing memo" in refused.detail


def test_what_the_stage_keeps_firm_is_not_waived() -> None:
    story = begun()
    story.did(DEPT_HEAD, mark("safe", DEPT_HEAD))
    refused = story.when(override(*WAIVABLE, ("approval_missing", "plan"))).refused(
        "blocker_not_waivable"
    )
    assert [one["subject"] for one in refused.blockers] == ["plan"]


def test_what_a_condition_keeps_firm_is_not_waived_though_its_stage_would_let_it() -> None:
    story = almost()
    story.did(DEPT_HEAD, mark("safe", DEPT_HEAD, met=False))
    story.did(GENERAL_MANAGER, approve("boss"))
    story.did(DEPT_HEAD, approve("clerk"))
    refused = story.when(override(*WAIVABLE, ("condition_not_met", "safe"))).refused(
        "blocker_not_waivable"
    )
    assert [one["subject"] for one in refused.blockers] == ["safe"]


@pytest.mark.parametrize(
    "broken",
    [
        {"waive": [], "reason": REASON},
        {"waive": [{"code": "actual_missing", "subject": "first"}], "reason": "太短"},
        {"waive": [{"code": "actual_missing"}], "reason": REASON},
    ],
)
def test_an_override_needs_a_reason_of_twenty_characters_and_names(broken: Any) -> None:
    with pytest.raises(ValidationError):
        Override.model_validate(broken)


def test_a_refused_override_is_no_fact() -> None:
    story = almost()
    before = len(story.told)
    story.do(MARKETER, override(*WAIVABLE, caller=MARKETER))
    assert len(story.told) == before


def test_an_override_leads_where_it_is_asked_to() -> None:
    story = almost()
    waive = [{"code": code, "subject": subject} for code, subject in WAIVABLE]
    asked = advance(GENERAL_MANAGER, to_stage="big", override={"waive": waive, "reason": REASON})
    story.when(asked).refused("exit_closed")
