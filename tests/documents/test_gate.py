"""A gate that asks for a document."""

import copy
from typing import Any
from uuid import UUID

from genjin.documents.events import DocumentWithdrawn
from genjin.stages.events import StageAdvanced, StageEntered, StageReturned
from genjin.templates.model import Template
from genjin_api.stages.gate import gate
from genjin_api.stages.gate.check import Check
from tests.documents.test_decider import ATTACHED
from tests.specification import MARKETER, MOMENT, Story
from tests.stages.rich_telling import begun
from tests.templates.rich import BODY, rich_with
from tests.templates.test_model import text, titled

CONTRACT = ATTACHED.model_copy(update={"document": "contract"})
OFFER = ATTACHED.model_copy(update={"document": "offer", "document_id": UUID(int=0xE1)})
IN_THE_WAY = ("document_missing", "signed")


def asking(*, each_visit: bool = False) -> Template:
    stages: list[dict[str, Any]] = copy.deepcopy(BODY["stages"])
    condition = {"key": "signed", "kind": "document", "document": "contract", "text": text("c")}
    stages[0]["parts"][0]["conditions"] = [condition | {"each_visit": each_visit}]
    return rich_with(stages=stages, documents=titled("contract", "offer"))


def check_of(story: Story, template: Template) -> Check:
    [check] = [
        one for one in gate(story.now, template, MOMENT).checks if one.code == "document_missing"
    ]
    return check


def attached() -> Story:
    story = begun(asking())
    story.tell(MARKETER, [CONTRACT])
    return story


def test_the_gate_waits_for_a_document_of_the_kind() -> None:
    story = begun(asking())
    story.tell(MARKETER, [OFFER])
    check = check_of(story, asking())
    assert (check.passed, check.subject) == (False, "signed")
    assert check.value == {"document": "contract", "attached": 0}
    story.tell(MARKETER, [CONTRACT])
    assert check_of(story, asking()).passed


def test_the_receipt_rests_on_the_events_that_attached_it() -> None:
    story = attached()
    _, stamp = story.told[-1]
    assert check_of(story, asking()).events == (stamp.event_id,)


def test_a_withdrawn_document_no_longer_counts_and_the_check_names_its_withdrawal() -> None:
    story = attached()
    story.tell(MARKETER, [DocumentWithdrawn(document_id=CONTRACT.document_id, reason="作废")])
    check = check_of(story, asking())
    assert check.events == tuple(stamp.event_id for _, stamp in story.told[-2:])
    assert not check.passed


def come_back(story: Story) -> None:
    """To the first stage, in its second visit."""
    receipt: dict[str, Any] = {}
    advanced = StageAdvanced(stage="first", visit=1, to_stage="small", receipt=receipt)
    entered = StageEntered(stage="small", visit=1, from_stage="first")
    returned = StageReturned(stage="small", visit=1, to_stage="first", reason="重谈")
    again = StageEntered(stage="first", visit=2, from_stage="small")
    story.tell(MARKETER, [advanced, entered, returned, again])


def test_each_visit_asks_for_a_document_of_its_own() -> None:
    story = attached()
    come_back(story)
    assert check_of(story, asking()).passed
    assert not check_of(story, asking(each_visit=True)).passed
    story.tell(MARKETER, [CONTRACT.model_copy(update={"document_id": UUID(int=0xE2)})])
    assert check_of(story, asking(each_visit=True)).passed
