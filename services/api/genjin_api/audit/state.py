"""What one person has read of the restricted history."""

from dataclasses import dataclass

from genjin.audit.events import AuditFact
from genjin.event import Stamp


@dataclass(frozen=True, slots=True)
class Readings:
    """How many pages with restricted content they were shown, and how many such events in all."""

    version: int
    pages: int
    restricted_events: int


def evolve(readings: Readings | None, fact: AuditFact, stamp: Stamp) -> Readings:
    before = readings or Readings(0, 0, 0)
    return Readings(
        version=stamp.version,
        pages=before.pages + 1,
        restricted_events=before.restricted_events + fact.restricted_events,
    )
