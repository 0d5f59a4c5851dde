"""A project's attached forms as they stand after its events, each at its newest revision."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, assert_never
from uuid import UUID

from genjin.event import Stamp
from genjin.forms.events import FormCompleted, FormDrafted, FormFact, FormRevised, FormSigned


@dataclass(frozen=True, slots=True)
class Signature:
    """event_id is the event that a gate receipt rests on."""

    role: str
    person_id: UUID
    person_name: str
    signed_at: datetime
    event_id: UUID


@dataclass(frozen=True, slots=True)
class FormRecord:
    """One copy of a form. saved_by is the event that a gate receipt rests on; signatures are of this revision alone."""

    form: str
    copy_number: int
    revision: int
    state: Literal["draft", "complete"]
    values: Mapping[str, Any]
    saved_at: datetime
    saved_by: UUID
    restricted: bool
    signatures: Mapping[str, Signature]

    def is_signed(self, roles: tuple[str, ...]) -> bool:
        return all(role in self.signatures for role in roles)

    def rests_on(self) -> tuple[UUID, ...]:
        """The events that made this revision what it is: its saving, then its signatures."""
        return (self.saved_by, *(signature.event_id for signature in self.signatures.values()))


Forms = Mapping[str, FormRecord]


def form_key(form: str, copy_number: int) -> str:
    return f"{form}:{copy_number}"


def copies(forms: Forms, form: str) -> list[FormRecord]:
    return [record for record in forms.values() if record.form == form]


def evolve(forms: Forms, fact: FormFact, stamp: Stamp) -> Forms:
    key = form_key(fact.form, fact.copy_number)
    match fact:
        case FormSigned():
            signature = Signature(
                fact.role, stamp.actor.id, stamp.actor.name, stamp.occurred_at, stamp.event_id
            )
            now = replace(forms[key], signatures={**forms[key].signatures, fact.role: signature})
        case FormDrafted():
            now = _saved(fact, stamp, complete=False)
        case FormCompleted():
            now = _saved(fact, stamp, complete=True)
        case FormRevised():
            now = _saved(fact, stamp, complete=fact.complete)
        case _:
            assert_never(fact)
    return {**forms, key: now}


def _saved(
    fact: FormDrafted | FormCompleted | FormRevised, stamp: Stamp, *, complete: bool
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
    )
