"""Commands on accounts: create, change, archive, restore."""

from collections.abc import Collection
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from genjin.accounts.events import (
    AccountArchived,
    AccountChanged,
    AccountCreated,
    AccountRestored,
)
from genjin_api.accounts.state import Account
from genjin_api.acting import Decided, Decision
from genjin_api.fields import Command, Line, OptionalProse, Prose, example
from genjin_api.forms.provenance import FormRevision, hear, is_a_forms
from genjin_api.refusal import Refusal, field_refusal, not_found

DEPTH_MAX = 20
"""How many accounts may stand above one."""


Address = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class AccountDetails(Command):
    """What the forms 客户基本信息表 ask for, as far as every project of the account shares it."""

    region: Line | None = None
    industry: Line | None = None
    ownership: Line | None = None
    size: Line | None = None
    address: Address | None = None
    registration_number: Line | None = None
    note: OptionalProse | None = None


class CreateAccount(AccountDetails):
    model_config = example(name="滨海水务集团", region="天津", industry="水务")

    name: Line
    parent_id: UUID | None = Field(None, description="the account that it is a part of")


class ChangeAccount(AccountDetails):
    """A JSON merge patch: null takes a detail away."""

    model_config = example(industry="环保", note=None)

    name: Line | None = None
    parent_id: UUID | None = None

    @model_validator(mode="after")
    def _keeps_a_name(self) -> Self:
        if "name" in self.model_fields_set and self.name is None:
            raise ValueError("an account has a name")
        return self


class ArchiveAccount(Command):
    model_config = example(reason="公司已注销")

    reason: Prose


class RestoreAccount(Command):
    model_config = example(reason="恢复合作")

    reason: Prose


def create(command: CreateAccount) -> Decision:
    given = _details(command)
    details = {name: text for name, text in given.items() if text is not None}
    return Decided(
        [AccountCreated(name=command.name, parent_id=command.parent_id, details=details)]
    )


def change(account: Account, command: ChangeAccount) -> Decided | Refusal:
    """By hand. A detail that is said again unchanged is a change where forms stood behind it: it is the hand's now."""
    if account.status == "archived":
        return _archived(account)
    given = command.model_fields_set
    name = command.name if command.name is not None else account.name
    parent_id = command.parent_id if "parent_id" in given else account.parent_id
    details = {
        key: text
        for key, text in _details(command).items()
        if account.details.get(key) != text or is_a_forms(account.from_forms, key)
    }
    if not details and (name, parent_id) == (account.name, account.parent_id):
        return Decided([])
    return Decided([AccountChanged(name=name, parent_id=parent_id, details=details)])


def tell(
    account: Account | None, said: Collection[str], new: ChangeAccount, form: FormRevision
) -> Decided:
    """What a form says of an account. said: the names of all that it says of it; new: what it did not say of this one
    before. The name is what was said last, and no form takes it back. An account that is archived stays as it is.
    """
    if account is None or account.status == "archived":
        return Decided([])
    heard = hear(account.details, account.from_forms, form, said, _details(new))
    name = new.name or account.name
    if not heard.is_news and name == account.name:
        return Decided([])
    fact = AccountChanged(
        name=name,
        parent_id=account.parent_id,
        details=dict(heard.details),
        project_id=form.project_id,
        form=form.form,
        revision=form.revision,
        form_details=tuple(sorted(heard.behind)),
    )
    return Decided([fact])


def archive(account: Account, command: ArchiveAccount) -> Decision:
    """Archiving twice is archiving once, and so with restoring."""
    active = account.status == "active"
    return Decided([AccountArchived(reason=command.reason)] if active else [])


def restore(account: Account, command: RestoreAccount) -> Decision:
    archived = account.status == "archived"
    return Decided([AccountRestored(reason=command.reason)] if archived else [])


def refuse_unless_active(account: Account | None, account_id: UUID) -> Refusal | None:
    """Of an account that something new is to belong to."""
    if account is None:
        return field_refusal("field_invalid", "/account_id", f"no account {account_id}")
    return _archived(account) if account.status == "archived" else None


def known(account: Account | None, account_id: UUID) -> Account | Refusal:
    return not_found("account", account_id) if account is None else account


def _archived(account: Account) -> Refusal:
    return Refusal("account_archived", f"{account.name} is archived: restore it first")


def _details(command: AccountDetails) -> dict[str, Any]:
    """Those that were said, null too; an empty text says null."""
    names = AccountDetails.model_fields.keys() - Command.model_fields.keys()
    said = command.model_dump(include=names & command.model_fields_set)
    return {name: said[name] or None for name in sorted(said)}
