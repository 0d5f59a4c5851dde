"""The commands on readings: record that a page of history was shown, or that sealed values were shown in the clear."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from genjin.audit.events import ContactsDisclosed, HistoryRead, ValuesDisclosed
from genjin.history.filter import Document, EventFilter, Term
from genjin.history.phrase import to_phrase
from genjin_api.acting import Decided, Decision

# Stands in a recorded phrase for the values before or after a change that were looked for. They may be personal, and a
# fact is kept for ever, where no erasure comes to it.
WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class RecordReading:
    """positions are those of the page's events; restricted are the events of it that hold restricted values."""

    asked: EventFilter
    descending: bool
    positions: Sequence[int]
    restricted: Sequence[Document]


def record(command: RecordReading) -> Decision:
    """Nothing where nothing restricted was seen: so reading these facts makes no new ones."""
    if not command.restricted:
        return Decided([])
    fact = HistoryRead(
        phrase=to_phrase(_without_values(command.asked)),
        order="desc" if command.descending else "asc",
        events=len(command.positions),
        restricted_events=len(command.restricted),
        first_position=min(command.positions),
        last_position=max(command.positions),
    )
    return Decided([fact])


def _without_values(asked: EventFilter) -> EventFilter:
    return EventFilter.of(
        Term(term.field, (WITHHELD,), term.negated) if term.field in ("before", "after") else term
        for term in asked.terms
    )


@dataclass(frozen=True, slots=True)
class RecordDisclosure:
    """A project's forms with restricted values, and stakeholders, at a version of the project, and how many values of
    each subject were opened.
    from_version is that of the other state of a comparison. past: who looks asks for what was, not for what is.
    """

    project_id: UUID
    version: int
    forms: Sequence[str]
    opened: Mapping[str, int]
    from_version: int | None = None
    past: bool = False
    stakeholders: Sequence[UUID] = ()


def record_disclosure(command: RecordDisclosure) -> Decision:
    fact = ValuesDisclosed(
        project_id=command.project_id,
        version=command.version,
        forms=tuple(sorted(set(command.forms))),
        subjects=dict(sorted(command.opened.items())),
        from_version=command.from_version,
        stakeholders=tuple(sorted(set(command.stakeholders))),
    )
    return Decided([fact])


@dataclass(frozen=True, slots=True)
class RecordContacts:
    """How many details of each contact were opened. past: who looks asks for what was, not for what is."""

    opened: Mapping[UUID, int]
    past: bool = False


def record_contacts_disclosure(command: RecordContacts) -> Decision:
    opened = {str(contact): count for contact, count in sorted(command.opened.items())}
    return Decided([ContactsDisclosed(contacts=opened)])
