"""A project's audit findings as they stand after its events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, assert_never
from uuid import UUID

from genjin.event import Stamp
from genjin.findings.events import (
    FindingClosed,
    FindingCorrected,
    FindingFact,
    FindingRaised,
    FindingRejected,
)
from genjin_api.replacing import replace


@dataclass(frozen=True, slots=True)
class Correction:
    """What was done about a finding, and who said so."""

    measures: str
    person_id: UUID
    person_name: str
    at: datetime


@dataclass(frozen=True)  # no slots: replaced with every event
class Finding:
    """open → corrected → closed, and from corrected back to open. correction is the last one that was reported."""

    id: UUID
    severity: str
    title: str
    description: str
    stage: str
    visit: int
    due_on: date | None
    responsible_id: UUID | None
    responsible_name: str | None
    raised_at: datetime
    raised_by: UUID
    raiser_name: str
    status: Literal["open", "corrected", "closed"] = "open"
    correction: Correction | None = None
    rejections: int = 0
    rejection_reason: str = ""
    closing_reason: str = ""
    closed_at: datetime | None = None


Findings = Mapping[str, Finding]


def evolve(findings: Findings, fact: FindingFact, stamp: Stamp) -> Findings:
    key = str(fact.finding_id)
    if isinstance(fact, FindingRaised):
        return {**findings, key: _raised(fact, stamp)}
    return {**findings, key: _changed(findings[key], fact, stamp)}


def _raised(fact: FindingRaised, stamp: Stamp) -> Finding:
    return Finding(
        id=fact.finding_id,
        severity=fact.severity,
        title=fact.title,
        description=fact.description,
        stage=fact.stage,
        visit=fact.visit,
        due_on=fact.due_on,
        responsible_id=fact.responsible_id,
        responsible_name=fact.responsible_name,
        raised_at=stamp.occurred_at,
        raised_by=stamp.actor.id,
        raiser_name=stamp.actor.name,
    )


def _changed(
    finding: Finding, fact: FindingCorrected | FindingRejected | FindingClosed, stamp: Stamp
) -> Finding:
    match fact:
        case FindingCorrected():
            correction = Correction(
                fact.measures, stamp.actor.id, stamp.actor.name, stamp.occurred_at
            )
            return replace(finding, status="corrected", correction=correction)
        case FindingRejected():
            return replace(
                finding,
                status="open",
                rejections=finding.rejections + 1,
                rejection_reason=fact.reason,
            )
        case FindingClosed():
            return replace(
                finding,
                status="closed",
                closing_reason=fact.reason,
                closed_at=stamp.occurred_at,
            )
        case _:
            assert_never(fact)
