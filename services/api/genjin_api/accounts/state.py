"""An account as it stands after its events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, assert_never
from uuid import UUID

from genjin.accounts.events import (
    AccountArchived,
    AccountChanged,
    AccountCreated,
    AccountFact,
    AccountRestored,
)
from genjin.event import Stamp
from genjin_api.forms.provenance import Provenance, stand_behind
from genjin_api.replacing import replace


@dataclass(frozen=True)  # no slots: replaced with every event
class Account:
    """A customer organisation. parent_id is the account that it is a part of. from_forms are the details that forms
    stand behind, each with one; what stands without one was said by hand.
    """

    id: UUID
    name: str
    parent_id: UUID | None
    created_at: datetime
    created_by: UUID
    updated_at: datetime
    version: int
    details: Mapping[str, str] = field(default_factory=dict)
    status: Literal["active", "archived"] = "active"
    archiving_reason: str = ""
    from_forms: Provenance = ()


@dataclass(frozen=True, slots=True)
class ProjectAccount:
    """The customer account that the project is about; account_id None: it was taken away again."""

    account_id: UUID | None
    named_at: datetime
    named_by: UUID


def evolve(account: Account | None, fact: AccountFact, stamp: Stamp) -> Account:
    if isinstance(fact, AccountCreated):
        return Account(
            id=stamp.stream_id,
            name=fact.name,
            parent_id=fact.parent_id,
            details=fact.details,
            created_at=stamp.occurred_at,
            created_by=stamp.actor.id,
            updated_at=stamp.occurred_at,
            version=stamp.version,
        )
    assert account is not None, "a stream begins with account.created"
    updated_at = max(account.updated_at, stamp.occurred_at)
    return replace(_changed(account, fact), version=stamp.version, updated_at=updated_at)


def _changed(account: Account, fact: AccountChanged | AccountArchived | AccountRestored) -> Account:
    match fact:
        case AccountChanged():
            merged = {**account.details, **fact.details}
            details = {name: text for name, text in merged.items() if text is not None}
            return replace(
                account,
                name=fact.name,
                parent_id=fact.parent_id,
                details=details,
                from_forms=stand_behind(account.from_forms, fact.details, fact),
            )
        case AccountArchived():
            return replace(account, status="archived", archiving_reason=fact.reason)
        case AccountRestored():
            return replace(account, status="active", archiving_reason="")
        case _:
            assert_never(fact)
