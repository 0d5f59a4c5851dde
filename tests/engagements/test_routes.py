"""Engagements over HTTP: the projects they spawn and group, and what a risk that occurs brings about in these."""

from typing import Any
from uuid import uuid4

from tests.engaged import OCCURRENCE, REASON, code, engaged, identifier, link, new_engagement
from tests.pursuit import Pursuit, done
from tests.world import World


async def test_a_project_is_spawned_in_one_commit_and_once_for_one_key(world: World) -> None:
    engagement = await new_engagement(world)
    body = {"code": code(), "template": "project.5", "header": {"name": "门户二期"}, **REASON}
    key = {"Idempotency-Key": f"spawn-{uuid4()}", "Correlation-Id": f"c-{uuid4()}"}
    path = f"{engagement.path}/spawned-projects"
    made = done(await world.marketer.post(path, body, **key))
    again = await world.marketer.post(path, body, **key)
    assert (again.content, again.headers["idempotent-replayed"]) == (made.content, "true")

    project = Pursuit(world, made.headers["location"])
    [told] = made.json()["events"]
    events = await project.items("events", order="asc")
    assert [one["type"] for one in events] == [
        "project.created",
        "stage.entered",
        "engagement.joined",
    ]
    assert told["data"]["project_id"] == identifier(project)
    assert events[2]["data"]["engagement_id"] == identifier(engagement)
    assert {one["causation_id"] for one in events} == {told["id"]}
    assert {one["correlation_id"] for one in [told, *events]} == {key["Correlation-Id"]}
    assert [one["position"] for one in events] == [told["position"] + n for n in (1, 2, 3)]
    assert {one["recorded_at"] for one in [told, *events]} == {told["recorded_at"]}
    [then] = await engagement.items("linked-projects", as_of=made.headers["etag"].strip('"'))
    assert (then["id"], then["standing"]["name"]) == (identifier(project), "门户二期")
    [link_there] = await project.items("engagements")
    assert (link_there["origin"], link_there["id"]) == ("spawned", identifier(engagement))


async def test_nothing_is_written_of_a_spawned_project_whose_code_is_taken(world: World) -> None:
    engagement = await new_engagement(world)
    taken = (await engagement.card())["code"]
    before = (await engagement.card())["version"]
    body = {"code": taken, "template": "project.5", "header": {"name": "门户二期"}}
    refused = await world.marketer.post(f"{engagement.path}/spawned-projects", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "project_code_taken")
    assert (await engagement.card())["version"] == before
    assert await engagement.items("linked-projects") == []


async def test_linked_projects_are_shown_as_they_stand_and_as_they_stood(world: World) -> None:
    engagement = await new_engagement(world)
    project = Pursuit(world, await world.project(code(), expected_amount="1250000.50"))
    linked = (await link(engagement, project))["events"][0]["position"]
    await project.post("suspensions", {"reason": "客户推迟"})
    name = f"linked-projects/{identifier(project)}"
    suspended = await _newest_position(world)
    gone = await world.marketer.delete(f"{engagement.path}/{name}", reason="转由他人")
    assert done(gone).json()["linked_project"]["unlinking_reason"] == "转由他人"
    assert await _standings(engagement) == [("unlinked", "suspended", "1250000.50")]
    assert await _standings(engagement, as_of=f"@{linked}") == [("linked", "open", "1250000.50")]
    assert await _standings(engagement, as_of=f"@{suspended}") == [
        ("linked", "suspended", "1250000.50")
    ]
    assert await engagement.items("linked-projects", status="linked") == []
    assert await engagement.items("linked-projects", as_of="2") == []
    [left] = await project.items("events", type="engagement.left")
    assert left["causation_id"] == gone.json()["events"][0]["id"]


async def test_a_risk_that_occurs_reopens_the_linked_one_and_warns_its_owner(world: World) -> None:
    both = await engaged(world)
    await _answer(both.project, both.risk)
    await both.project.post(f"risks/{both.risk}/closures", CLOSURE)
    before = await _newest_position(world)
    [occurred] = (await both.occur())["events"]

    risk = (await both.project.items("risks"))[0]
    assert (risk["status"], risk["awaits_assessment"], risk["reopenings"]) == ("open", True, 1)
    assert risk["reopening"] == OCCURRENCE["description"]
    caused = await both.project.items(
        "events", order="asc", correlation_id=occurred["correlation_id"]
    )
    assert [one["type"] for one in caused] == ["risk.reopened", "warning.given"]
    assert {one["causation_id"] for one in caused} == {occurred["id"]}
    assert {(one["actor"]["type"], one["actor"]["name"]) for one in caused} == {
        ("system", "linkage")
    }
    people = caused[1]["data"]["people"]
    assert [one["person_id"] for one in people] == [
        world.dept_head.id,
        world.sales_manager.id,
    ]
    then = await both.project.items("risks", as_of=f"@{before}")
    assert (then[0]["status"], then[0]["awaits_assessment"]) == ("closed", False)
    texts = done(
        await world.marketer.get(
            f"{both.project.path}/diff", **{"from": f"@{before}", "to": f"@{caused[1]['position']}"}
        )
    ).text
    assert "awaits_assessment" in texts

    await both.project.post(f"risks/{both.risk}/assessments", {"probability": 5, "impact": 4})
    assert (await both.project.items("risks"))[0]["awaits_assessment"] is False


