"""Commands on goals: set, adjust to what has changed, record progress, end as achieved or abandoned."""

from typing import Literal
from uuid import UUID

from genjin.goals.events import Direction, GoalAdjusted, GoalEnded, GoalProgressed, GoalSet
from genjin.templates.model import Template
from genjin_api.acting import Caller, Decided, Decision, Moment
from genjin_api.fields import Command, Day, Key, Line, Number, Prose, example
from genjin_api.goals.state import Goal
from genjin_api.projects.access import acting_role, refuse_if_closed, refuse_outsider
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, field_refusal, not_found

GOALS_MAX = 100
"""Of one project, those that ended included."""


class SetGoal(Command):
    """metric: one of the template's, which measures the goal; else its progress is recorded with it. A goal without a
    target is an open one.
    """

    model_config = example(
        title="提升客户满意度",
        measure="季度满意度调查的得分",
        metric="customer_satisfaction",
        target=90.0,
        due_on="2027-12-31",
    )

    title: Line
    measure: Prose
    metric: Key | None = None
    direction: Direction = "at_least"
    target: Number | None = None
    due_on: Day | None = None


class AdjustGoal(Command):
    """Both as they are to be from now on."""

    model_config = example(target=92.0, due_on="2028-06-30", reason="市场份额提前达到")

    target: Number | None
    due_on: Day | None
    reason: Prose


class RecordProgress(Command):
    """on: today or before."""

    model_config = example(value=41.5, on="2026-11-20", note="华东三省合计")

    value: Number | None = None
    on: Day
    note: Prose


class EndGoal(Command):
    model_config = example(outcome="achieved", reason="连续四个季度高于目标")

    outcome: Literal["achieved", "abandoned"]
    reason: Prose


def set_goal(
    project: Project, template: Template, command: SetGoal, goal_id: UUID, caller: Caller
) -> Decision:
    if refusal := refuse_if_closed(project) or refuse_outsider(project, caller):
        return refusal
    if command.metric is not None and command.metric not in {one.key for one in template.metrics}:
        return field_refusal(
            "field_invalid", "/metric", f"the template has no metric {command.metric}"
        )
    if len(project.goals) >= GOALS_MAX:
        return Refusal("limit_reached", f"a project has {GOALS_MAX} goals at most")
    fact = GoalSet(
        goal_id=goal_id,
        title=command.title,
        measure=command.measure,
        metric=command.metric,
        direction=command.direction,
        target=command.target,
        due_on=command.due_on,
    )
    return Decided([fact], acting_role(project, caller))


def adjust(project: Project, goal_id: UUID, command: AdjustGoal, caller: Caller) -> Decision:
    goal = _open_goal(project, goal_id, caller)
    if isinstance(goal, Refusal):
        return goal
    fact = GoalAdjusted(
        goal_id=goal_id, target=command.target, due_on=command.due_on, reason=command.reason
    )
    moved = (command.target, command.due_on) != (goal.target, goal.due_on)
    return Decided([fact] if moved else [], acting_role(project, caller))


def record_progress(
    project: Project, goal_id: UUID, command: RecordProgress, caller: Caller, moment: Moment
) -> Decision:
    goal = _open_goal(project, goal_id, caller)
    if isinstance(goal, Refusal):
        return goal
    if goal.metric is not None:
        return Refusal(
            "goal_measured_by_metric", f"the metric {goal.metric} measures it: record its value"
        )
    if command.on > moment.today:
        return field_refusal("field_invalid", "/on", "must not be in the future")
    fact = GoalProgressed(goal_id=goal_id, value=command.value, on=command.on, note=command.note)
    return Decided([fact], acting_role(project, caller))


def end(project: Project, goal_id: UUID, command: EndGoal, caller: Caller) -> Decision:
    goal = _open_goal(project, goal_id, caller)
    if isinstance(goal, Refusal):
        return goal
    fact = GoalEnded(goal_id=goal_id, outcome=command.outcome, reason=command.reason)
    return Decided([fact], acting_role(project, caller))


def _open_goal(project: Project, goal_id: UUID, caller: Caller) -> Goal | Refusal:
    goal = project.goals.get(str(goal_id))
    if goal is None:
        return not_found("goal", goal_id)
    if refusal := refuse_if_closed(project) or refuse_outsider(project, caller):
        return refusal
    if goal.status != "open":
        return Refusal("goal_ended", f"the goal was {goal.status} before")
    return goal
