"""Change control over HTTP: from a confirmed requirement to its new words."""

from tests.control import new_change, submitted_change
from tests.pursuit import Pursuit, done
from tests.world import World


async def _pursuit(world: World) -> Pursuit:
    return Pursuit(world, await world.project())


async def test_an_approved_change_puts_new_words_in_place_of_the_confirmed_ones(
    world: World,
) -> None:
    pursuit = await _pursuit(world)
    change = await submitted_change(pursuit)
    approval = {"decision": "approve_with_conditions", "conditions": ["先签补充协议"]}
    own = await world.marketer.post(f"{pursuit.path}/{change}/decisions", approval)
    assert (own.status_code, own.json()["code"]) == (403, "role_not_allowed")
    decided = await pursuit.post(f"{change}/decisions", approval, by="general_manager")
    assert decided["change_request"]["status"] == "approved"
    assert decided["events"][0]["actor"]["role"] == "general_manager"
    applied = await pursuit.post(f"{change}/applications", {})
    assert [event["type"] for event in applied["events"]] == [
        "change.applied",
        "requirement.superseded",
    ]
    [requirement] = await pursuit.items("requirements")
    assert (requirement["text"], requirement["revision"]) == ("日处理污水三十万吨", 2)
    assert requirement["superseded_by"] == applied["change_request"]["id"]
    before_and_after = {
        entry["path"].rpartition("/")[2]: (entry["before"], entry["after"])
        for entry in applied["events"][1]["changes"]
    }
    assert before_and_after["text"] == ("日处理污水二十万吨", "日处理污水三十万吨")
    assert before_and_after["revision"] == (1, 2)


async def test_a_decider_who_raised_the_change_leaves_the_decision_to_another(world: World) -> None:
    pursuit = await _pursuit(world)
    change = await submitted_change(pursuit, by="dept_head")
    rejection = {"decision": "reject", "comment": "超出合同范围"}
    own = await world.dept_head.post(f"{pursuit.path}/{change}/decisions", rejection)
    assert (own.status_code, own.json()["code"]) == (403, "self_approval")
    decided = await pursuit.post(f"{change}/decisions", rejection, by="sales_manager")
    assert decided["change_request"]["status"] == "rejected"
    read = done(await world.marketer.get(f"{pursuit.path}/{change}")).json()
    assert read == decided["change_request"]


async def test_an_undecided_change_keeps_the_gate_of_its_stage_closed(world: World) -> None:
    pursuit = await _pursuit(world)
    await pursuit.open_gate()
    change = await submitted_change(pursuit)
    identifier = change.rpartition("/")[2]
    await new_change(pursuit, stages=["signing"])
    assert (await pursuit.gate())["blockers"] == [
        {"code": "change_undecided", "subject": identifier, "value": "submitted"}
    ]
    refused = await world.marketer.post(f"{pursuit.path}/stage-advances")
    assert (refused.status_code, refused.json()["code"]) == (409, "gate_closed")
    assert refused.json()["events"][0]["actor"]["role"] == "marketer"
    deferral = {"decision": "defer", "review_on": "2999-12-31"}
    await pursuit.post(f"{change}/decisions", deferral, by="general_manager")
    assert (await pursuit.gate())["open"]
    assert (await pursuit.advance()).json()["project"]["stage"] == "contact"


async def test_a_withdrawn_change_no_longer_keeps_the_gate_closed(world: World) -> None:
    pursuit = await _pursuit(world)
    await pursuit.open_gate()
    change = await new_change(pursuit)
    assert not (await pursuit.gate())["open"]
    withdrawn = await pursuit.post(f"{change}/withdrawals", {"reason": "客户撤回"})
    assert withdrawn["change_request"]["withdrawal_reason"] == "客户撤回"
    assert (await pursuit.gate())["open"]
    assert [item["status"] for item in await pursuit.items("change-requests")] == ["withdrawn"]
    assert await pursuit.items("change-requests", status="raised") == []
