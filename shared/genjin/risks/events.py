"""Facts of a project's risks: identify, assess, plan a response, review, occur, close; linked with those of others."""

from datetime import date
from typing import ClassVar, Literal
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


class RiskLinked(Fact):
    """In both streams: when the engagement's risk occurs, it raises the project's, which is raised_by it."""

    type: ClassVar[str] = "risk.linked"
    risk_id: UUID
    relation: Literal["raises", "raised_by"]
    other_project_id: UUID
    other_risk_id: UUID
    note: str


class RiskUnlinked(Fact):
    type: ClassVar[str] = "risk.unlinked"
    risk_id: UUID
    other_project_id: UUID
    other_risk_id: UUID
    reason: str


class RiskReopened(Fact):
    """For a new assessment, because the risk occurred that raises it. The response that was planned for it holds no
    longer.
    """

    type: ClassVar[str] = "risk.reopened"
    risk_id: UUID
    cause_project_id: UUID
    cause_risk_id: UUID
    description: str


RiskFact = (
    RiskIdentified
    | RiskAssessed
    | ResponsePlanned
    | RiskReviewed
    | RiskOccurred
    | RiskClosed
    | RiskLinked
    | RiskUnlinked
    | RiskReopened
)
