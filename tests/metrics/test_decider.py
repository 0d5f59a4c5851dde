"""Commands on metrics: values by those whom the template names, targets by whoever works on the project."""

from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from genjin.canonical import plain_json
from genjin.metrics.events import MetricRecorded, MetricTargetSet
from genjin.stages.events import StageEntered
from genjin_api.acting import Caller
from genjin_api.metrics import decider
from genjin_api.metrics.state import Metric
from tests.requirements.test_decider import CLOSED
from tests.small_template import SMALL
from tests.specification import (
    A_PROJECT,
    DEPT_HEAD,
    MARKETER,
    MOMENT,
    OUTSIDER,
    SALES_MANAGER,
    TODAY,
    TOMORROW,
    YESTERDAY,
    Story,
    given,
)
from tests.stages.telling import Decide

KEY = "satisfaction"
RECORDED = MetricRecorded(metric=KEY, value=86.5, on=TODAY, note="回访")
TARGET = MetricTargetSet(metric=KEY, target=90.0, reason="合同要求更高")


def record(
    caller: Caller = MARKETER, value: float = 86.5, on: date = TODAY, metric: str = KEY
) -> Decide:
    command = decider.RecordValue.model_validate(
        {"value": value, "on": on.isoformat(), "note": "回访"}
    )
    return lambda project: decider.record(project, SMALL, metric, command, caller, MOMENT)


def set_target(caller: Caller = MARKETER, target: float | None = 90.0, metric: str = KEY) -> Decide:
    command = decider.SetTarget(target=target, reason="合同要求更高")
    return lambda project: decider.set_target(project, SMALL, metric, command, caller)


def metric_of(story: Story) -> Metric:
    return story.now.metrics[KEY]


def test_a_value_is_recorded_by_those_whom_the_template_names() -> None:
    story = given(A_PROJECT)
    story.when(record()).then(RECORDED)
    story.when(record(SALES_MANAGER)).then(RECORDED, role="sales_manager")
    story.when(record(DEPT_HEAD)).refused("role_not_allowed")
    story.when(record(SALES_MANAGER, metric="overrun")).refused("role_not_allowed")


def test_a_value_is_of_today_or_a_day_before() -> None:
    story = given(A_PROJECT)
    story.when(record(on=YESTERDAY)).then(RECORDED.model_copy(update={"on": YESTERDAY}))
    story.when(record(on=TOMORROW)).refused("field_invalid", "/on")


@pytest.mark.parametrize("value", ["86.5", True, None, 1e16, float("nan"), float("inf")])
def test_a_value_is_a_number_within_limits(value: Any) -> None:
    with pytest.raises(ValidationError):
        decider.RecordValue.model_validate({"value": value, "on": TODAY.isoformat()})


def test_a_whole_number_is_taken_and_there_is_one_nought() -> None:
    command = decider.RecordValue.model_validate({"value": 7, "on": TODAY.isoformat()})
    assert (command.value, type(command.value)) == (7.0, float)
    nought = decider.RecordValue.model_validate({"value": -0.0, "on": TODAY.isoformat()})
    assert str(nought.value) == "0.0"


def test_the_newest_value_is_that_of_the_latest_day_and_all_are_counted() -> None:
    early = RECORDED.model_copy(update={"value": 70.0, "on": TODAY - timedelta(days=30)})
    story = given(A_PROJECT, RECORDED)
    newest = metric_of(story).newest
    assert newest is not None and newest.value == 86.5
    story.tell(MARKETER, [early])
    assert metric_of(story).newest is newest
    assert metric_of(story).count == 2
    again = RECORDED.model_copy(update={"value": 88.0})
    story.tell(MARKETER, [again])
    newest = metric_of(story).newest
    assert newest is not None and (newest.value, metric_of(story).count) == (88.0, 3)


def test_a_value_knows_the_visit_in_which_it_was_recorded() -> None:
    story = given(A_PROJECT, RECORDED)
    newest = metric_of(story).newest
    assert newest is not None and newest.recorded_in == 1
    story.tell(MARKETER, [StageEntered(stage="contact", visit=1, from_stage="initiation")])
    story.did(MARKETER, record())
    newest = metric_of(story).newest
    assert newest is not None and newest.recorded_in == 2


def test_however_many_values_there_are_the_state_holds_two_at_most() -> None:
    few, many = given(A_PROJECT, [RECORDED] * 2), given(A_PROJECT, [RECORDED] * 50)
    assert len(plain_json(metric_of(many))) == len(plain_json(metric_of(few))) + len("0")
    assert metric_of(many).count == 50


def test_the_project_s_own_target_goes_before_the_template_s_until_it_is_taken_away() -> None:
    spec = SMALL.metrics[0]
    story = given(A_PROJECT, RECORDED)
    assert metric_of(story).target_by(spec) == 80.0
    story.when(set_target()).then(TARGET)
    story.did(DEPT_HEAD, set_target(DEPT_HEAD))
    assert metric_of(story).target_by(spec) == 90.0
    story.when(set_target()).then_nothing()
    story.did(MARKETER, set_target(target=None))
    assert metric_of(story).target_by(spec) == 80.0


def test_a_target_may_be_set_before_there_is_any_value() -> None:
    story = given(A_PROJECT, TARGET)
    assert (metric_of(story).count, metric_of(story).newest) == (0, None)
    given(A_PROJECT).when(set_target(target=None)).then_nothing()


def test_a_metric_changes_no_facts_that_judgements_rest_on() -> None:
    assert given(A_PROJECT, RECORDED, TARGET).now.course == given(A_PROJECT).now.course


COMMANDS: dict[str, Any] = {"record": record, "set_target": set_target}


@pytest.mark.parametrize("name", COMMANDS)
def test_metrics_are_the_template_s_end_with_the_project_and_are_for_its_people(name: str) -> None:
    command = COMMANDS[name]
    given(A_PROJECT).when(command(metric="unknown")).refused("not_found")
    given(A_PROJECT).when(command(OUTSIDER)).refused("role_not_allowed")
    given(A_PROJECT, CLOSED).when(command()).refused("project_closed")
