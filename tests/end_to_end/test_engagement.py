"""An engagement with its goal, a project that comes from it, and a risk that turns into one of the project's, followed
from the occurrence to the webhook, and looked back at.
"""

from pathlib import Path

from standardwebhooks import Webhook

from tests.end_to_end.conftest import notifier_process
from tests.end_to_end.test_pursuit_becomes_webhooks import subscribe
from tests.engaged import GOAL, LOST_ORDER, OCCURRENCE, code, identifier, new_engagement, risk_of
from tests.notifier.receiver import Receiver, until
from tests.pursuit import Pursuit, done
from tests.world import World


async def test_a_business_risk_that_occurs_is_told_to_those_who_carry_the_project_s(
    world: World, receiver: Receiver, tmp_path: Path
) -> None:
    secret = await subscribe(world, receiver, ["warning.*", "risk.reopened", "engagement.*"])
    engagement = await new_engagement(world)
    goal = (await engagement.post("goals", {**GOAL, "metric": "market_share"}))["goal"]
    await engagement.post("metrics/market_share/values", {"value": 36.0, "on": "2026-03-31"})
    body = {"code": code(), "template": "project.5", "header": {"name": "定制开发"}}
    made = done(await world.marketer.post(f"{engagement.path}/spawned-projects", body))
    project = Pursuit(world, made.headers["location"])
    manager = {"role": "pm", "person_id": world.marketer.id}
    await project.post("role-holders", manager)
    risk = await risk_of(project, "dept_head", category="resource", event="开发项目搁置")
    await project.post(f"risks/{risk}/assessments", {"probability": 1, "impact": 2})
    residual = {"reason": "订单已签", "residual_probability": 1, "residual_impact": 1}
    await project.post(f"risks/{risk}/closures", residual)
    cause = await risk_of(engagement, **LOST_ORDER)
    linking = {"project_id": identifier(project), "risk_id": risk, "note": "取消则搁置"}
    linked = (await engagement.post(f"risks/{cause}/links", linking))["events"][0]["position"]

    [occurred] = (await engagement.post(f"risks/{cause}/occurrences", OCCURRENCE))["events"]
    async with notifier_process(world.api.database, tmp_path / "notifier.log"):
        await until(lambda: "warning.given" in [one.event["type"] for one in receiver.accepted])
    types = [one.event["type"] for one in receiver.accepted]
    assert types[-2:] == ["risk.reopened", "warning.given"]
    for one in receiver.accepted[-2:]:
        Webhook(secret).verify(one.body, one.headers)
        assert one.project == identifier(project)
        assert one.event["causation_id"] == occurred["id"]
        assert one.event["correlation_id"] == occurred["correlation_id"]
    [warned] = receiver.accepted[-1].event["data"]["people"]
    assert warned == {"person_id": world.dept_head.id, "person_name": world.dept_head.name}

    now, then = await project.items("risks"), await project.items("risks", as_of=f"@{linked}")
    assert [(one["status"], one["awaits_assessment"]) for one in now] == [("open", True)]
    assert [(one["status"], one["awaits_assessment"]) for one in then] == [("closed", False)]
    health = done(await world.marketer.get(f"{project.path}/health")).json()["computed"]
    assert health["level"] == "amber"
    [shown] = await engagement.items("goals")
    assert (shown["id"], shown["value"], shown["is_reached"]) == (goal["id"], 36.0, False)
    [mine] = done(await world.dept_head.get("/v1/me/warnings")).json()["items"]
    path = f"{project.path}/warnings/{mine['warning']['id']}/acknowledgements"
    done(await world.dept_head.post(path, {"note": "已通知项目组"}))
    assert done(await world.dept_head.get("/v1/me/warnings")).json()["items"] == []
