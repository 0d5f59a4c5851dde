"""A project's milestones as they stand after its events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, assert_never
from uuid import UUID

from genjin.event import Stamp
from genjin.milestones.events import (
    MilestoneDropped,
    MilestoneFact,
    MilestoneReached,
    MilestoneRescheduled,
    MilestoneSet,
)
from genjin_api.replacing import replace


@dataclass(frozen=True)  # no slots: replaced with every event
class Milestone:
    """key is the template's, None: the project's own. first_due_on is the day that was set first."""

    id: UUID
    key: str | None
    title: str
    due_on: date
    first_due_on: date
    stage: str | None
    set_at: datetime
    set_by: UUID
    status: Literal["open", "reached", "dropped"] = "open"
    rescheduled: int = 0
    rescheduling_reason: str = ""
    reached_on: date | None = None
    evidence: str = ""
    days_late: int | None = None
    dropping_reason: str = ""


Milestones = Mapping[str, Milestone]


def of_key(milestones: Milestones, key: str) -> Milestone | None:
    """The one milestone that was set for a key of the template."""
    return next((one for one in milestones.values() if one.key == key), None)


def evolve(milestones: Milestones, fact: MilestoneFact, stamp: Stamp) -> Milestones:
    key = str(fact.milestone_id)
    if isinstance(fact, MilestoneSet):
        return {**milestones, key: _set(fact, stamp)}
    return {**milestones, key: _changed(milestones[key], fact, stamp)}


def renamed_stages(milestones: Milestones, keys: Mapping[str, str]) -> Milestones:
    """After a migration: old keys of stages to new ones."""
    return {
        key: replace(one, stage=keys[one.stage]) if one.stage and one.stage in keys else one
        for key, one in milestones.items()
    }


def _set(fact: MilestoneSet, stamp: Stamp) -> Milestone:
    return Milestone(
        id=fact.milestone_id,
        key=fact.key,
        title=fact.title,
        due_on=fact.due_on,
        first_due_on=fact.due_on,
        stage=fact.stage,
        set_at=stamp.occurred_at,
        set_by=stamp.actor.id,
    )


def _changed(
    milestone: Milestone,
    fact: MilestoneRescheduled | MilestoneReached | MilestoneDropped,
    stamp: Stamp,
) -> Milestone:
    match fact:
        case MilestoneRescheduled():
            return replace(
                milestone,
                due_on=fact.due_on,
                rescheduled=milestone.rescheduled + 1,
                rescheduling_reason=fact.reason,
            )
        case MilestoneReached():
            return replace(
                milestone,
                status="reached",
                reached_on=fact.reached_on,
                evidence=fact.evidence,
                days_late=fact.days_late,
            )
        case MilestoneDropped():
            return replace(milestone, status="dropped", dropping_reason=fact.reason)
        case _:
            assert_never(fact)
