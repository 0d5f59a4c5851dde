"""A project's goals as they stand after its events. Earlier progress is in the history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, assert_never
from uuid import UUID

from genjin.event import Stamp
from genjin.goals.events import (
    Direction,
    GoalAdjusted,
    GoalEnded,
    GoalFact,
    GoalProgressed,
    GoalSet,
)
from genjin_api.replacing import replace


@dataclass(frozen=True, slots=True)
class Progress:
    """on is the day that it is of."""

    value: float | None
    on: date
    note: str
    recorded_by: UUID
    recorder_name: str
    event_id: UUID


@dataclass(frozen=True)  # no slots: replaced with every event
class Goal:
    """target None: an open goal. newest is the progress of the latest day, newest_value that of the latest day that
    has a value; None where a metric measures the goal, and before the first. event_id is the last event of it,
    set_event_id the first, target_event_id the one that adjusted it last.
    """

    id: UUID
    title: str
    measure: str
    metric: str | None
    direction: Direction
    target: float | None
    due_on: date | None
    set_at: datetime
    set_by: UUID
    event_id: UUID
    set_event_id: UUID
    status: Literal["open", "achieved", "abandoned"] = "open"
    adjustments: int = 0
    adjusting_reason: str = ""
    progress_count: int = 0
    newest: Progress | None = None
    newest_value: Progress | None = None
    ended_at: datetime | None = None
    ending_reason: str = ""
    target_event_id: UUID | None = None

    def rests_on(self) -> tuple[UUID, ...]:
        """The events that made the goal and the value that it stands at what they are, oldest first as far as known. Of
        a goal that a metric measures, the metric's are others.
        """
        adjusted = (self.target_event_id,) if self.target_event_id else ()
        value = (self.newest_value.event_id,) if self.newest_value else ()
        ended = () if self.status == "open" else (self.event_id,)
        return (self.set_event_id, *adjusted, *value, *ended)


Goals = Mapping[str, Goal]


def evolve(goals: Goals, fact: GoalFact, stamp: Stamp) -> Goals:
    key = str(fact.goal_id)
    if isinstance(fact, GoalSet):
        return {**goals, key: _set(fact, stamp)}
    return {**goals, key: _changed(goals[key], fact, stamp)}


def _set(fact: GoalSet, stamp: Stamp) -> Goal:
    return Goal(
        id=fact.goal_id,
        title=fact.title,
        measure=fact.measure,
        metric=fact.metric,
        direction=fact.direction,
        target=fact.target,
        due_on=fact.due_on,
        set_at=stamp.occurred_at,
        set_by=stamp.actor.id,
        event_id=stamp.event_id,
        set_event_id=stamp.event_id,
    )


def _changed(goal: Goal, fact: GoalAdjusted | GoalProgressed | GoalEnded, stamp: Stamp) -> Goal:
    match fact:
        case GoalAdjusted():
            return replace(
                goal,
                target=fact.target,
                due_on=fact.due_on,
                adjustments=goal.adjustments + 1,
                adjusting_reason=fact.reason,
                event_id=stamp.event_id,
                target_event_id=stamp.event_id,
            )
        case GoalProgressed():
            actor = stamp.actor
            made = Progress(fact.value, fact.on, fact.note, actor.id, actor.name, stamp.event_id)
            return replace(
                goal,
                progress_count=goal.progress_count + 1,
                newest=_later(goal.newest, made),
                newest_value=(
                    goal.newest_value if fact.value is None else _later(goal.newest_value, made)
                ),
                event_id=stamp.event_id,
            )
        case GoalEnded():
            return replace(
                goal,
                status=fact.outcome,
                ended_at=stamp.occurred_at,
                ending_reason=fact.reason,
                event_id=stamp.event_id,
            )
        case _:
            assert_never(fact)


def _later(known: Progress | None, made: Progress) -> Progress:
    """Of one day the one that was recorded last."""
    return made if known is None or made.on >= known.on else known
