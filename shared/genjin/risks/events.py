"""Facts of a project's risks: identify, assess, plan a response, review, occur, close."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from genjin.event import Fact


class RiskIdentified(Fact):
    type: ClassVar[str] = "risk.identified"
    risk_id: UUID
    category: str
    cause: str
    event: str
    effect: str
    owner_id: UUID
    owner_name: str


class RiskAssessed(Fact):
    """score and band are computed from the template's scale, never taken from the client."""

    type: ClassVar[str] = "risk.assessed"
    risk_id: UUID
    probability: int
    impact: int
    score: int
    band: str
    rationale: str


class ResponsePlanned(Fact):
    type: ClassVar[str] = "risk.response_planned"
    risk_id: UUID
    strategy: str
    actions: str
    owner_id: UUID
    owner_name: str
    trigger: str
    contingency: str


class RiskReviewed(Fact):
    type: ClassVar[str] = "risk.reviewed"
    risk_id: UUID
    note: str
    next_review_on: date | None


class RiskOccurred(Fact):
    type: ClassVar[str] = "risk.occurred"
    risk_id: UUID
    description: str
    measures: str


class RiskClosed(Fact):
    """The residual score is what remains after the response."""

    type: ClassVar[str] = "risk.closed"
    risk_id: UUID
    reason: str
    residual_probability: int
    residual_impact: int
    residual_score: int
    residual_band: str


RiskFact = (
    RiskIdentified | RiskAssessed | ResponsePlanned | RiskReviewed | RiskOccurred | RiskClosed
)
