"""What people last said of a project's health. What they said before is in the history."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from genjin.event import Stamp
from genjin.health.events import HealthFact


@dataclass(frozen=True, slots=True)
class Health:
    """role is the project role in which it was said; level is one of the template's."""

    level: str
    reason: str
    role: str | None
    person_id: UUID
    person_name: str
    at: datetime
    event_id: UUID


def assessed(fact: HealthFact, stamp: Stamp) -> Health:
    actor = stamp.actor
    return Health(
        level=fact.level,
        reason=fact.reason,
        role=actor.role,
        person_id=actor.id,
        person_name=actor.name,
        at=stamp.occurred_at,
        event_id=stamp.event_id,
    )
