"""What a complete form says of the customer beyond one project: of the account, and of the contacts themselves.

Both have streams of their own, so it is told there, in the form's commit: what the form did not say in its newest
complete revision. Several projects and forms share them, so what a form says no more is taken from neither: whoever may
change them clears it by hand.
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
from genjin_api.forms.completed import Completed
from genjin_api.forms.personal import personal_places
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, field_refusal, pointer
from genjin_api.stakeholders.form_facts import Told

# From the event that brings it about to what is told in another stream.
Elsewhere = Callable[[UUID], Consequence[Any]]


def told_of_account(
    project: Project,
    binding: FormBinding,
    schema: Mapping[str, Any],
    values: Mapping[str, Any],
    before: Completed | None,
    role: str | None,
) -> list[Elsewhere]:
    """Nothing where no account is named, or the form has nothing of one. What is personal never goes there."""
    account_id = project.account.account_id if project.account else None
    if account_id is None or not binding.account:
        return []
    earlier = _of_account(binding, schema, before.values if before else {})
    said = {
        name: text
        for name, text in _of_account(binding, schema, values).items()
        if earlier.get(name) != text
    }
    if not said:
        return []

    def decide(account: Account | None, _moment: Moment) -> Decided | Refusal:
        try:
            command = accounts.ChangeAccount.model_validate(said)
        except ValidationError as error:
            return _refused(error, binding)
        return _in_role(accounts.tell(account, command), role)

    return [partial(_consequence, ACCOUNT, account_id, decide)]


def told_of_contacts(told: Told, keys: Mapping[str, bytes], role: str | None) -> list[Elsewhere]:
    """Of each contact of which the form says other details than before. keys are the subjects'."""
    return [
        partial(_consequence, CONTACT, contact_id, partial(_tell_contact, new.details, keys, role))
        for (contact_id, _), new in told.news(keys).items()
        if new.details
    ]


def _tell_contact(
    said: Mapping[str, Any],
    keys: Mapping[str, bytes],
    role: str | None,
    contact: Contact | None,
    _moment: Moment,
) -> Decided | Refusal:
    return _in_role(contacts.tell(contact, said, keys), role)


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
