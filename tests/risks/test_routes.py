"""The risk register over HTTP."""

from typing import Any

from tests.control import RESIDUAL, new_risk
from tests.pursuit import Pursuit, done
from tests.world import World


def _response(owner_id: str) -> dict[str, Any]:
    return {
        "strategy": "transfer",
        "actions": "与钢厂签框架协议",
        "owner_id": owner_id,
        "trigger": "钢价周涨幅超过百分之五",
    }


async def _assessed(pursuit: Pursuit, probability: int, impact: int) -> str:
    risk = await new_risk(pursuit)
    body = {"probability": probability, "impact": impact, "rationale": "近三月走势"}
    await pursuit.post(f"{risk}/assessments", body)
    return risk


async def test_a_risk_is_followed_from_its_identification_to_its_end(world: World) -> None:
    pursuit = Pursuit(world, await world.project())
    risk = await new_risk(pursuit)
    grade = {"probability": 4, "impact": 5}
    assessed = (await pursuit.post(f"{risk}/assessments", grade))["risk"]
    assert (assessed["score"], assessed["band"]) == (20, "critical")
    planned = await pursuit.post(f"{risk}/responses", _response(world.dept_head.id))
    assert planned["risk"]["response"]["owner_name"] == world.dept_head.name
    note = {"note": "价格平稳", "next_review_on": "2027-01-31"}
    reviewed = await pursuit.post(f"{risk}/reviews", note)
    assert reviewed["risk"]["next_review_on"] == "2027-01-31"
    occurrence = {"description": "涨价百分之八", "measures": "启动备选供应商"}
    assert (await pursuit.post(f"{risk}/occurrences", occurrence))["risk"]["status"] == "occurred"
    closed = (await pursuit.post(f"{risk}/closures", RESIDUAL))["risk"]
    assert (closed["status"], closed["residual_score"], closed["residual_band"]) == (
        "closed",
        2,
        "low",
    )
    assert done(await world.auditor.get(f"{pursuit.path}/{risk}")).json() == closed
    events = await pursuit.items("events", type="risk.*")
    assert [event["type"] for event in events] == [
        "risk.identified",
        "risk.assessed",
        "risk.response_planned",
        "risk.reviewed",
        "risk.occurred",
        "risk.closed",
    ]


async def test_the_register_puts_the_heaviest_risk_first_and_the_unassessed_last(
    world: World,
) -> None:
    pursuit = Pursuit(world, await world.project())
    unassessed = await new_risk(pursuit)
    light, heavy = await _assessed(pursuit, 1, 2), await _assessed(pursuit, 5, 4)
    register = await pursuit.items("risks")
    assert [f"risks/{item['id']}" for item in register] == [heavy, light, unassessed]
    await pursuit.post(f"{light}/closures", RESIDUAL)
    still_open = await pursuit.items("risks", status="open")
    assert [f"risks/{item['id']}" for item in still_open] == [heavy, unassessed]


async def test_the_matrix_counts_the_risks_that_are_not_closed(world: World) -> None:
    pursuit = Pursuit(world, await world.project())
    await new_risk(pursuit)
    await _assessed(pursuit, 2, 3)
    await _assessed(pursuit, 5, 5)
    closed = await _assessed(pursuit, 5, 5)
    await _assessed(pursuit, 2, 3)
    await pursuit.post(f"{closed}/closures", RESIDUAL)
    assert await pursuit.items("risk-matrix") == [
        {"probability": 2, "impact": 3, "band": "medium", "risks": 2},
        {"probability": 5, "impact": 5, "band": "critical", "risks": 1},
    ]


async def test_a_high_risk_without_a_response_keeps_the_gate_closed(world: World) -> None:
    pursuit = Pursuit(world, await world.project())
    await pursuit.open_gate()
    risk = await _assessed(pursuit, 3, 3)
    identifier = risk.rpartition("/")[2]
    assert (await pursuit.gate())["blockers"] == [
        {"code": "risk_unanswered", "subject": identifier, "value": 9}
    ]
    await pursuit.post(f"{risk}/responses", _response(world.marketer.id))
    assert (await pursuit.gate())["open"]
