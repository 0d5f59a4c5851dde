"""The board and the pipeline: projects by stage, their worth weighted by probability, and what was left out."""

from decimal import Decimal
from typing import Any

import pytest

from genjin.templates.model import Stage
from genjin_api.reports.groups import Group
from genjin_api.reports.pipeline import board, pipeline
from tests.pursuit import Pursuit, done
from tests.templates.rich import BODY, RICH, publish
from tests.world import World


def group(stage: str = "first", **more: Any) -> Group:
    values: dict[str, Any] = {
        "template_key": RICH.key,
        "template_version": 1,
        "stage": stage,
        "status": "open",
        "currency": "CNY",
        "projects": 2,
        "with_amount": 2,
        "amount": Decimal("1000.00"),
    }
    return Group(**values | more)


def likely(probability: float | None) -> Any:
    stage = RICH.stages[0].model_copy(update={"probability": probability})
    return lambda _group: stage


def test_the_weight_is_the_probability_of_the_stage() -> None:
    [worth] = pipeline([group()], likely(0.25))
    assert worth == {
        "currency": "CNY",
        "projects": 2,
        "amount": "1000.00",
        "weighted_amount": "250.00",
        "left_out": {
            "without_amount": 0,
            "without_probability": 0,
            "amount_without_probability": "0.00",
        },
    }


def test_what_has_no_probability_is_left_out_and_said_to_be() -> None:
    [worth] = pipeline([group()], likely(None))
    assert worth["weighted_amount"] == "0.00"
    assert worth["left_out"]["without_probability"] == 2
    assert worth["left_out"]["amount_without_probability"] == "1000.00"


def test_what_has_no_amount_is_counted() -> None:
    [worth] = pipeline([group(projects=5, with_amount=3)], likely(0.5))
    assert worth["left_out"]["without_amount"] == 2


def test_currencies_are_not_added_up() -> None:
    found = pipeline([group(), group(currency="EUR"), group(currency=None)], likely(0.5))
    assert [one["currency"] for one in found] == ["CNY", "EUR", None]


@pytest.mark.parametrize(
    ("amount", "rounded"), [("0.30", "0.02"), ("0.10", "0.00"), ("0.50", "0.02")]
)
def test_a_weighted_amount_is_rounded_half_to_even_at_the_end(amount: str, rounded: str) -> None:
    [worth] = pipeline([group(amount=Decimal(amount))], likely(0.05))
    assert worth["weighted_amount"] == rounded


def test_the_board_stands_in_the_order_of_the_stages_and_tells_suspended_ones_apart() -> None:
    groups = [group("last", status="suspended"), group("first"), group("gone", projects=1)]
    places = {"first": 0, "last": 3, "gone": 9}

    def stage_of(one: Group) -> Stage | None:
        return None if one.stage == "gone" else RICH.stage(one.stage)

    columns = board(groups, stage_of, lambda one: places[one.stage])
    assert [(one["stage"], one["open"], one["suspended"]) for one in columns] == [
        ("first", 2, 0),
        ("last", 0, 2),
        ("gone", 1, 0),
    ]
    assert columns[2]["title"] is None


async def test_the_pipeline_of_a_workspace_now_and_on_an_earlier_position(world: World) -> None:
    weighted = BODY | {
        "stages": [{**BODY["stages"][0], "probability": 0.4}, *BODY["stages"][1:]],
        "header": [
            *BODY["header"],
            {
                "key": "expected_amount",
                "title": {"zh": "预计金额", "en": "Expected"},
                "max_length": 20,
                "format": "money",
            },
        ],
    }
    await publish(world, "weighted.4", weighted)
    made = {"template": "weighted.4", "header": {"name": "甲", "expected_amount": "500.00"}}
    done(await world.marketer.post("/v1/projects", made | {"code": "P-1"}))
    first = done(await world.marketer.get("/v1/reports/pipeline"))
    position = (await world.owner.get("/v1/events", order="desc", limit=1)).json()["items"][0][
        "position"
    ]
    done(await world.marketer.post("/v1/projects", made | {"code": "P-2"}))
    [now] = done(await world.marketer.get("/v1/reports/pipeline")).json()["worth"]
    assert (now["projects"], now["amount"], now["weighted_amount"]) == (2, "1000.00", "400.00")
    then = done(await world.marketer.get("/v1/reports/pipeline", as_of=f"@{position}"))
    assert then.json() == first.json()
    [was] = then.json()["worth"]
    assert (was["projects"], was["weighted_amount"]) == (1, "200.00")


async def test_the_board_leaves_closed_projects_out(world: World) -> None:
    pursuit = Pursuit(world, await world.project("B-1", department="水务事业部"))
    await world.project("B-2")
    lost = {"outcome": "lost", "reason_code": "price"}
    await pursuit.post("closings", lost)
    [column] = done(await world.marketer.get("/v1/reports/board")).json()["columns"]
    assert (column["stage"], column["open"]) == ("initiation", 1)
    assert column["title"]["zh"] == "项目立项"
    asked = {"department": "水务事业部"}
    assert done(await world.marketer.get("/v1/reports/board", **asked)).json()["columns"] == []


async def test_a_report_at_a_version_is_refused(world: World) -> None:
    assert (await world.marketer.get("/v1/reports/board", as_of="3")).status_code == 422
