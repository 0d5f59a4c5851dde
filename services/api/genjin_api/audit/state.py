"""What one person has read of what is restricted."""

from dataclasses import dataclass, replace
from typing import assert_never

from genjin.audit.events import AuditFact, ContactsDisclosed, HistoryRead, ValuesDisclosed
from genjin.event import Stamp


@dataclass(frozen=True, slots=True)
class Readings:
    """How many pages with restricted content they were shown, how many such events in all, and how many sealed values
    in the clear.
    """

    version: int = 0
    pages: int = 0
    restricted_events: int = 0
    disclosed_values: int = 0


def evolve(readings: Readings | None, fact: AuditFact, stamp: Stamp) -> Readings:
    before = replace(readings or Readings(), version=stamp.version)
    match fact:
        case HistoryRead():
            events = before.restricted_events + fact.restricted_events
            return replace(before, pages=before.pages + 1, restricted_events=events)
        case ValuesDisclosed():
            values = before.disclosed_values + sum(fact.subjects.values())
            return replace(before, disclosed_values=values)
        case ContactsDisclosed():
            values = before.disclosed_values + sum(fact.contacts.values())
            return replace(before, disclosed_values=values)
        case _:
            assert_never(fact)
