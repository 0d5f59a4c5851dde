"""A project's goals, each with where it stands: its own progress, or the newest value of its metric."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

from genjin.goals.events import Direction
from genjin_api.goals.state import Goal, Progress
from genjin_api.projects.state import Project


class GoalDocument(BaseModel):
    """value and valued_on: where it stands. is_reached null: nothing is measured, or there is no target."""

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
    status: Literal["open", "achieved", "abandoned"]
    adjustments: int
    adjusting_reason: str
    progress_count: int
    newest: Progress | None
    newest_value: Progress | None
    ended_at: datetime | None
    ending_reason: str
    set_event_id: UUID
    target_event_id: UUID | None
    value: float | None
    valued_on: date | None
    is_reached: bool | None


def shown_goal(project: Project, goal: Goal) -> dict[str, Any]:
    value, valued_on = where_it_stands(project, goal)
    return {
        **vars(goal),
        "value": value,
        "valued_on": valued_on,
        "is_reached": is_reached(goal, value),
    }


def where_it_stands(project: Project, goal: Goal) -> tuple[float | None, date | None]:
    if goal.metric is None:
        known = goal.newest_value
        return (known.value, known.on) if known else (None, None)
    metric = project.metrics.get(goal.metric)
    newest = metric.newest if metric else None
    return (newest.value, newest.on) if newest else (None, None)


def is_reached(goal: Goal, value: float | None) -> bool | None:
    if value is None or goal.target is None:
        return None
    return value >= goal.target if goal.direction == "at_least" else value <= goal.target
