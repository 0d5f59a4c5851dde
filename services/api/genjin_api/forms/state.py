"""A project's attached forms as they stand after its events, each at its newest revision."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, assert_never
from uuid import UUID

from genjin.event import Stamp
from genjin.forms.events import (
    FormCompleted,
    FormDrafted,
    FormErased,
    FormFact,
    FormRevised,
    FormSigned,
)
from genjin.subjects.sealed_values import clear_places, value_at


@dataclass(frozen=True, slots=True)
class Signature:
    """event_id is the event that a gate receipt rests on. documents are what was signed with the values: content hashes
    by document id.
    """

    role: str
    person_id: UUID
    person_name: str
    signed_at: datetime
    event_id: UUID
    documents: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FormRecord:
    """One copy of a form. saved_by is the event that a gate receipt rests on; signatures are of this revision alone.

    values are sealed at the places of subjects; own_subject is whose they are where the client named nobody. null in a
    place of a subject: erased. disclosure.py opens them. saved_in is the visit, by its ordinal, in which this revision
    was saved, author_id by whom.
    """

    form: str
    copy_number: int
    revision: int
    state: Literal["draft", "complete"]
    values: Mapping[str, Any]
    saved_at: datetime
    saved_by: UUID
    restricted: bool
    signatures: Mapping[str, Signature]
    subjects: Mapping[str, tuple[str, ...]]
    own_subject: UUID | None
    saved_in: int
    author_id: UUID

    def is_signed(self, roles: tuple[str, ...]) -> bool:
        return all(role in self.signatures for role in roles)

    def rests_on(self) -> tuple[UUID, ...]:
        """The events that made this revision what it is: its saving, then its signatures."""
        return (self.saved_by, *(signature.event_id for signature in self.signatures.values()))


Forms = Mapping[str, FormRecord]


def form_key(form: str, copy_number: int) -> str:
    return f"{form}:{copy_number}"


def holds(record: FormRecord, subject_id: UUID) -> bool:
    """Whether values of a subject stand in a form still, sealed."""
    places = record.subjects.get(str(subject_id), ())
    return any(value_at(record.values, place) is not None for place in places)


def named_in(record: FormRecord) -> list[UUID]:
    """The persons of whom a form holds something, beside the one that is its own."""
    ids = map(UUID, record.subjects)
    return [one for one in ids if one != record.own_subject and holds(record, one)]


def copies(forms: Forms, form: str) -> list[FormRecord]:
    return [record for record in forms.values() if record.form == form]


def evolve(forms: Forms, fact: FormFact, stamp: Stamp, visit: int) -> Forms:
    """visit is the ordinal of the one in which it happens."""
    key = form_key(fact.form, fact.copy_number)
    match fact:
        case FormSigned():
            signature = Signature(
                fact.role,
                stamp.actor.id,
                stamp.actor.name,
                stamp.occurred_at,
                stamp.event_id,
                fact.documents,
            )
            now = replace(forms[key], signatures={**forms[key].signatures, fact.role: signature})
        case FormErased():
            now = _erased(forms[key], fact)
        case FormDrafted():
            now = _saved(fact, stamp, visit, complete=False)
        case FormCompleted():
            now = _saved(fact, stamp, visit, complete=True)
        case FormRevised():
            now = _saved(fact, stamp, visit, complete=fact.complete)
        case _:
            assert_never(fact)
    return {**forms, key: now}


def _saved(
    fact: FormDrafted | FormCompleted | FormRevised, stamp: Stamp, visit: int, *, complete: bool
) -> FormRecord:
    return FormRecord(
        form=fact.form,
        copy_number=fact.copy_number,
        revision=fact.revision,
        state="complete" if complete else "draft",
        values=fact.values,
        saved_at=stamp.occurred_at,
        saved_by=stamp.event_id,
        restricted=fact.restricted,
        signatures={},
        subjects=fact.subjects,
        own_subject=fact.own_subject,
        saved_in=visit,
        author_id=stamp.actor.id,
    )


def _erased(record: FormRecord, fact: FormErased) -> FormRecord:
    subject = str(fact.subject_id)
    return replace(
        record,
        values=clear_places(record.values, record.subjects.get(subject, ())),
        own_subject=None if record.own_subject == fact.subject_id else record.own_subject,
    )
