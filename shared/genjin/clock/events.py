"""Facts that nobody brings about: a day came, and something had not been done. Each crossing is told once.

due_on is the last day that was in time, but for a review: it is due on that day itself. Days are the workspace's.
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from genjin.event import Fact


class FollowUpOverdue(Fact):
    type: ClassVar[str] = "follow_up.overdue"
    follow_up_id: UUID
    owner_id: UUID
    due_on: date


class MilestoneOverdue(Fact):
    """One that was moved is told again when its new day has passed, also where it was moved back to a day of before."""

    type: ClassVar[str] = "milestone.overdue"
    milestone_id: UUID
    due_on: date


class StageOverstayed(Fact):
    """The project has stood in the stage since `since` for more than max_days; days of suspension do not count."""

    type: ClassVar[str] = "stage.overstayed"
    stage: str
    visit: int
    max_days: int
    since: date
    due_on: date


class CadenceMissed(Fact):
    """What is due again and again was not done between period_start and due_on. turns: how many turns of the cadence
    lie between period_start and period_end, of which each was missed; more than one only after a long downtime.
    missing: of a cadence that each holder of its roles owes, the persons who left a turn of these out.
    """

    type: ClassVar[str] = "cadence.missed"
    cadence: str
    period_start: date
    period_end: date
    due_on: date
    turns: int
    missing: tuple[UUID, ...] = ()


class CustomerSilent(Fact):
    """Nothing was heard of the customer for `days`: none of the template's forms of contact was completed since."""

    type: ClassVar[str] = "customer.silent"
    days: int
    since: date


class RiskReviewDue(Fact):
    type: ClassVar[str] = "risk.review_due"
    risk_id: UUID
    owner_id: UUID
    due_on: date


ClockFact = (
    FollowUpOverdue
    | MilestoneOverdue
    | StageOverstayed
    | CadenceMissed
    | CustomerSilent
    | RiskReviewDue
)
