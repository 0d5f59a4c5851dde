"""Commands on documents: an uploaded file is attached, with its kind and its form, and withdrawn."""

from typing import Any
from uuid import UUID

import pytest

from genjin.documents.events import DocumentAttached, DocumentWithdrawn
from genjin.templates.model import Template
from genjin_api.acting import Caller
from genjin_api.documents import decider
from genjin_api.documents.decider import StoredFile
from tests.requirements.test_decider import CLOSED
from tests.specification import A_PROJECT, DEPT_HEAD, MARKETER, OUTSIDER, TEMPLATE, by, given
from tests.stages.telling import Decide, save

ID = UUID(int=0xE0)
FILE = StoredFile("ab" * 32, 1234, "application/pdf")
ATTACHED = DocumentAttached(
    document_id=ID,
    document=None,
    form=None,
    copy_number=None,
    title="技术协议",
    file_name="协议.pdf",
    media_type="application/pdf",
    size=1234,
    sha256=FILE.sha256,
)
WITHDRAWN = DocumentWithdrawn(document_id=ID, reason="扫描不全")
KINDS = [{"key": "agreement", "title": {"zh": "技术协议", "en": "Agreement"}}]
WITH_KINDS = Template.model_validate(TEMPLATE.model_dump(by_alias=True) | {"documents": KINDS})


def attach(
    caller: Caller = MARKETER,
    file: StoredFile | None = FILE,
    template: Template = TEMPLATE,
    **more: Any,
) -> Decide:
    said = {"sha256": FILE.sha256, "title": "技术协议", "file_name": "协议.pdf", **more}
    command = decider.AttachDocument.model_validate(said)
    return lambda project: decider.attach(project, template, command, ID, file, caller)


def withdraw(caller: Caller = MARKETER) -> Decide:
    command = decider.WithdrawDocument(reason=WITHDRAWN.reason)
    return lambda project: decider.withdraw(project, TEMPLATE, ID, command, caller)


def test_a_file_is_attached_with_its_hash_and_size() -> None:
    given(A_PROJECT).when(attach()).then(ATTACHED)


def test_a_document_may_be_said_to_be_of_another_media_type_than_its_file() -> None:
    fact = ATTACHED.model_copy(update={"media_type": "text/plain; charset=gbk"})
    given(A_PROJECT).when(attach(media_type=fact.media_type)).then(fact)


def test_a_document_is_of_a_kind_of_the_template() -> None:
    fact = ATTACHED.model_copy(update={"document": "agreement"})
    given(A_PROJECT).when(attach(template=WITH_KINDS, document="agreement")).then(fact)
    refused = given(A_PROJECT).when(attach(template=WITH_KINDS, document="x"))
    assert "agreement" in refused.refused("field_invalid", "/document").detail
    given(A_PROJECT).when(attach(document="agreement")).refused("field_invalid", "/document")


def test_a_document_belongs_to_a_form_that_the_project_has() -> None:
    form = next(iter(TEMPLATE.forms))
    story = given(A_PROJECT)
    story.when(attach(form=form)).refused("field_invalid", "/form")
    story.did(MARKETER, save(form))
    fact = ATTACHED.model_copy(update={"form": form, "copy_number": 1})
    story.when(attach(form=form)).then(fact)
    story.when(attach(form=form, copy_number=2)).refused("field_invalid", "/form")
    story.when(attach(copy_number=1)).refused("field_invalid", "/copy_number")


def test_what_was_not_uploaded_cannot_be_attached() -> None:
    given(A_PROJECT).when(attach(file=None)).refused("file_unknown", "/sha256")


def test_a_withdrawn_document_stays_with_its_reason() -> None:
    story = given(A_PROJECT, ATTACHED)
    story.when(withdraw()).then(WITHDRAWN)
    story.did(DEPT_HEAD, withdraw(DEPT_HEAD))
    [document] = story.now.documents.values()
    assert (document.status, document.withdrawal_reason) == ("withdrawn", "扫描不全")
    assert (document.attached_by, document.withdrawn_by) == (
        MARKETER.person_id,
        DEPT_HEAD.person_id,
    )
    assert document.sha256 == FILE.sha256
    story.when(withdraw()).refused("document_withdrawn")


@pytest.mark.parametrize("decide", [attach, withdraw], ids=["attach", "withdraw"])
def test_only_holders_of_a_role_touch_the_documents_of_an_open_project(decide: Any) -> None:
    story = given(A_PROJECT, by(MARKETER, ATTACHED))
    story.when(decide(OUTSIDER)).refused("role_not_allowed")
    given(A_PROJECT, ATTACHED, CLOSED).when(decide()).refused("project_closed")


def test_a_document_that_is_not_there_is_not_found() -> None:
    given(A_PROJECT).when(withdraw()).refused("not_found")


def test_a_project_has_so_many_documents_and_no_more() -> None:
    story = given(A_PROJECT)
    for number in range(decider.DOCUMENTS_MAX):
        fact = ATTACHED.model_copy(update={"document_id": UUID(int=0x1000 + number)})
        story.tell(MARKETER, [fact])
    story.when(attach()).refused("too_many_documents")