async def test_a_project_without_a_linked_risk_is_warned_as_a_whole_and_a_closed_one_is_not(
    world: World,
) -> None:
    both = await engaged(world)
    other = Pursuit(world, await world.project(code()))
    closed = Pursuit(world, await world.project(code()))
    for one in (other, closed):
        await link(both.engagement, one)
    await closed.post("closings", {"outcome": "lost", "reason_code": "price"})
    await both.occur()
    [warning] = await other.items("warnings")
    assert warning["risk_ids"] == []
    holders = {getattr(world, role).id for role in ("marketer", "dept_head", "sales_manager")}
    assert set(warning["people"]) == holders | {world.general_manager.id}
    assert await closed.items("warnings") == []


async def test_a_reopened_project_hears_of_what_occurred_while_it_was_closed_and_of_that_alone(
    world: World,
) -> None:
    both = await engaged(world)
    again = {"to_stage": "initiation", "reason": "重新招标"}
    await both.occur()
    await _answer(both.project, both.risk)
    await both.project.post("closings", {"outcome": "lost", "reason_code": "price"})
    await both.occur()
    occurred = (await both.occur())["events"][0]
    events = (await both.project.post("reopenings", again))["events"]
    assert [one["type"] for one in events] == [
        "project.reopened",
        "stage.entered",
        "risk.reopened",
        "warning.given",
    ]
    assert events[2]["data"]["cause_risk_id"] == both.cause
    assert events[3]["data"]["warning_id"] == occurred["id"]
    [risk] = await both.project.items("risks")
    assert (risk["awaits_assessment"], risk["reopenings"]) == (True, 2)
    await both.project.post("closings", {"outcome": "lost", "reason_code": "price"})
    events = (await both.project.post("reopenings", again))["events"]
    assert [one["type"] for one in events] == ["project.reopened", "stage.entered"]


async def test_a_warning_waits_for_each_person_until_they_acknowledge_it(world: World) -> None:
    both = await engaged(world)
    await both.occur()
    mine = done(await world.dept_head.get("/v1/me/warnings")).json()["items"]
    assert [one["project_id"] for one in mine] == [identifier(both.project)]
    name = f"warnings/{mine[0]['warning']['id']}/acknowledgements"
    refused = await world.outsider.post(f"{both.project.path}/{name}")
    assert (refused.status_code, refused.json()["code"]) == (403, "role_not_allowed")
    first = await both.project.post(name, {"note": "已通知项目组"}, by="dept_head")
    second = done(await world.dept_head.post(f"{both.project.path}/{name}"))
    assert (len(first["events"]), second.status_code, second.json()["events"]) == (1, 200, [])
    assert done(await world.dept_head.get("/v1/me/warnings")).json()["items"] == []
    [warning] = await both.project.items("warnings")
    assert warning["people"][world.dept_head.id]["note"] == "已通知项目组"


async def test_unlinking_a_risk_or_its_project_ends_what_the_risk_brings_about(
    world: World,
) -> None:
    both = await engaged(world)
    path = f"{both.engagement.path}/risks/{both.cause}/links/{both.risk}"
    ended = done(await world.marketer.delete(path, reason="已另签合同"))
    assert ended.json()["risk"]["links"] == {}
    assert (await both.project.items("risks"))[0]["links"] == {}
    await both.occur()
    assert (await both.project.items("risks"))[0]["reopenings"] == 0

    again = await engaged(world)
    name = f"linked-projects/{identifier(again.project)}"
    done(await world.marketer.delete(f"{again.engagement.path}/{name}", reason="转由他人"))
    assert (await again.engagement.items("risks"))[0]["links"] == {}
    assert (await again.project.items("risks"))[0]["links"] == {}
    await again.occur()
    assert await again.project.items("warnings") == []


CLOSURE = {"reason": "合同已签", "residual_probability": 1, "residual_impact": 1}


async def _answer(project: Pursuit, risk: str) -> None:
    await project.post(f"risks/{risk}/assessments", {"probability": 4, "impact": 4})
    response = {
        "strategy": "mitigate",
        "actions": "与客户签保底合同",
        "owner_id": project.world.sales_manager.id,
        "trigger": "客户减产",
    }
    await project.post(f"risks/{risk}/responses", response)


async def _standings(engagement: Pursuit, **query: Any) -> list[tuple[str, str, str]]:
    items = await engagement.items("linked-projects", **query)
    return [
        (one["status"], one["standing"]["status"], one["standing"]["expected_amount"])
        for one in items
    ]


async def _newest_position(world: World) -> int:
    page = done(await world.owner.get("/v1/events", order="desc", limit=1)).json()
    position: int = page["items"][0]["position"]
    return position
