"""The flow table: filled step by step, and confirmed by the project manager as it stands before it is used."""

from typing import Any

import pytest

from genjin.templates.catalog import latest
from genjin.templates.conditions import ApprovalCondition, FieldCondition
from genjin.templates.expressions import holds
from genjin.templates.form_schemas import compiled
from tests.forms.values import valid_values

FLOWTABLE = latest("flowtable")
TABLE = FLOWTABLE.forms["flow_table"]
ROW: dict[str, Any] = valid_values(TABLE.json_schema)["rows"][0]
WITH_TASKS = ("phase", "task", "goal", "result")
WITH_DATES = ("starts_on", "ends_on", "standard")


def told(stage: str, key: str, *tables: dict[str, Any]) -> tuple[bool, str]:
    condition = FLOWTABLE.condition(stage, key)
    assert isinstance(condition, FieldCondition)
    return holds(condition.expr, {"forms": {"flow_table": [{"values": one} for one in tables]}})


def row(*columns: str) -> dict[str, Any]:
    return {column: ROW[column] for column in columns}


def test_the_table_is_made_in_four_steps_before_it_is_used() -> None:
    steps = ["content", "tasks", "owners", "filling", "review", "use"]
    assert [stage.key for stage in FLOWTABLE.stages] == steps
    assert [way.to for stage in FLOWTABLE.stages for way in stage.exits] == steps[1:]


@pytest.mark.parametrize("stage", ["review", "use"])
def test_the_project_manager_or_the_project_owner_confirms_the_table_as_it_stands(
    stage: str,
) -> None:
    confirmed = FLOWTABLE.condition(stage, "confirmed")
    assert isinstance(confirmed, ApprovalCondition)
    assert (confirmed.by, confirmed.mode) == (("pm", "project_owner"), "any")
    assert confirmed.form == "flow_table"


@pytest.mark.parametrize(("stage", "key"), [("tasks", "c1"), ("owners", "c1"), ("owners", "c2")])
@pytest.mark.parametrize("tables", [(), ({},), ({"rows": []},)], ids=["none", "blank", "no rows"])
def test_without_rows_no_step_is_done(stage: str, key: str, tables: tuple[Any, ...]) -> None:
    assert told(stage, key, *tables) == (False, "")


@pytest.mark.parametrize(
    ("stage", "key", "columns"),
    [("tasks", "c1", WITH_TASKS), ("owners", "c1", ("owner",)), ("owners", "c2", WITH_DATES)],
)
def test_a_draft_of_the_table_with_its_columns_fills_a_step(
    stage: str, key: str, columns: tuple[str, ...]
) -> None:
    assert told(stage, key, {"rows": [row(*columns)]}) == (True, "")


@pytest.mark.parametrize(
    ("stage", "key", "columns", "missing"),
    [
        *(("tasks", "c1", WITH_TASKS, column) for column in WITH_TASKS),
        ("owners", "c1", ("owner",), "owner"),
        *(("owners", "c2", WITH_DATES, column) for column in WITH_DATES),
    ],
)
def test_every_row_has_every_column_of_a_step(
    stage: str, key: str, columns: tuple[str, ...], missing: str
) -> None:
    short = row(*(column for column in columns if column != missing))
    assert told(stage, key, {"rows": [row(*columns), short]}) == (False, "")


def test_no_task_ends_before_it_starts() -> None:
    backwards = row(*WITH_DATES) | {"starts_on": "2026-11-22", "ends_on": "2026-11-21"}
    assert told("owners", "c2", {"rows": [backwards]}) == (False, "")


@pytest.mark.parametrize("column", ["phase", "task", "owner", "starts_on", "ends_on", "completion"])
def test_a_complete_table_has_every_column_of_the_source(column: str) -> None:
    assert compiled(TABLE).is_valid({"rows": [ROW]})
    short = {key: ROW[key] for key in ROW if key != column}
    assert not compiled(TABLE).is_valid({"rows": [short]})


def test_either_of_the_two_who_confirm_judges() -> None:
    rule = FLOWTABLE.judgement
    assert (rule.mode, rule.roles) == ("any", ("pm", "project_owner"))
