"""Commands on requirements."""

from uuid import UUID

import pytest

from genjin.projects.events import ProjectClosed
from genjin.requirements.events import (
    RequirementAmended,
    RequirementCaptured,
    RequirementConfirmed,
    RequirementPrioritised,
)
from genjin_api.acting import Caller
from genjin_api.requirements import decider
from tests.specification import (
    A_PROJECT,
    MARKETER,
    MOMENT,
    OUTSIDER,
    TODAY,
    TOMORROW,
    given,
)
from tests.stages.telling import Decide

ID = UUID(int=0xDD)
CAPTURED = RequirementCaptured(
    requirement_id=ID, title="处理能力", text="日处理二十万吨", requested_by="王工"
)
CONFIRMED = RequirementConfirmed(
    requirement_id=ID, confirmed_by="王工", confirmed_on=TODAY, evidence="会议纪要"
)
CLOSED = ProjectClosed(outcome="lost", reason_code="price", reason="", receipt=None)


def capture(caller: Caller = MARKETER) -> Decide:
    command = decider.CaptureRequirement(
        title="处理能力", text="日处理二十万吨", requested_by="王工"
    )
    return lambda project: decider.capture(project, command, ID, caller)


def edit(caller: Caller = MARKETER, **words: str) -> Decide:
    command = decider.EditRequirement.model_validate(words)
    return lambda project: decider.edit(project, ID, command, caller)


def confirm(confirmed_on: str = TODAY.isoformat(), caller: Caller = MARKETER) -> Decide:
    command = decider.ConfirmRequirement.model_validate(
        {"confirmed_by": "王工", "confirmed_on": confirmed_on, "evidence": "会议纪要"}
    )
    return lambda project: decider.confirm(project, ID, command, caller, MOMENT)


def test_a_requirement_is_captured_in_the_words_of_who_asked_for_it() -> None:
    given(A_PROJECT).when(capture()).then(CAPTURED)


def test_words_are_amended_and_priorities_set_each_as_a_fact_of_its_own() -> None:
    story = given(A_PROJECT, CAPTURED)
    story.when(edit(text="日处理三十万吨", priority="key")).then(
        RequirementAmended(requirement_id=ID, title="处理能力", text="日处理三十万吨"),
        RequirementPrioritised(requirement_id=ID, priority="key"),
    )
    story.when(edit(text="日处理二十万吨")).then_nothing()


def test_confirmed_words_stand_while_their_priority_may_change() -> None:
    story = given(A_PROJECT, CAPTURED, CONFIRMED)
    story.when(edit(text="日处理三十万吨")).refused("requirement_confirmed")
    story.when(edit(priority="minor")).then(
        RequirementPrioritised(requirement_id=ID, priority="minor")
    )
    story.did(MARKETER, edit(priority="minor"))
    story.when(edit(priority="minor")).then_nothing()


def test_the_customer_confirms_once_and_not_in_the_future() -> None:
    story = given(A_PROJECT, CAPTURED)
    story.when(confirm(TOMORROW.isoformat())).refused("field_invalid", "/confirmed_on")
    story.when(confirm()).then(CONFIRMED)
    story.did(MARKETER, confirm())
    story.when(confirm()).refused("requirement_confirmed")


@pytest.mark.parametrize("decide", [edit(priority="key"), confirm()])
def test_a_requirement_that_nobody_captured_is_not_found(decide: Decide) -> None:
    given(A_PROJECT).when(decide).refused("not_found")


@pytest.mark.parametrize("decide", [capture(), edit(priority="key"), confirm()])
def test_a_closed_project_takes_no_requirements(decide: Decide) -> None:
    given(A_PROJECT, CAPTURED, CLOSED).when(decide).refused("project_closed")


@pytest.mark.parametrize(
    "decide", [capture(OUTSIDER), edit(OUTSIDER, priority="key"), confirm(caller=OUTSIDER)]
)
def test_who_holds_no_role_leaves_requirements_alone(decide: Decide) -> None:
    given(A_PROJECT, CAPTURED).when(decide).refused("role_not_allowed")
