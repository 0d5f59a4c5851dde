"""What conditions of a gate read of health and goals, and the events that their checks rest on."""

from datetime import timedelta

from genjin.goals.events import GoalAdjusted, GoalEnded, GoalProgressed, GoalSet
from genjin.health.events import HealthAssessed
from genjin.metrics.events import MetricRecorded
from genjin.templates.expressions import holds
from genjin_api.goals.projection import where_it_stands
from genjin_api.stages.gate.values import Values
from tests.small_template import SMALL
from tests.specification import A_PROJECT, DEPT_HEAD, MOMENT, TODAY, YESTERDAY, Story, by, given
from tests.specification import PROJECT_ID as ID

GOAL = GoalSet(
    goal_id=ID,
    title="扩大市场份额",
    measure="华东",
    metric=None,
    direction="at_least",
    target=40.0,
    due_on=TODAY + timedelta(days=30),
)
PROGRESS = GoalProgressed(goal_id=ID, value=41.5, on=YESTERDAY, note="合计")
ALL_REACHED = "goals.all(goal, goal.is_reached == true)"
WELL = 'health.level == "growing"'


def is_met(story: Story, expression: str) -> bool:
    met, reason = holds(expression, Values(story.now, SMALL, MOMENT).all)
    assert reason == ""
    return met


def rests_on(story: Story, expression: str) -> list[int]:
    """Versions of the project's stream, by which the events of a story are named."""
    return [event.int for event in Values(story.now, SMALL, MOMENT).events_of(expression)]


def test_a_condition_reads_whether_goals_are_reached() -> None:
    assert not is_met(given(A_PROJECT, GOAL), ALL_REACHED)
    story = given(A_PROJECT, GOAL, PROGRESS)
    assert is_met(story, ALL_REACHED)
    assert rests_on(story, ALL_REACHED) == [len(story.told) - 1, len(story.told)]


def test_a_goal_rests_on_every_event_that_made_what_is_read_and_on_no_other() -> None:
    harder = GoalAdjusted(goal_id=ID, target=41.0, due_on=GOAL.due_on, reason="市场增长")
    earlier = PROGRESS.model_copy(update={"on": YESTERDAY - timedelta(days=1), "value": 12.0})
    note = PROGRESS.model_copy(update={"value": None, "on": TODAY})
    story = given(A_PROJECT, GOAL, PROGRESS, harder, earlier, note)
    goal_set = len(A_PROJECT) + 1
    assert is_met(story, ALL_REACHED)
    assert rests_on(story, ALL_REACHED) == [goal_set, goal_set + 2, goal_set + 1]
    story.tell(DEPT_HEAD, [GoalEnded(goal_id=ID, outcome="achieved", reason="达成")])
    ended = 'goals.all(goal, goal.status == "achieved")'
    assert is_met(story, ended)
    assert rests_on(story, ended)[-1] == len(story.told)


def test_progress_without_a_value_leaves_a_goal_where_it_stands() -> None:
    note = PROGRESS.model_copy(update={"value": None, "on": TODAY, "note": "待复核"})
    story = given(A_PROJECT, GOAL, PROGRESS, note)
    assert is_met(story, ALL_REACHED)
    goal = story.now.goals[str(ID)]
    assert goal.newest is not None and goal.newest.note == note.note
    assert where_it_stands(story.now, goal) == (PROGRESS.value, PROGRESS.on)


def test_a_goal_that_a_metric_measures_rests_on_its_newest_value_too() -> None:
    goal = GOAL.model_copy(update={"metric": "satisfaction"})
    value = MetricRecorded(metric="satisfaction", value=39.5, on=TODAY, note="")
    story = given(A_PROJECT, goal, value)
    assert not is_met(story, ALL_REACHED)
    assert rests_on(story, ALL_REACHED) == [len(story.told) - 1, len(story.told)]


def test_a_condition_reads_what_was_last_said_of_the_health() -> None:
    unsaid = given(A_PROJECT)
    assert not is_met(unsaid, WELL)
    assert rests_on(unsaid, WELL) == []
    story = given(A_PROJECT, by(DEPT_HEAD, HealthAssessed(level="growing", reason="份额上升")))
    assert is_met(story, WELL)
    assert rests_on(story, WELL) == [len(story.told)]
