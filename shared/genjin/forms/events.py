"""Facts of a project's attached forms. copy counts the copies of a repeatable form from 1; other forms have copy 1.

facts_version is set where judgements of the current visit rest on the form: its stage carries it, or somebody had
judged or approved already and the form is of an earlier stage, or of none; else null. Drafts leave it alone.

restricted forms hold personal data of customers' staff. The values at the places that subjects names, by subject id,
are sealed under that subject's key (genjin.subjects.sealed_values); own_subject is the subject of whatever the client
named nobody for. Before schema_version 2 nothing was sealed. payloads.py keeps restricted values inside, sealed or not.
"""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from genjin.event import Fact, Upcast


def _nothing_sealed(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "subjects": {}, "own_subject": None}


_UPCASTS: Mapping[int, Upcast] = {1: _nothing_sealed}


class FormDrafted(Fact):
    """A draft was saved: the values may still break the form's schema. Opens the form where there was none."""

    type: ClassVar[str] = "form.drafted"
    schema_version: ClassVar[int] = 2
    upcasts: ClassVar[Mapping[int, Upcast]] = _UPCASTS
    form: str
    copy_number: int
    revision: int
    values: dict[str, Any]
    restricted: bool
    subjects: dict[str, tuple[str, ...]]
    own_subject: UUID | None


class FormCompleted(Fact):
    """Values that satisfy the schema."""

    type: ClassVar[str] = "form.completed"
    schema_version: ClassVar[int] = 2
    upcasts: ClassVar[Mapping[int, Upcast]] = _UPCASTS
    form: str
    copy_number: int
    revision: int
    values: dict[str, Any]
    restricted: bool
    subjects: dict[str, tuple[str, ...]]
    own_subject: UUID | None
    facts_version: int | None


class FormSigned(Fact):
    """A signature on one revision, by the holder of one role. documents: what was signed with it, content hashes
    (SHA-256, in hexadecimal) by document id: those that the values link to, and those attached to this copy of the
    form.
    """

    type: ClassVar[str] = "form.signed"
    form: str
    copy_number: int
    revision: int
    role: str
    documents: dict[str, str] = Field(default={})


class FormRevised(Fact):
    """A new revision after the form had been completed or signed; it carries no signature yet. change_id: the approved
    change request that it carries out, where one was named.
    """

    type: ClassVar[str] = "form.revised"
    schema_version: ClassVar[int] = 2
    upcasts: ClassVar[Mapping[int, Upcast]] = _UPCASTS
    form: str
    copy_number: int
    revision: int
    values: dict[str, Any]
    complete: bool
    reason: str
    restricted: bool
    facts_version: int | None
    subjects: dict[str, tuple[str, ...]]
    own_subject: UUID | None
    change_id: UUID | None = None


class FormErased(Fact):
    """A subject was erased, and what this form held of it with it: its key is gone, and its places are empty now. It is
    no new revision: signatures and judgements stand.
    """

    type: ClassVar[str] = "form.erased"
    form: str
    copy_number: int
    subject_id: UUID


FormFact = FormDrafted | FormCompleted | FormSigned | FormRevised | FormErased
