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


def assessed(fact: HealthFact, stamp: Stamp) -> Health:
    actor = stamp.actor
    return Health(fact.level, fact.reason, actor.role, actor.id, actor.name, stamp.occurred_at)
