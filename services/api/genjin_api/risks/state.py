"""A project's risks as they stand after its events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    RiskLinked,
    RiskOccurred,
    RiskReopened,
    RiskReviewed,
    RiskUnlinked,
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


@dataclass(frozen=True, slots=True)
class RiskLink:
    """raises: the other risk, of a project, is raised when this one occurs; raised_by: the other way round."""

    relation: Literal["raises", "raised_by"]
    other_project_id: UUID
    other_risk_id: UUID
    note: str


@dataclass(frozen=True)  # no slots: replaced with every event
class Risk:
    """assessed_in is the visit of the last assessment, by its ordinal. links are by the id of the other risk.
    awaits_assessment: the risk that raises it occurred since.
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
    answered_score: int | None = None
    assessed_in: int | None = None
    links: Mapping[str, RiskLink] = field(default_factory=dict)
    awaits_assessment: bool = False
    reopenings: int = 0
    reopening: str = ""

    @property
    def is_answered(self) -> bool:
        """A response holds for the score that it was planned for; when the risk grows, it needs another. None is known
        to hold while the risk awaits an assessment.
        """
        if (
            self.awaits_assessment
            or self.response is None
            or self.score is None
            or self.answered_score is None
        ):
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
    fact: RiskAssessed
    | ResponsePlanned
    | RiskReviewed
    | RiskOccurred
    | RiskClosed
    | RiskLinked
    | RiskUnlinked
    | RiskReopened,
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
                assessed_in=visit,
                awaits_assessment=False,
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
                awaits_assessment=False,
            )
        case RiskLinked():
            link = RiskLink(fact.relation, fact.other_project_id, fact.other_risk_id, fact.note)
            return replace(risk, links={**risk.links, str(fact.other_risk_id): link})
        case RiskUnlinked():
            return replace(risk, links=_without(risk.links, fact.other_risk_id))
        case RiskReopened():
            return _reopened(risk, fact)
        case _:
            assert_never(fact)


def _reopened(risk: Risk, fact: RiskReopened) -> Risk:
    """What has occurred stays so; the response was planned for a risk that nobody had met yet."""
    return replace(
        risk,
        status="open" if risk.status == "closed" else risk.status,
        closing_reason="",
        residual_score=None,
        residual_band=None,
        answered_score=None,
        awaits_assessment=True,
        reopenings=risk.reopenings + 1,
        reopening=fact.description,
    )


def _without(links: Mapping[str, RiskLink], risk_id: UUID) -> Mapping[str, RiskLink]:
    return {key: link for key, link in links.items() if key != str(risk_id)}


def unlinked_from(risks: Risks, project_id: UUID) -> Risks:
    """The risks without their links with those of a project, or an engagement, that is linked no longer."""
    return {
        key: replace(risk, links=_others(risk.links, project_id))
        if any(link.other_project_id == project_id for link in risk.links.values())
        else risk
        for key, risk in risks.items()
    }


def _others(links: Mapping[str, RiskLink], project_id: UUID) -> Mapping[str, RiskLink]:
    return {key: link for key, link in links.items() if link.other_project_id != project_id}
