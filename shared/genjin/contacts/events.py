"""Facts of a person of an account (stream contact-<id>). Who the person is, is sealed: values holds a sealed text for
each detail (genjin.subjects.sealed_values), at the places of subjects, under the key of the contact's subject.
"""

from typing import Any, ClassVar
from uuid import UUID

from genjin.event import Fact
from genjin.forms.telling import ToldByForm


class ContactCreated(Fact):
    """The same subject in a form, or in another contact, is the same person: one erasure erases all."""

    type: ClassVar[str] = "contact.created"
    account_id: UUID
    subject_id: UUID
    values: dict[str, Any]
    subjects: dict[str, tuple[str, ...]]
    restricted: bool


class ContactChanged(ToldByForm):
    """account_id as it is now; of the values those that changed, null: taken away."""

    type: ClassVar[str] = "contact.changed"
    account_id: UUID
    values: dict[str, Any]
    subjects: dict[str, tuple[str, ...]]
    restricted: bool


class ContactArchived(Fact):
    type: ClassVar[str] = "contact.archived"
    reason: str


class ContactRestored(Fact):
    type: ClassVar[str] = "contact.restored"
    reason: str


class ContactErased(Fact):
    """Its subject was erased: the key is gone, and the values are empty now."""

    type: ClassVar[str] = "contact.erased"
    subject_id: UUID


ContactFact = ContactCreated | ContactChanged | ContactArchived | ContactRestored | ContactErased
