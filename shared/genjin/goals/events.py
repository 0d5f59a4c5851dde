"""Facts of a project's goals: set, adjust, make progress, end."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from genjin.event import Fact

Direction = Literal["at_least", "at_most"]


class GoalSet(Fact):
    """A goal with a metric of the template is measured by what is recorded of that metric, any other one by its own
    progress. target None: an open goal, which no figure ends.
    """

    type: ClassVar[str] = "goal.set"
    goal_id: UUID
    title: str
    measure: str
    metric: str | None
    direction: Direction
    target: float | None
    due_on: date | None


class GoalAdjusted(Fact):
    type: ClassVar[str] = "goal.adjusted"
    goal_id: UUID
    target: float | None
    due_on: date | None
    reason: str


class GoalProgressed(Fact):
    """on is the day that the progress is of."""

    type: ClassVar[str] = "goal.progressed"
    goal_id: UUID
    value: float | None
    on: date
    note: str


class GoalEnded(Fact):
    type: ClassVar[str] = "goal.ended"
    goal_id: UUID
    outcome: Literal["achieved", "abandoned"]
    reason: str


GoalFact = GoalSet | GoalAdjusted | GoalProgressed | GoalEnded
