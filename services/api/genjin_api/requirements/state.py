"""A project's requirements as they stand after its events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, assert_never
from uuid import UUID

from genjin.event import Stamp
from genjin.requirements.events import (
    RequirementAmended,
    RequirementCaptured,
    RequirementConfirmed,
    RequirementFact,
    RequirementPrioritised,
    RequirementSuperseded,
)
from genjin_api.replacing import replace


@dataclass(frozen=True, slots=True)
class Confirmation:
    confirmed_by: str
    confirmed_on: date
    evidence: str


@dataclass(frozen=True)  # no slots: replaced with every event
class Requirement:
    """revision counts the words in force: 1 as captured, one more with each applied change."""

    id: UUID
    title: str
    text: str
    requested_by: str
    status: Literal["captured", "confirmed"]
    revision: int
    captured_at: datetime
    captured_by: UUID
    priority: str | None = None
    confirmation: Confirmation | None = None
    superseded_by: UUID | None = None


Requirements = Mapping[str, Requirement]


def evolve(requirements: Requirements, fact: RequirementFact, stamp: Stamp) -> Requirements:
    key = str(fact.requirement_id)
    match fact:
        case RequirementCaptured():
            now = Requirement(
                id=fact.requirement_id,
                title=fact.title,
                text=fact.text,
                requested_by=fact.requested_by,
                status="captured",
                revision=1,
                captured_at=stamp.occurred_at,
                captured_by=stamp.actor.id,
            )
        case RequirementAmended():
            now = replace(requirements[key], title=fact.title, text=fact.text)
        case RequirementPrioritised():
            now = replace(requirements[key], priority=fact.priority)
        case RequirementConfirmed():
            confirmation = Confirmation(fact.confirmed_by, fact.confirmed_on, fact.evidence)
            now = replace(requirements[key], status="confirmed", confirmation=confirmation)
        case RequirementSuperseded():
            now = replace(
                requirements[key],
                title=fact.title,
                text=fact.text,
                revision=fact.revision,
                superseded_by=fact.change_id,
            )
        case _:
            assert_never(fact)
    return {**requirements, key: now}
