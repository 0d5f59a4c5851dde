"""跟进措施 of a project as they stand: what is to be done, by whom, by when, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from genjin.event import Stamp
from genjin.stages.events import FollowUpCompleted, FollowUpSet
from genjin_api.replacing import replace


@dataclass(frozen=True)  # no slots: replaced with every event
class FollowUp:
    id: UUID
    stage: str
    visit: int
    role: str
    action: str
    owner_id: UUID
    owner_name: str
    due_on: date
    set_by: UUID
    set_at: datetime
    event_id: UUID
    status: Literal["open", "completed"] = "open"
    result: str = ""
    completed_at: datetime | None = None
    days_late: int | None = None


FollowUps = Mapping[str, FollowUp]
"""By their ids, as texts, in the order in which they were set."""


def evolve(follow_ups: FollowUps, fact: FollowUpSet | FollowUpCompleted, stamp: Stamp) -> FollowUps:
    follow_up = _after(follow_ups, fact, stamp)
    return {**follow_ups, str(follow_up.id): follow_up}


def renamed_stages(follow_ups: FollowUps, keys: Mapping[str, str]) -> FollowUps:
    """After a migration: old keys of stages to new ones."""
    return {
        key: replace(one, stage=keys[one.stage]) if one.stage in keys else one
        for key, one in follow_ups.items()
    }


def _after(follow_ups: FollowUps, fact: FollowUpSet | FollowUpCompleted, stamp: Stamp) -> FollowUp:
    if isinstance(fact, FollowUpCompleted):
        return replace(
            follow_ups[str(fact.follow_up_id)],
            status="completed",
            result=fact.result,
            completed_at=stamp.occurred_at,
            days_late=fact.days_late,
            event_id=stamp.event_id,
        )
    return FollowUp(
        id=fact.follow_up_id,
        stage=fact.stage,
        visit=fact.visit,
        role=fact.role,
        action=fact.action,
        owner_id=fact.owner_id,
        owner_name=fact.owner_name,
        due_on=fact.due_on,
        set_by=stamp.actor.id,
        set_at=stamp.occurred_at,
        event_id=stamp.event_id,
    )
