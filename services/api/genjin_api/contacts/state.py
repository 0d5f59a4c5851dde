"""A contact as it stands after its events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, assert_never
from uuid import UUID

from genjin.contacts.events import (
    ContactArchived,
    ContactChanged,
    ContactCreated,
    ContactErased,
    ContactFact,
    ContactRestored,
)
from genjin.event import Stamp
from genjin.subjects.sealed_values import clear_places
from genjin_api.forms.provenance import Provenance, stand_behind
from genjin_api.replacing import replace


@dataclass(frozen=True)  # no slots: replaced with every event
class Contact:
    """A person of an account. values are sealed at the places of subjects, null where the person was erased;
    subjects/disclosure.py opens them. from_forms are the values that forms stand behind, each with one; what stands
    without one was said by hand.
    """

    id: UUID
    account_id: UUID
    subject_id: UUID
    values: Mapping[str, Any]
    subjects: Mapping[str, tuple[str, ...]]
    created_at: datetime
    created_by: UUID
    updated_at: datetime
    version: int
    restricted: bool = True
    status: Literal["active", "archived"] = "active"
    archiving_reason: str = ""
    from_forms: Provenance = ()


def places_of_person(subject_id: UUID, values: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Where a person's data stands in values that are about this person alone."""
    places = tuple(f"/{name}" for name in sorted(values))
    return {str(subject_id): places} if places else {}


def evolve(contact: Contact | None, fact: ContactFact, stamp: Stamp) -> Contact:
    if isinstance(fact, ContactCreated):
        return Contact(
            id=stamp.stream_id,
            account_id=fact.account_id,
            subject_id=fact.subject_id,
            values=fact.values,
            subjects=fact.subjects,
            created_at=stamp.occurred_at,
            created_by=stamp.actor.id,
            updated_at=stamp.occurred_at,
            version=stamp.version,
        )
    assert contact is not None, "a stream begins with contact.created"
    updated_at = max(contact.updated_at, stamp.occurred_at)
    return replace(_changed(contact, fact), version=stamp.version, updated_at=updated_at)


def _changed(
    contact: Contact, fact: ContactChanged | ContactArchived | ContactRestored | ContactErased
) -> Contact:
    match fact:
        case ContactChanged():
            merged = {**contact.values, **fact.values}
            values = {name: value for name, value in merged.items() if value is not None}
            subjects = places_of_person(contact.subject_id, values)
            return replace(
                contact,
                account_id=fact.account_id,
                values=values,
                subjects=subjects,
                from_forms=stand_behind(contact.from_forms, fact.values, fact),
            )
        case ContactArchived():
            return replace(contact, status="archived", archiving_reason=fact.reason)
        case ContactRestored():
            return replace(contact, status="active", archiving_reason="")
        case ContactErased():
            places = contact.subjects.get(str(fact.subject_id), ())
            return replace(contact, values=clear_places(contact.values, places), from_forms=())
        case _:
            assert_never(fact)
