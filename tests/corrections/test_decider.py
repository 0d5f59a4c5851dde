"""Corrections: a wrong fact is named by a new one, and what rested on it is marked."""

from typing import Any
from uuid import UUID

import pytest

from genjin.catalog import FACTS
from genjin.corrections.events import EntryCorrected, ReceiptReference
from genjin.event import Fact, Stamp
from genjin.projects.events import ProjectClosed, RoleReleased
from genjin.stages.events import (
    ActualRecorded,
    ConditionMarked,
    GateOverridden,
    StageAdvanced,
    StageJudged,
)
from genjin_api.acting import Caller
from genjin_api.corrections import decider
from genjin_api.corrections.decider import NOT_CORRECTABLE, CorrectEntry, Entry
from genjin_api.projects.projection import card
from tests.specification import (
    A_PROJECT,
    DEPT_HEAD,
    GENERAL_MANAGER,
    MARKETER,
    OUTSIDER,
    OWNER,
    Story,
    given,
)
from tests.stages.rich_histories import random_rich_story
from tests.stages.telling import Decide, blockers, judge_all, pass_gate, ready, record

RIGHT: dict[str, Any] = {"reason": "会议纪要日期抄错", "note": "会议在3月6日举行"}


def entry_of(story: Story, kind: type) -> Entry:
    """The newest event of a kind."""
    fact, stamp = next(told for told in reversed(story.told) if isinstance(told[0], kind))
    return _entry(fact, stamp)


def _entry(fact: Fact, stamp: Stamp) -> Entry:
    role = stamp.actor.role
    return Entry(stamp.event_id, fact.type, stamp.actor.id, role, fact.model_dump(mode="json"))


def correct(entry: Entry | None, caller: Caller = MARKETER) -> Decide:
    command = CorrectEntry(event_id=entry.id if entry else UUID(int=99), **RIGHT)
    return lambda project: decider.correct(project, command, entry, caller)


def recorded() -> Story:
    story = given(A_PROJECT)
    story.did(MARKETER, record())
    return story


def test_a_correction_names_the_wrong_event_and_raises_the_facts() -> None:
    story = recorded()
    entry = entry_of(story, ActualRecorded)
    story.when(correct(entry)).then(
        EntryCorrected(
            event_id=entry.id,
            event_type="stage.actual_recorded",
            **RIGHT,
            receipts=(),
            facts_version=2,
        )
    )


def test_what_was_corrected_stands_as_it_was_written() -> None:
    story = recorded()
    before = story.now.course.current.actual
    story.did(MARKETER, correct(entry_of(story, ActualRecorded)))
    assert story.now.course.current.actual == before


def test_judgements_given_before_a_correction_are_stale() -> None:
    story = ready()
    assert blockers(story) == set()
    story.did(MARKETER, correct(entry_of(story, ConditionMarked)))
    stale = {("judgement_stale", role) for role in story.now.course.current.judgements}
    assert blockers(story) == stale
    judge_all(story)
    assert blockers(story) == set()


def test_the_receipt_that_rests_on_a_corrected_event_is_marked() -> None:
    story = given(A_PROJECT)
    pass_gate(story)
    entry = entry_of(story, ConditionMarked)
    story.did(MARKETER, correct(entry))
    correction, stamp = story.told[-1]
    assert isinstance(correction, EntryCorrected)
    assert correction.receipts == (ReceiptReference(stage="initiation", visit=1),)
    left, current = story.now.course.visits.values()
    [basis] = left.basis_corrected
    assert (basis.corrected_event_id, basis.correction_event_id) == (entry.id, stamp.event_id)
    assert current.basis_corrected == ()
    assert card(story.now)["counts"]["corrected_receipts"] == 1


def test_a_receipt_does_not_rest_on_what_its_gate_did_not_look_at() -> None:
    """The actual situation was written twice before the gate: it rests on the second."""
    story = recorded()
    first = entry_of(story, ActualRecorded)
    pass_gate(story)
    story.did(MARKETER, correct(first))
    left, _ = story.now.course.visits.values()
    assert left.receipt is not None
    assert left.basis_corrected == ()


