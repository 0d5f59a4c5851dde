"""A project's risks as they stand after its events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, assert_never
from uuid import UUID

from genjin.event import Stamp
from genjin.risks.events import (
    ResponsePlanned,
    RiskAssessed,
    RiskClosed,
    RiskFact,
    RiskIdentified,
    RiskOccurred,
    RiskReviewed,
)
from genjin_api.replacing import replace


@dataclass(frozen=True, slots=True)
class Response:
    strategy: str
    actions: str
    owner_id: UUID
    owner_name: str
    trigger: str
    contingency: str


@dataclass(frozen=True)  # no slots: replaced with every event
class Risk:
    """answered_by and assessed_by are the events that a gate receipt rests on; assessed_in is the visit of the last
    assessment, by its ordinal.
    """

    id: UUID
    category: str
    cause: str
    event: str
    effect: str
    owner_id: UUID
    owner_name: str
    status: Literal["open", "occurred", "closed"]
    identified_at: datetime
    identified_by: UUID
    probability: int | None = None
    impact: int | None = None
    score: int | None = None
    band: str | None = None
    rationale: str = ""
    response: Response | None = None
    last_review: str = ""
    next_review_on: date | None = None
    occurrence: str = ""
    closing_reason: str = ""
    residual_score: int | None = None
    residual_band: str | None = None
    assessed_by: UUID | None = None
    answered_by: UUID | None = None
    answered_score: int | None = None
    assessed_in: int | None = None

    @property
    def is_answered(self) -> bool:
        """A response holds for the score that it was planned for; when the risk grows, it needs another."""
        if self.response is None or self.score is None or self.answered_score is None:
            return False
        return self.score <= self.answered_score


Risks = Mapping[str, Risk]


def evolve(risks: Risks, fact: RiskFact, stamp: Stamp, visit: int) -> Risks:
    """visit is the ordinal of the one in which it happens."""
    key = str(fact.risk_id)
    if isinstance(fact, RiskIdentified):
        return {**risks, key: _identified(fact, stamp)}
    return {**risks, key: _changed(risks[key], fact, stamp, visit)}


def _identified(fact: RiskIdentified, stamp: Stamp) -> Risk:
    return Risk(
        id=fact.risk_id,
        category=fact.category,
        cause=fact.cause,
        event=fact.event,
        effect=fact.effect,
        owner_id=fact.owner_id,
        owner_name=fact.owner_name,
        status="open",
        identified_at=stamp.occurred_at,
        identified_by=stamp.actor.id,
    )


def _changed(
    risk: Risk,
    fact: RiskAssessed | ResponsePlanned | RiskReviewed | RiskOccurred | RiskClosed,
    stamp: Stamp,
    visit: int,
) -> Risk:
    match fact:
        case RiskAssessed():
            return replace(
                risk,
                probability=fact.probability,
                impact=fact.impact,
                score=fact.score,
                band=fact.band,
                rationale=fact.rationale,
                assessed_by=stamp.event_id,
                assessed_in=visit,
            )
        case ResponsePlanned():
            response = Response(
                fact.strategy,
                fact.actions,
                fact.owner_id,
                fact.owner_name,
                fact.trigger,
                fact.contingency,
            )
            return replace(
                risk,
                response=response,
                answered_by=stamp.event_id,
                answered_score=risk.score,
            )
        case RiskReviewed():
            return replace(risk, last_review=fact.note, next_review_on=fact.next_review_on)
        case RiskOccurred():
            return replace(risk, status="occurred", occurrence=fact.description)
        case RiskClosed():
            return replace(
                risk,
                status="closed",
                closing_reason=fact.reason,
                residual_score=fact.residual_score,
                residual_band=fact.residual_band,
            )
        case _:
            assert_never(fact)
