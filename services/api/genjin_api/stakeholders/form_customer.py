"""What a complete form says of the customer beyond one project: of the account, and of the contacts themselves.

Both have streams of their own, so it is told there, in the form's commit. What the revision until now said, and this
one does not, is taken back there, where it still stands.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from genjin.templates.binding import FormBinding
from genjin_api.accounts import decider as accounts
from genjin_api.accounts.projection import ACCOUNT
from genjin_api.accounts.state import Account
from genjin_api.acting import Decided, Moment
from genjin_api.action import Consequence
from genjin_api.contacts import decider as contacts
from genjin_api.contacts.projection import CONTACT
from genjin_api.contacts.state import Contact
from genjin_api.forms.personal import personal_places
from genjin_api.forms.state import FormRecord
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, field_refusal, pointer
from genjin_api.stakeholders.form_facts import Told
from genjin_api.stakeholders.form_rows import subject_of
from genjin_api.stakeholders.from_forms import said_of_contact

# From the event that brings it about to what is told in another stream.
Elsewhere = Callable[[UUID], Consequence[Any]]


def told_of_account(
    project: Project,
    binding: FormBinding,
    schema: Mapping[str, Any],
    values: Mapping[str, Any],
    before: FormRecord | None,
    role: str | None,
) -> list[Elsewhere]:
    """Nothing where no account is named, or the form has nothing of one. What is personal never goes there."""
    account_id = project.account.account_id if project.account else None
    if account_id is None or not binding.account:
        return []
    said = _of_account(binding, schema, values)
    was = before.values if before is not None and before.state == "complete" else {}
    earlier = _of_account(binding, schema, was)

    def decide(account: Account | None, _moment: Moment) -> Decided | Refusal:
        try:
            command = accounts.ChangeAccount.model_validate(said)
        except ValidationError as error:
            return _refused(error, binding)
        return _in_role(accounts.tell(account, command, earlier), role)

    return [partial(_consequence, ACCOUNT, account_id, decide)]


def told_of_contacts(told: Told, keys: Mapping[str, bytes], role: str | None) -> list[Elsewhere]:
    """Of each contact that the form is about, if it has details of contacts at all. keys are the subjects'."""
    if not told.binding.contact:
        return []
    earlier = _earlier_details(told, keys)
    return [
        partial(
            _consequence,
            CONTACT,
            contact_id,
            partial(_tell_contact, said.details, earlier.get(str(subject_id), {}), keys, role),
        )
        for (contact_id, subject_id), said in told.said.items()
    ]


def _tell_contact(
    said: Mapping[str, Any],
    earlier: Mapping[str, Any],
    keys: Mapping[str, bytes],
    role: str | None,
    contact: Contact | None,
    _moment: Moment,
) -> Decided | Refusal:
    return _in_role(contacts.tell(contact, said, earlier, keys), role)


def _earlier_details(told: Told, keys: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    """By subject. What could not be a contact's detail never was one."""
    earlier: dict[str, dict[str, Any]] = {}
    subjects = told.before.subjects if told.before else {}
    for place, row in told.rows_before(keys):
        subject = subject_of(place, subjects)
        if subject is None:
            continue
        try:
            earlier.setdefault(subject, {}).update(said_of_contact(told.binding, row))
        except ValidationError:
            continue
    return earlier


def _of_account(
    binding: FormBinding, schema: Mapping[str, Any], values: Mapping[str, Any]
) -> dict[str, str]:
    """The account's details that are said in the clear; an empty text says nothing."""
    personal = personal_places(schema, values)
    said = {
        ours: text.strip()
        for theirs, ours in binding.account.items()
        if isinstance(text := values.get(theirs), str)
        and not any(f"{place}/".startswith(f"{pointer(theirs)}/") for place in personal)
    }
    return {name: text for name, text in said.items() if text}


def _refused(error: ValidationError, binding: FormBinding) -> Refusal:
    """At the form's field."""
    first = error.errors()[0]
    theirs = next((field for field, ours in binding.account.items() if ours in first["loc"]), None)
    at = pointer("values", theirs) if theirs else pointer("values")
    return field_refusal("field_invalid", at, first["msg"])


def _in_role(decision: Decided | Refusal, role: str | None) -> Decided | Refusal:
    return decision if isinstance(decision, Refusal) else Decided(decision.facts, role)


def _consequence(
    kind: Any,
    identifier: UUID,
    decide: Callable[[Any, Moment], Decided | Refusal],
    cause: UUID,
) -> Consequence[Any]:
    return Consequence(kind=kind, identifier=identifier, cause=cause, decide=decide)
