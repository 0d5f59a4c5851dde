"""What a complete form says of the customer beyond one project: of the account, and of the contacts themselves.

Both have streams of their own, so it is told there, in the form's commit: what the form did not say of them in its
newest complete revision, and what it says no more, where nobody else has said it since (forms/provenance.py). Once the
project is about another account, the form tells that one all that it says, and takes it back from the one before.
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
from genjin_api.forms.provenance import FormRevision
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, field_refusal, pointer
from genjin_api.stakeholders.form_facts import Told

_NAME = "name"

# From the event that brings it about to what is told in another stream.
Elsewhere = Callable[[UUID], Consequence[Any]]


def told_of_account(
    project: Project,
    binding: FormBinding,
    form: FormRevision,
    schema: Mapping[str, Any],
    values: Mapping[str, Any],
    before: Completed | None,
    role: str | None,
) -> list[Elsewhere]:
    """Nothing where the form has nothing of an account. What is personal never goes there."""
    if not binding.account:
        return []
    account_id = project.account.account_id if project.account else None
    told_id = project.accounts_told.get(form.form)
    said = _of_account(binding, schema, values)
    earlier = (
        _of_account(binding, schema, before.values) if before and told_id == account_id else {}
    )
    new = {name: text for name, text in said.items() if earlier.get(name) != text}
    if before and told_id not in (None, account_id):
        # The words that named the account before do not rename the one that the project is about now.
        known = _of_account(binding, schema, before.values).get(_NAME)
        new = {name: text for name, text in new.items() if (name, text) != (_NAME, known)}

    def tell(account: Account | None, _moment: Moment) -> Decided | Refusal:
        try:
            command = accounts.ChangeAccount.model_validate(new)
        except ValidationError as error:
            return _refused(error, binding)
        return Decided(accounts.tell(account, said, command, form).facts, role)

    def take_back(account: Account | None, _moment: Moment) -> Decided:
        return Decided(accounts.tell(account, (), accounts.ChangeAccount(), form).facts, role)

    decisions = {told_id: take_back, account_id: tell}
    return [
        partial(_consequence, ACCOUNT, one, decide)
        for one, decide in decisions.items()
        if one is not None
    ]


def told_of_contacts(
    told: Told, form: FormRevision, keys: Mapping[str, bytes], role: str | None
) -> list[Elsewhere]:
    """Of each contact of which the form says something now, or did before. keys are the subjects'."""
    if not told.binding.contact:
        return []
    news = told.news(keys)
    said = {who[0]: about.details for who, about in told.said.items()}
    new = {who[0]: about.details for who, about in news.items()}

    def decide(contact_id: UUID, contact: Contact | None, _moment: Moment) -> Decided:
        words = said.get(contact_id, {}), new.get(contact_id, {})
        return Decided(contacts.tell(contact, *words, form, keys).facts, role)

    return [
        partial(_consequence, CONTACT, contact_id, partial(decide, contact_id))
        for contact_id in sorted(told.contacts())
    ]


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


def _consequence(
    kind: Any,
    identifier: UUID,
    decide: Callable[[Any, Moment], Decided | Refusal],
    cause: UUID,
) -> Consequence[Any]:
    return Consequence(kind=kind, identifier=identifier, cause=cause, decide=decide)
