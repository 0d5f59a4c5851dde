"""Facts of a customer organisation (stream account-<id>): what the workspace knows of it as a whole.

details are texts by name, as region and industry; what they may be is said by the command. Of its people tell the
contacts.
"""

from typing import ClassVar
from uuid import UUID

from genjin.event import Fact
from genjin.forms.telling import ToldByForm


class AccountCreated(Fact):
    """parent_id is the account that this one is a part of."""

    type: ClassVar[str] = "account.created"
    name: str
    parent_id: UUID | None
    details: dict[str, str]


class AccountChanged(ToldByForm):
    """name and parent_id as they are now; of the details those that changed, null: taken away."""

    type: ClassVar[str] = "account.changed"
    name: str
    parent_id: UUID | None
    details: dict[str, str | None]


class AccountArchived(Fact):
    """Nothing new is done with it; what refers to it stays."""

    type: ClassVar[str] = "account.archived"
    reason: str


class AccountRestored(Fact):
    type: ClassVar[str] = "account.restored"
    reason: str


AccountFact = AccountCreated | AccountChanged | AccountArchived | AccountRestored
