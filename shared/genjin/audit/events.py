"""Facts of the reading of what is restricted (stream audit-<person id>): who looked at it."""

from typing import ClassVar, Literal
from uuid import UUID

from genjin.event import Fact


class HistoryRead(Fact):
    """A page of history with restricted content was shown: what was asked and how much was seen, never the content.

    phrase is the filter in its canonical form, with the word withheld for the values of before and after that were
    looked for; older ones have the values themselves. restricted_events counts those of events that hold restricted
    values.
    """

    type: ClassVar[str] = "audit.read"
    phrase: str
    order: Literal["asc", "desc"]
    events: int
    restricted_events: int
    first_position: int
    last_position: int


class ValuesDisclosed(Fact):
    """Restricted values of a project's forms, or of its stakeholders, were shown in the clear: of which of them, and by
    subject how many. version is that of the project as it was shown, from_version that of the other state where two
    were held side by side.
    """

    type: ClassVar[str] = "audit.disclosed"
    project_id: UUID
    version: int
    forms: tuple[str, ...]
    subjects: dict[str, int]
    from_version: int | None = None
    stakeholders: tuple[UUID, ...] = ()


class ContactsDisclosed(Fact):
    """Personal data of contacts was shown in the clear: of each how many details."""

    type: ClassVar[str] = "audit.contacts_disclosed"
    contacts: dict[str, int]


AuditFact = HistoryRead | ValuesDisclosed | ContactsDisclosed
