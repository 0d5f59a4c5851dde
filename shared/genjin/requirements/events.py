"""Facts of a project's requirements. A confirmed requirement changes only through a change request."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from genjin.event import Fact

Priority = Literal["key", "minor"]


class RequirementCaptured(Fact):
    type: ClassVar[str] = "requirement.captured"
    requirement_id: UUID
    title: str
    text: str
    requested_by: str


class RequirementAmended(Fact):
    """New words before the customer has confirmed the old ones."""

    type: ClassVar[str] = "requirement.amended"
    requirement_id: UUID
    title: str
    text: str


class RequirementPrioritised(Fact):
    type: ClassVar[str] = "requirement.prioritised"
    requirement_id: UUID
    priority: Priority


class RequirementConfirmed(Fact):
    """The customer's confirmation: who said so, when, and how it can be shown."""

    type: ClassVar[str] = "requirement.confirmed"
    requirement_id: UUID
    confirmed_by: str
    confirmed_on: date
    evidence: str


class RequirementSuperseded(Fact):
    """An applied change put new words in place of the confirmed ones; revision counts them from 1."""

    type: ClassVar[str] = "requirement.superseded"
    requirement_id: UUID
    change_id: UUID
    revision: int
    title: str
    text: str


RequirementFact = (
    RequirementCaptured
    | RequirementAmended
    | RequirementPrioritised
    | RequirementConfirmed
    | RequirementSuperseded
)
