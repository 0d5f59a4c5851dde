"""Facts of a project's milestones: set, reschedule, reach, drop."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from genjin.event import Fact


class MilestoneSet(Fact):
    """key names a milestone of the template, None: the project's own. stage is the one that waits for it, if any."""

    type: ClassVar[str] = "milestone.set"
    milestone_id: UUID
    key: str | None
    title: str
    due_on: date
    stage: str | None


class MilestoneRescheduled(Fact):
    type: ClassVar[str] = "milestone.rescheduled"
    milestone_id: UUID
    due_on: date
    reason: str


class MilestoneReached(Fact):
    """days_late: from the day that it was due on last, 0 if it was in time."""

    type: ClassVar[str] = "milestone.reached"
    milestone_id: UUID
    reached_on: date
    evidence: str
    days_late: int


class MilestoneDropped(Fact):
    type: ClassVar[str] = "milestone.dropped"
    milestone_id: UUID
    reason: str


MilestoneFact = MilestoneSet | MilestoneRescheduled | MilestoneReached | MilestoneDropped
