"""Facts of change requests: raise, assess, submit, decide, apply, withdraw."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from genjin.event import Fact

Decision = Literal["approve", "approve_with_conditions", "reject", "defer"]


class Impact(BaseModel):
    """What a change would do, in all six respects; days and cost are signed, cost is a decimal string."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scope: str
    days: int
    cost: str
    currency: str
    quality: str
    risk: str
    resource: str


class ChangeRaised(Fact):
    """stages are those that the change touches: it blocks their gates until it is decided. base_revision is that of the
    requirement's words that it would change.
    """

    type: ClassVar[str] = "change.raised"
    change_id: UUID
    requirement_id: UUID
    base_revision: int
    title: str
    reason: str
    proposed_title: str
    proposed_text: str
    stages: list[str]
    requested_by: str


class ChangeAssessed(Fact):
    type: ClassVar[str] = "change.assessed"
    change_id: UUID
    impact: Impact


class ChangeSubmitted(Fact):
    type: ClassVar[str] = "change.submitted"
    change_id: UUID


class ChangeDecided(Fact):
    type: ClassVar[str] = "change.decided"
    change_id: UUID
    decision: Decision
    comment: str
    conditions: list[str]
    review_on: date | None


class ChangeApplied(Fact):
    type: ClassVar[str] = "change.applied"
    change_id: UUID


class ChangeWithdrawn(Fact):
    type: ClassVar[str] = "change.withdrawn"
    change_id: UUID
    reason: str


ChangeFact = (
    ChangeRaised
    | ChangeAssessed
    | ChangeSubmitted
    | ChangeDecided
    | ChangeApplied
    | ChangeWithdrawn
)
