"""What became of a data subject."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from genjin.event import Stamp
from genjin.subjects.events import SubjectFact


@dataclass(frozen=True, slots=True)
class ErasedSubject:
    id: UUID
    reason: str
    erased_at: datetime
    erased_by: UUID
    version: int


def evolve(_subject: ErasedSubject | None, fact: SubjectFact, stamp: Stamp) -> ErasedSubject:
    return ErasedSubject(
        id=stamp.stream_id,
        reason=fact.reason,
        erased_at=stamp.occurred_at,
        erased_by=stamp.actor.id,
        version=stamp.version,
    )
