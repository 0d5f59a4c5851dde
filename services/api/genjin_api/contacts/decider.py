"""Commands on contacts: create, change, archive, restore. Who a contact is goes to the log sealed."""

from collections.abc import Collection, Mapping
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from genjin.contacts.events import (
    ContactArchived,
    ContactChanged,
    ContactCreated,
    ContactErased,
    ContactRestored,
)
from genjin.subjects.contexts import contact_context
from genjin.subjects.sealed_values import seal_places
from genjin_api.acting import Decided, Decision, Unsealed
from genjin_api.contacts.state import Contact, places_of_person
from genjin_api.fields import Command, Day, Line, OptionalProse, Prose, example
from genjin_api.forms.provenance import FormRevision, hear, is_a_forms
from genjin_api.refusal import Refusal, field_refusal

Phone = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=32)]
Email = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")
]


class ContactDetails(Command):
    """The details of the form 联系人基本信息表 that are the person's, whatever the project."""

    name: Line | None = None
    department: Line | None = None
    post: Line | None = None
    phone: Phone | None = None
    email: Email | None = None
    birthday: Day | None = None
    education: Line | None = None
    preferences: OptionalProse | None = None
    note: OptionalProse | None = None


class CreateContact(ContactDetails):
    model_config = example(
        account_id="019ab0c2-7c1e-7d3a-9a51-3f0c6a2b4e12",
        name="王建华",
        department="设备科",
        post="科长",
        phone="13800000000",
    )

    account_id: UUID
    name: Line
    subject_id: UUID | None = Field(
        None,
        description="an id of yours for the person, the same as in forms and other contacts of the same person;"
        " default: the contact's own",
    )


class ChangeContact(ContactDetails):
    """A JSON merge patch: null takes a detail away. account_id moves the contact to another account."""

    model_config = example(post="副处长", phone=None)

    account_id: UUID | None = None


class ArchiveContact(Command):
    """Do not name the person in the reason: it stays."""

    model_config = example(reason="已调离")

    reason: Prose


class RestoreContact(Command):
    model_config = example(reason="调回原岗位")

    reason: Prose


def create(command: CreateContact, contact_id: UUID) -> Decision:
    subject_id = command.subject_id or contact_id
    values = {name: value for name, value in details_of(command).items() if value is not None}
    subjects = places_of_person(subject_id, values)

    def seal(keys: Mapping[str, bytes]) -> Decided:
        fact = ContactCreated(
            account_id=command.account_id,
            subject_id=subject_id,
            values=seal_places(values, subjects, keys, contact_context(contact_id)),
            subjects=subjects,
            restricted=True,
        )
        return Decided([fact])

    return Unsealed(subjects.keys(), seal)


def change(contact: Contact, command: ChangeContact) -> Decision:
    """By hand. Values that are saved again unchanged are sealed to the same text, and are no change but where forms
    stood behind them: they are the hand's now.
    """
    if contact.status == "archived":
        return Refusal("contact_archived", "the contact is archived: restore it first")
    given = details_of(command)
    if "name" in given and given["name"] is None:
        return field_refusal("field_invalid", "/name", "a contact has a name")
    account_id = command.account_id or contact.account_id
    set_ = {name: value for name, value in given.items() if value is not None}
    gone = {name: None for name in given if name not in set_ and name in contact.values}
    subjects = places_of_person(contact.subject_id, set_)

    def seal(keys: Mapping[str, bytes]) -> Decided:
        sealed = seal_places(set_, subjects, keys, contact_context(contact.id))
        new = {
            name: text
            for name, text in sealed.items()
            if contact.values.get(name) != text or is_a_forms(contact.from_forms, name)
        }
        if not new and not gone and account_id == contact.account_id:
            return Decided([])
        fact = ContactChanged(
            account_id=account_id,
            values={**new, **gone},
            subjects=places_of_person(contact.subject_id, new),
            restricted=True,
        )
        return Decided([fact])

    return Unsealed(subjects.keys(), seal)


def tell(
    contact: Contact | None,
    said: Collection[str],
    new: Mapping[str, Any],
    form: FormRevision,
    keys: Mapping[str, bytes],
) -> Decided:
    """What a form says of a contact. said: the names of all that it says of it; new: what it did not say of this one
    before. keys has the subject's where there is something new. A contact keeps its name, and stays as it is where it
    is archived.
    """
    if contact is None or contact.status == "archived":
        return Decided([])
    places = places_of_person(contact.subject_id, new)
    sealed = seal_places(new, places, keys, contact_context(contact.id))
    heard = hear(contact.values, contact.from_forms, form, {*said, "name"}, sealed)
    if not heard.is_news:
        return Decided([])
    set_ = {name: text for name, text in heard.details.items() if text is not None}
    fact = ContactChanged(
        account_id=contact.account_id,
        values=dict(heard.details),
        subjects=places_of_person(contact.subject_id, set_),
        restricted=True,
        project_id=form.project_id,
        form=form.form,
        revision=form.revision,
        form_details=tuple(sorted(heard.behind)),
    )
    return Decided([fact])


def archive(contact: Contact, command: ArchiveContact) -> Decision:
    """Archiving twice is archiving once, and so with restoring."""
    active = contact.status == "active"
    return Decided([ContactArchived(reason=command.reason)] if active else [])


def restore(contact: Contact, command: RestoreContact) -> Decision:
    archived = contact.status == "archived"
    return Decided([ContactRestored(reason=command.reason)] if archived else [])


def clear(contact: Contact, subject_id: UUID) -> Decision:
    """Empty what a contact holds of an erased subject; nothing where that was done before."""
    holds = contact.subject_id == subject_id and any(
        value is not None for value in contact.values.values()
    )
    return Decided([ContactErased(subject_id=subject_id)] if holds else [])


def details_of(command: ContactDetails) -> dict[str, Any]:
    """Those that were said, null too; an empty text says null."""
    names = ContactDetails.model_fields.keys() - Command.model_fields.keys()
    said = command.model_dump(mode="json", include=names & command.model_fields_set)
    return {name: said[name] or None for name in sorted(said)}
