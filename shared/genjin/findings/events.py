"""Facts of audit findings (审计发现): raise, report corrected, reject the correction, close."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from genjin.event import Fact


class FindingRaised(Fact):
    """stage and visit are where the project stood."""

    type: ClassVar[str] = "finding.raised"
    finding_id: UUID
    severity: str
    title: str
    description: str
    stage: str
    visit: int
    due_on: date | None
    responsible_id: UUID | None
    responsible_name: str | None


class FindingCorrected(Fact):
    """Reported corrected: whether it is, whoever closes it says."""

    type: ClassVar[str] = "finding.corrected"
    finding_id: UUID
    measures: str


class FindingRejected(Fact):
    """The correction does not suffice: the finding is open again."""

    type: ClassVar[str] = "finding.rejected"
    finding_id: UUID
    reason: str


class FindingClosed(Fact):
    type: ClassVar[str] = "finding.closed"
    finding_id: UUID
    reason: str


FindingFact = FindingRaised | FindingCorrected | FindingRejected | FindingClosed
