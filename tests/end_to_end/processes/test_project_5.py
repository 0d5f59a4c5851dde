"""A project in five stages over HTTP: its resources change by change control alone, and its goals end it."""

from tests.end_to_end.processes.walker import Walk
from tests.forms.values import valid_values
from tests.world import World

CONTROLLED = ("change_undecided", "c3")
IMPACT = {
    "scope": "增加一台备用水泵",
    "days": 0,
    "cost": "86000.00",
    "currency": "CNY",
    "quality": "不变",
    "risk": "不变",
    "resource": "安装工人两名",
}


async def raised_change(walk: Walk) -> str:
    """A change of a confirmed requirement, submitted for decision; its path."""
    told = {"title": "水泵", "text": "安装水泵三台。", "requested_by": "设备科 王工"}
    requirement = (await walk.post("pm", "requirements", told))["requirement"]["id"]
    confirmed = {"confirmed_by": "王工", "confirmed_on": "2026-03-16", "evidence": "会议纪要"}
    await walk.post("pm", f"requirements/{requirement}/confirmations", confirmed)
    proposed = {
        "requirement_id": requirement,
        "title": "增加水泵",
        "reason": "流量增加",
        "proposed_title": "水泵",
        "proposed_text": "安装水泵四台。",
        "requested_by": "设备科 王工",
    }
    change = (await walk.post("pm", "change-requests", proposed))["change_request"]["id"]
    await walk.post("pm", f"change-requests/{change}/assessments", IMPACT)
    await walk.post("pm", f"change-requests/{change}/submissions", {})
    return f"change-requests/{change}"


async def _refused_budget(walk: Walk, change: str | None = None) -> list[str]:
    """Why a member may not revise the budget in the charter and in the header; a change's path names it."""
    values = valid_values(walk.template.forms["charter"].json_schema) | {"budget": "99999999.00"}
    named = {"change_id": change.rpartition("/")[2]} if change else {}
    revision = {"values": values, "complete": True, "reason": "追加预算"}
    member = walk.people["member"]
    answers = [
        await member.put(f"{walk.path}/forms/charter", revision | named),
        await member.patch(walk.path, {"header": {"budget": "99999999.00"}} | named),
    ]
    return [answer.json()["code"] for answer in answers if answer.is_error]


async def test_after_the_start_a_change_of_resources_is_decided_and_applied_before_the_gate_opens(
    world: World,
) -> None:
    walk = await Walk.begin(world, "project.5")
    for _ in ("initiation", "planning"):
        await walk.fulfil()
        await walk.advance()
    assert await _refused_budget(walk) == ["change_required"] * 2
    change = await raised_change(walk)
    assert await _refused_budget(walk, change) == ["change_not_approved"] * 2
    await walk.fulfil()
    assert CONTROLLED in await walk.blockers()
    own = await walk.ask("pm", f"{change}/decisions", {"decision": "approve"})
    assert own.json()["code"] == "self_approval"
    put_off = {"decision": "defer", "review_on": "2099-01-01"}
    await walk.post("business_team", f"{change}/decisions", put_off)
    assert await walk.blockers() == {CONTROLLED}
    await walk.post("business_team", f"{change}/decisions", {"decision": "approve"})
    assert await walk.blockers() == {CONTROLLED}
    assert await _refused_budget(walk, change) == []
    await walk.judge("pm")
    await walk.post("pm", f"{change}/applications", {})
    assert await _refused_budget(walk, change) == ["change_not_approved"] * 2
    assert await walk.blockers() == set()


async def test_a_project_ends_once_its_goals_are_met_and_every_milestone_had_its_risks_assessed(
    world: World,
) -> None:
    walk = await Walk.begin(world, "project.5")
    assessed = {"planning": "c8", "execution": "c5", "monitoring": "c8"}
    for stage in walk.template.stages[:-1]:
        before = await walk.blockers()
        if stage.key in assessed:
            assert ("condition_not_met", assessed[stage.key]) in before
        await walk.fulfil()
        await walk.advance()
    goals = valid_values(walk.template.forms["goal_achievement"].json_schema)["goals"]
    await walk.fulfil({"goal_achievement": {"goals": [goals[0] | {"reached": False}]}})
    assert await walk.blockers() == {("condition_not_met", "c3")}
    refused = await walk.ask("pm", "closings", {"outcome": "completed"})
    assert refused.status_code == 409
    await walk.revise("goal_achievement")
    await walk.judge("pm")
    closed = await walk.close("completed", "pm")
    assert closed["project"]["status"] == "closed"
