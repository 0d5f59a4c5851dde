"""Conditions on registers: milestones, metrics, audit findings. What a gate found of them, and what that rests on."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from genjin.milestones.events import MilestoneReached
from genjin.stages.events import StageEntered
from genjin_api.stages.gate import Check, gate
from genjin_api.stages.gate.values import Values
from tests.findings import test_decider as findings
from tests.metrics import test_decider as metrics
from tests.milestones import test_decider as milestones
from tests.small_template import SMALL, small_template
from tests.specification import (
    A_PROJECT,
    DEPT_HEAD,
    MARKETER,
    MOMENT,
    TODAY,
    TOMORROW,
    Story,
    given,
)

ID = str(milestones.ID)
RETURNED = StageEntered(stage="initiation", visit=2, from_stage="contact")


def check_of(story: Story, **condition: Any) -> Check:
    """What the gate of the first stage finds of this condition."""
    template = small_template({"key": "it", **condition})
    [found] = [one for one in gate(story.now, template, MOMENT).checks if one.subject == "it"]
    return found


def events_of(story: Story, *types: str) -> set[UUID]:
    return {stamp.event_id for fact, stamp in story.told if fact.type in types}


def test_a_milestone_of_the_template_is_in_the_way_until_it_is_reached() -> None:
    condition = {"kind": "milestone", "milestone": "delivery"}
    story = given(A_PROJECT)
    unset = check_of(story, **condition)
    assert (unset.code, unset.passed, unset.events) == ("milestone_open", False, ())
    assert unset.value == {"due_on": None, "reached_on": None}
    story.tell(MARKETER, [milestones.DELIVERY])
    waiting = check_of(story, **condition)
    assert (waiting.passed, set(waiting.events)) == (False, events_of(story, "milestone.set"))
    assert waiting.value == {"due_on": TOMORROW.isoformat(), "reached_on": None}
    story.tell(MARKETER, [milestones.REACHED])
    reached = check_of(story, **condition)
    said = events_of(story, "milestone.set", "milestone.reached")
    assert (reached.passed, set(reached.events)) == (True, said)
    assert reached.value == {"due_on": TOMORROW.isoformat(), "reached_on": TODAY.isoformat()}


def test_without_a_key_milestones_must_be_set_and_those_of_the_stage_reached() -> None:
    story = given(A_PROJECT)
    none = check_of(story, kind="milestone")
    assert (none.passed, none.value) == (False, {"set": 0, "open": {}})
    story.tell(MARKETER, [milestones.DELIVERY])
    of_none = check_of(story, kind="milestone")
    assert (of_none.passed, of_none.value) == (True, {"set": 1, "open": {}})
    mine = {"milestone_id": milestones.OTHER, "stage": "initiation"}
    story.tell(MARKETER, [milestones.OWN.model_copy(update=mine)])
    waiting = check_of(story, kind="milestone")
    due = milestones.OWN.due_on.isoformat()
    assert (waiting.passed, waiting.value) == (
        False,
        {"set": 2, "open": {str(milestones.OTHER): due}},
    )
    reached = MilestoneReached(
        milestone_id=milestones.OTHER, reached_on=TODAY, evidence="报告", days_late=1
    )
    story.tell(MARKETER, [reached])
    passed = check_of(story, kind="milestone")
    said = events_of(story, "milestone.set", "milestone.reached")
    assert (passed.passed, set(passed.events)) == (True, said)


def test_a_dropped_milestone_is_none() -> None:
    own = milestones.OWN.model_copy(update={"stage": "initiation"})
    story = given(A_PROJECT, own)
    assert not check_of(story, kind="milestone").passed
    story.tell(MARKETER, [milestones.DROPPED])
    assert check_of(story, kind="milestone").value == {"set": 0, "open": {}}
    story.tell(MARKETER, [milestones.DELIVERY.model_copy(update={"milestone_id": UUID(int=9)})])
    assert check_of(story, kind="milestone").passed


SATISFIED = {"kind": "metric", "metric": "satisfaction", "expr": "value >= target"}


def test_a_metric_is_in_the_way_until_its_newest_value_is_in_the_band() -> None:
    story = given(A_PROJECT)
    missing = check_of(story, **SATISFIED)
    assert (missing.code, missing.passed, missing.events) == ("metric_out_of_band", False, ())
    assert missing.value == {"value": None, "target": 80.0, "recorded_on": None}
    story.tell(MARKETER, [metrics.RECORDED.model_copy(update={"value": 79.9})])
    low = check_of(story, **SATISFIED)
    assert not low.passed
    assert low.value == {"value": 79.9, "target": 80.0, "recorded_on": TODAY.isoformat()}
    story.tell(MARKETER, [metrics.RECORDED])
    high = check_of(story, **SATISFIED)
    assert (high.passed, high.events) == (True, (story.told[-1][1].event_id,))


def test_a_late_entry_of_an_earlier_day_does_not_open_the_gate() -> None:
    low = metrics.RECORDED.model_copy(update={"value": 10.0})
    late = metrics.RECORDED.model_copy(update={"on": TODAY - timedelta(days=9)})
    assert not check_of(given(A_PROJECT, low, late), **SATISFIED).passed


def test_the_project_s_own_target_counts_and_the_check_rests_on_it() -> None:
    story = given(A_PROJECT, metrics.RECORDED, metrics.TARGET)
    check = check_of(story, **SATISFIED)
    assert (check.passed, check.value["target"]) == (False, 90.0)
    assert set(check.events) == events_of(story, "metric.recorded", "metric.target_set")


def test_a_metric_of_each_visit_is_recorded_anew_after_a_return() -> None:
    story = given(A_PROJECT, metrics.RECORDED)
    assert check_of(story, **SATISFIED, each_visit=True).passed
    story.tell(MARKETER, [RETURNED])
    assert check_of(story, **SATISFIED).passed
    stale = check_of(story, **SATISFIED, each_visit=True)
    assert (stale.passed, stale.value["of_this_visit"]) == (False, False)
    story.did(MARKETER, metrics.record())
    assert check_of(story, **SATISFIED, each_visit=True).passed


def test_a_metric_without_a_target_says_why_it_could_not_be_told() -> None:
    story = given(A_PROJECT, metrics.RECORDED.model_copy(update={"metric": "overrun"}))
    compared = {**SATISFIED, "metric": "overrun"}
    check = check_of(story, **compared)
    assert (check.passed, check.value["target"]) == (False, None)
    assert check.value["reason"]
    assert check_of(story, **{**compared, "expr": "target == null && value > 80.0"}).passed


def test_a_finding_is_in_the_way_until_it_is_closed() -> None:
    story = given(A_PROJECT)
    assert check_of(story, kind="finding").passed
    story.did(DEPT_HEAD, findings.raise_())
    raised = check_of(story, kind="finding")
    assert (raised.code, raised.passed) == ("finding_open", False)
    assert raised.value == {str(findings.ID): "open"}
    assert set(raised.events) == events_of(story, "finding.raised")
    story.did(MARKETER, findings.correct())
    assert check_of(story, kind="finding").value == {str(findings.ID): "corrected"}
    story.did(DEPT_HEAD, findings.close())
    closed = check_of(story, kind="finding")
    assert (closed.passed, closed.value) == (True, {})
    assert set(closed.events) == events_of(story, "finding.raised", "finding.closed")


def test_a_condition_may_ask_for_some_severities_alone() -> None:
    story = given(A_PROJECT)
    story.did(DEPT_HEAD, findings.raise_(severity="minor"))
    assert check_of(story, kind="finding", severities=["major"]).passed
    assert not check_of(story, kind="finding", severities=["minor", "major"]).passed


@pytest.mark.parametrize(
    ("expression", "types"),
    [
        ("metrics.satisfaction.value > 80.0", ("metric.recorded",)),
        ("metrics.satisfaction.target == 80.0", ("metric.recorded",)),
        (f'metrics.satisfaction.recorded_on == "{TODAY}"', ("metric.recorded",)),
        ("!has(metrics.overrun)", ()),
        (f'milestones.delivery.due_on == "{TOMORROW}"', ("milestone.set",)),
        ("milestones.delivery.reached_on == null", ("milestone.set",)),
        ("milestones.handover.due_on == null", ()),
        ('findings.all(f, f.severity == "minor" || f.status == "open")', ("finding.raised",)),
        ("size(findings) == 1", ("finding.raised",)),
    ],
)
def test_expressions_read_registers_and_rest_on_their_events(
    expression: str, types: tuple[str, ...]
) -> None:
    story = given(A_PROJECT, metrics.RECORDED, milestones.DELIVERY)
    story.did(DEPT_HEAD, findings.raise_())
    check = check_of(story, kind="field", expr=expression)
    assert check.passed, check.value
    assert set(check.events) == events_of(story, *types)


def test_an_expression_asks_all_milestones_the_project_s_own_too_but_no_dropped_one() -> None:
    every = "milestones.all(key, milestones[key].due_on == null || milestones[key].due_on > today)"
    story = given(A_PROJECT)
    assert check_of(story, kind="field", expr=every).passed
    story.tell(MARKETER, [milestones.OWN])
    late = check_of(story, kind="field", expr=every)
    assert (late.passed, set(late.events)) == (False, events_of(story, "milestone.set"))
    assert check_of(story, kind="field", expr=f'"{ID}" in milestones').passed
    story.tell(MARKETER, [milestones.DROPPED])
    assert check_of(story, kind="field", expr=every).passed


def test_a_metric_that_was_never_recorded_is_missing_although_it_has_a_target() -> None:
    story = given(A_PROJECT, metrics.TARGET)
    assert Values(story.now, SMALL, MOMENT).all["metrics"] == {}
