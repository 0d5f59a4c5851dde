"""The schedule tracking process: a late milestone is acted on at once, or no gate opens."""

from typing import Any

import pytest

from genjin.templates.catalog import latest
from genjin.templates.conditions import FieldCondition
from genjin.templates.expressions import holds
from genjin.templates.form_schemas import compiled
from tests.forms.values import valid_values

Milestone = dict[str, str | None]
PROGRESS = latest("progress.8")
STEPS = (
    "plan",
    "key_tasks",
    "targets",
    "updates",
    "meetings",
    "problems",
    "milestones",
    "reports",
)
UNDER_WAY = STEPS[3:]


def _due(due_on: str | None, reached_on: str | None = None, first: str | None = None) -> Milestone:
    return {"due_on": due_on, "first_due_on": first or due_on, "reached_on": reached_on}


LATE = _due("2026-11-20")
REACHED_LATE = _due("2026-11-20", "2026-11-21")
PUT_OFF = _due("2026-12-20", first="2026-11-20")
REACHED_PUT_OFF = _due("2026-12-20", "2026-11-21", first="2026-11-20")
BROUGHT_FORWARD = _due("2026-11-20", first="2026-12-20")
TOO_LATE = {
    "open": LATE,
    "reached too late": REACHED_LATE,
    "put off": PUT_OFF,
    "reached after it was put off": REACHED_PUT_OFF,
    "brought forward": BROUGHT_FORWARD,
}


def told(stage: str, key: str, **values: Any) -> tuple[bool, str]:
    condition = PROGRESS.condition(stage, key)
    assert isinstance(condition, FieldCondition)
    return holds(condition.expr, {"today": "2026-11-22", **values})


def late_milestones(
    milestones: dict[str, Any], *delays: dict[str, Any], stage: str = "milestones"
) -> tuple[bool, str]:
    forms = {"milestone_delay": list(delays)}
    return told(stage, "late_milestones", milestones=milestones, forms=forms)


def copy(values: dict[str, Any], state: str = "complete") -> dict[str, Any]:
    return {"values": values, "state": state, "revision": 1, "signed_by": []}


def test_the_eight_steps_follow_each_other() -> None:
    assert tuple(stage.key for stage in PROGRESS.stages) == STEPS
    assert [way.to for stage in PROGRESS.stages for way in stage.exits] == list(STEPS[1:])


def test_the_break_in_step_eight_is_told() -> None:
    assert PROGRESS.source is not None
    assert PROGRESS.source.note is not None


@pytest.mark.parametrize("stage", UNDER_WAY)
@pytest.mark.parametrize("milestone", TOO_LATE.values(), ids=TOO_LATE)
def test_a_late_milestone_shuts_every_gate_while_nothing_was_done_about_it(
    stage: str, milestone: dict[str, Any]
) -> None:
    assert late_milestones({"m1": milestone}, stage=stage) == (False, "")


@pytest.mark.parametrize("stage", UNDER_WAY)
def test_a_late_milestone_that_was_acted_on_shuts_no_gate(stage: str) -> None:
    assert late_milestones({"m1": LATE}, copy({"milestone": "m1"}), stage=stage) == (True, "")


@pytest.mark.parametrize(
    "delay",
    [copy({"milestone": "m1"}, "draft"), copy({"milestone": "m2"})],
    ids=["begun", "of another milestone"],
)
def test_each_late_milestone_is_acted_on_by_a_complete_form_of_its_own(
    delay: dict[str, Any],
) -> None:
    assert late_milestones({"m1": LATE}, delay) == (False, "")


@pytest.mark.parametrize(
    "milestone",
    [
        _due("2026-11-22"),
        _due("2026-11-20", "2026-11-20"),
        _due(None),
    ],
    ids=["due today", "reached in time", "without a day"],
)
def test_a_milestone_that_is_not_late_asks_for_nothing(milestone: dict[str, Any]) -> None:
    assert late_milestones({"m1": milestone}) == (True, "")


@pytest.mark.parametrize("field", ["milestone", "measure", "plan_adjustment"])
def test_acting_on_a_late_milestone_is_a_measure_and_an_adjustment_of_the_plan(field: str) -> None:
    form = PROGRESS.forms["milestone_delay"]
    whole = valid_values(form.json_schema)
    assert compiled(form).is_valid(whole)
    assert not compiled(form).is_valid({key: whole[key] for key in whole if key != field})


@pytest.mark.parametrize(
    ("issues", "analyses", "passed"),
    [
        ([], [], True),
        ([{"issue": "x"}], [], False),
        ([{"issue": "x"}], [copy({}, "draft")], False),
        ([{"issue": "x"}], [copy({})], True),
    ],
)
def test_a_reported_problem_is_analysed(
    issues: list[Any], analyses: list[Any], passed: bool
) -> None:
    reports = [copy({"issues": []}), copy({"issues": issues}), copy({}, "draft")]
    forms = {"progress_report": reports, "problem_analysis": analyses}
    assert told("problems", "c1", forms=forms) == (passed, "")


def test_a_task_of_the_plan_has_an_owner_and_a_day() -> None:
    form = PROGRESS.forms["project_plan"]
    for field in ("owner", "due_on"):
        whole: dict[str, Any] = valid_values(form.json_schema)
        del whole["tasks"][0][field]
        assert not compiled(form).is_valid(whole)


@pytest.mark.parametrize("stage", ["key_tasks", "milestones"])
def test_milestones_are_set_and_later_watched(stage: str) -> None:
    assert "milestone" in [condition.kind for condition in PROGRESS.stage(stage).conditions()]
