"""The tracking process: a plan is adjusted with a reason that the stakeholders accept, before work goes on."""

from typing import Any

import pytest

from genjin.templates.catalog import latest
from genjin.templates.conditions import FieldCondition
from genjin.templates.expressions import holds
from genjin.templates.form_schemas import compiled
from tests.forms.values import valid_values

TRACKING = latest("tracking.5")


def accepted(stage: str, *adjustments: dict[str, Any]) -> tuple[bool, str]:
    condition = TRACKING.condition(stage, "accepted")
    assert isinstance(condition, FieldCondition)
    return holds(condition.expr, {"forms": {"plan_adjustment": list(adjustments)}})


def adjustment(state: str = "complete", *signed_by: str) -> dict[str, Any]:
    return {"values": {}, "state": state, "revision": 1, "signed_by": list(signed_by)}


def test_the_five_steps_follow_each_other() -> None:
    steps = ["goals", "plan", "execution", "monitoring", "adjustment"]
    assert [stage.key for stage in TRACKING.stages] == steps
    assert [way.to for stage in TRACKING.stages for way in stage.exits] == steps[1:]


@pytest.mark.parametrize("stage", ["monitoring", "adjustment"])
def test_from_monitoring_and_adjustment_the_way_back_is_to_execution(stage: str) -> None:
    assert TRACKING.stage(stage).return_to == ("execution",)


def test_a_project_is_completed_from_monitoring_or_from_adjustment() -> None:
    [completed] = [outcome for outcome in TRACKING.outcomes if outcome.key == "completed"]
    assert (completed.final_gate_only, completed.at) == (True, ("monitoring", "adjustment"))


@pytest.mark.parametrize("stage", ["execution", "monitoring"])
def test_work_goes_on_while_the_plan_was_never_adjusted(stage: str) -> None:
    assert accepted(stage) == (True, "")


@pytest.mark.parametrize("stage", ["execution", "monitoring"])
@pytest.mark.parametrize(
    ("standing", "goes_on"),
    [
        (adjustment("complete", "stakeholder"), True),
        (adjustment("complete"), False),
        (adjustment("draft"), False),
    ],
)
def test_work_goes_on_with_an_adjusted_plan_once_the_stakeholders_signed(
    stage: str, standing: dict[str, Any], goes_on: bool
) -> None:
    assert accepted(stage, standing) == (goes_on, "")


def test_who_writes_an_adjustment_does_not_accept_it() -> None:
    form = TRACKING.forms["plan_adjustment"]
    assert (form.signed_by, form.four_eyes, form.each_visit) == (("stakeholder",), True, True)
    assert ("management_team", "stakeholder") in TRACKING.never_both


@pytest.mark.parametrize("field", ["basis", "reason"])
def test_an_adjustment_has_a_basis_and_is_reasonable(field: str) -> None:
    form = TRACKING.forms["plan_adjustment"]
    whole = valid_values(form.json_schema)
    assert compiled(form).is_valid(whole)
    assert not compiled(form).is_valid({key: whole[key] for key in whole if key != field})


@pytest.mark.parametrize(
    "field", ["scope", "time", "cost", "quality", "resources", "risk_management"]
)
def test_the_plan_covers_scope_time_cost_quality_resources_and_risks(field: str) -> None:
    form = TRACKING.forms["project_plan"]
    whole = valid_values(form.json_schema)
    assert not compiled(form).is_valid({key: whole[key] for key in whole if key != field})


def test_no_change_is_left_open_when_the_plan_was_adjusted() -> None:
    kinds = [condition.kind for condition in TRACKING.stage("adjustment").conditions()]
    assert "change" in kinds
    assert TRACKING.change_deciders == ("stakeholder",)


def test_risks_are_assessed_at_each_monitoring() -> None:
    [risk] = [one for one in TRACKING.stage("monitoring").conditions() if one.kind == "risk"]
    assert risk.assessed