def test_every_receipt_is_marked_by_the_correction_of_each_event_that_it_names() -> None:
    story = random_rich_story(1, steps=60)
    receipts = {
        (visit.stage, visit.number): visit.receipt
        for visit in story.now.course.visits.values()
        if visit.receipt
    }
    assert len(receipts) > 3
    for fact, stamp in story.told:
        entry = _entry(fact, stamp)
        naming = {
            key
            for key, receipt in receipts.items()
            if any(str(entry.id) in check["events"] for check in receipt["checks"])
            or str(entry.id) in receipt.get("way_events", ())
        }
        found = decider.resting_on(story.now.course, entry)
        if fact.type != "gate.overridden":
            assert {(visit.stage, visit.number) for visit in found} == naming


def test_the_receipt_of_an_override_rests_on_it() -> None:
    story = random_rich_story(1, steps=60)
    override = entry_of(story, GateOverridden)
    [visit] = decider.resting_on(story.now.course, override)
    assert (visit.stage, visit.number) == (override.data["stage"], override.data["visit"])
    assert visit.receipt is not None
    assert "override" in visit.receipt


def test_after_the_projects_end_its_receipts_are_marked_and_nothing_turns_stale() -> None:
    story = given(A_PROJECT)
    pass_gate(story)
    story.tell(
        MARKETER, [ProjectClosed(outcome="lost", reason_code="price", reason="", receipt=None)]
    )
    before = story.now.course.current.facts_version
    story.did(MARKETER, correct(entry_of(story, ConditionMarked)))
    assert story.now.course.current.facts_version == before
    assert card(story.now)["counts"]["corrected_receipts"] == 1


@pytest.mark.parametrize("caller", [MARKETER, OWNER], ids=["author", "owner"])
def test_its_author_and_the_workspaces_owner_may_correct_an_event(caller: Caller) -> None:
    story = recorded()
    story.did(caller, correct(entry_of(story, ActualRecorded), caller))


def test_another_holder_of_the_same_role_may_correct_an_event() -> None:
    story = ready()
    judged = entry_of(story, StageJudged)
    assert judged.actor_role == "general_manager"
    story.when(correct(judged, DEPT_HEAD)).refused("correction_refused", "/event_id")
    released = RoleReleased(role="dept_head", person_id=DEPT_HEAD.person_id, reason="调岗")
    story.tell(MARKETER, [released])
    by_marketer = Entry(judged.id, judged.type, OUTSIDER.person_id, "general_manager", judged.data)
    story.when(correct(by_marketer, GENERAL_MANAGER)).then(
        EntryCorrected(
            event_id=judged.id,
            event_type="stage.judged",
            **RIGHT,
            receipts=(),
            facts_version=story.now.course.current.facts_version + 1,
        ),
        role="general_manager",
    )


def test_nobody_else_may_correct_an_event() -> None:
    story = recorded()
    for caller in (DEPT_HEAD, OUTSIDER):
        refusal = story.when(correct(entry_of(story, ActualRecorded), caller))
        refusal.refused("correction_refused", "/event_id")


def test_an_event_is_corrected_once_and_then_its_correction() -> None:
    story = recorded()
    entry = entry_of(story, ActualRecorded)
    story.did(MARKETER, correct(entry))
    story.when(correct(entry)).refused("correction_refused", "/event_id")
    story.did(MARKETER, correct(entry_of(story, EntryCorrected)))


def test_what_the_project_does_not_have_is_not_corrected() -> None:
    given(A_PROJECT).when(correct(None)).refused("correction_refused", "/event_id")


def test_moves_are_not_corrected() -> None:
    story = given(A_PROJECT)
    pass_gate(story)
    story.when(correct(entry_of(story, StageAdvanced))).refused("correction_refused", "/event_id")


def test_what_cannot_be_corrected_are_known_kinds() -> None:
    assert set(FACTS) > NOT_CORRECTABLE


def test_a_project_has_a_bounded_number_of_corrections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decider, "CORRECTIONS_MAX", 1)
    story = ready()
    story.did(MARKETER, correct(entry_of(story, ActualRecorded)))
    refusal = story.when(correct(entry_of(story, ConditionMarked)))
    refusal.refused("correction_refused", "/event_id")
