"""Commands on documents: attach a file that was uploaded, withdraw."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from genjin.documents.events import DocumentAttached, DocumentWithdrawn
from genjin.templates.model import Template
from genjin_api.acting import Caller, Decided, Decision
from genjin_api.documents.naming import SHA256, FileName, MediaType
from genjin_api.fields import Command, Count, Key, Line, Prose, example
from genjin_api.forms.state import form_key
from genjin_api.projects.access import (
    acting_role,
    refuse_if_closed,
    refuse_outsider,
    refuse_unless_named,
)
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, field_refusal, not_found

# In one project, those that were withdrawn too: they are all in its state.
DOCUMENTS_MAX = 300


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file whose content is kept. size is in bytes; media_type is what it was first said to be."""

    sha256: str
    size: int
    media_type: str


class AttachDocument(Command):
    """The file is named by its hash, as its upload was answered. `document` is one of the template's kinds of
    documents; `form` and `copy_number` name a form of the project that it belongs to.
    """

    model_config = example(
        sha256="2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
        title="设计院技术协议（盖章版）",
        file_name="技术协议.pdf",
    )

    sha256: Annotated[str, StringConstraints(pattern=SHA256)]
    title: Line
    file_name: FileName
    document: Key | None = None
    form: Key | None = None
    copy_number: Count | None = None
    media_type: MediaType | None = None


class WithdrawDocument(Command):
    model_config = example(reason="扫描不全，已重新上传")

    reason: Prose


def attach(
    project: Project,
    template: Template,
    command: AttachDocument,
    document_id: UUID,
    file: StoredFile | None,
    caller: Caller,
) -> Decision:
    """file is what is kept under the command's hash in the caller's workspace."""
    if refusal := refuse_if_closed(project) or _refuse_person(
        project, template, command.form, caller
    ):
        return refusal
    if len(project.documents) >= DOCUMENTS_MAX:
        return Refusal("too_many_documents", f"the project has {DOCUMENTS_MAX} documents")
    kinds = [kind.key for kind in template.documents]
    if command.document is not None and command.document not in kinds:
        rule = f"must be one of {', '.join(kinds)}" if kinds else "the template has no kinds"
        return field_refusal("field_invalid", "/document", rule)
    if refusal := _refuse_form(project, command):
        return refusal
    if file is None:
        detail = "no file with this hash was uploaded: upload it first"
        return field_refusal("file_unknown", "/sha256", detail)
    fact = DocumentAttached(
        document_id=document_id,
        document=command.document,
        form=command.form,
        copy_number=_copy_number(command),
        title=command.title,
        file_name=command.file_name,
        media_type=command.media_type or file.media_type,
        size=file.size,
        sha256=file.sha256,
    )
    return Decided([fact], acting_role(project, caller))


def withdraw(
    project: Project,
    template: Template,
    document_id: UUID,
    command: WithdrawDocument,
    caller: Caller,
) -> Decision:
    document = project.documents.get(str(document_id))
    if document is None:
        return not_found("document", document_id)
    if refusal := refuse_if_closed(project) or _refuse_person(
        project, template, document.form, caller
    ):
        return refusal
    if document.status == "withdrawn":
        return Refusal("document_withdrawn", "the document was withdrawn")
    fact = DocumentWithdrawn(document_id=document_id, reason=command.reason)
    return Decided([fact], acting_role(project, caller))


def _refuse_person(
    project: Project, template: Template, form: str | None, caller: Caller
) -> Refusal | None:
    """What belongs to a form is of those who fill it in."""
    if spec := template.forms.get(form or ""):
        return refuse_unless_named(project, template, caller, spec.by)
    return refuse_outsider(project, caller)


def _copy_number(command: AttachDocument) -> int | None:
    """The first copy where none is named."""
    if command.form is None or command.copy_number is not None:
        return command.copy_number
    return 1


def _refuse_form(project: Project, command: AttachDocument) -> Refusal | None:
    if command.form is None:
        if command.copy_number is None:
            return None
        return field_refusal("field_invalid", "/copy_number", "belongs to form")
    number = _copy_number(command)
    assert number is not None
    if form_key(command.form, number) not in project.forms:
        detail = f"the project has no copy {number} of the form {command.form}"
        return field_refusal("field_invalid", "/form", detail)
    return None
