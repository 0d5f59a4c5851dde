"""A running project is moved to another template version: what it would stop is shown first, what was passed stays."""

from typing import Any

from tests.engaged import link, new_engagement
from tests.pursuit import Pursuit, done
from tests.templates.rich import BODY, KEY, publish, rich_project, stage
from tests.world import World

MEMO = {
    "memo": {"title": {"zh": "备忘", "en": "Memo"}, "schema": {"type": "object", "properties": {}}}
}

ENGAGED = BODY | {
    "kind": "engagement",
    "period": {"every": "quarter"},
    "outcomes": [],
    "stages": [*BODY["stages"][:-1], {**BODY["stages"][-1], "exits": [{"to": "first"}]}],
}


def renamed(old: str, new: str, **more: Any) -> dict[str, Any]:
    """The rich template with another name for a stage."""
    stages = []
    for one in BODY["stages"]:
        exits = [{**way, "to": new if way["to"] == old else way["to"]} for way in one["exits"]]
        returns = [new if key == old else key for key in one.get("return_to") or []] or None
        key = new if one["key"] == old else one["key"]
        stages.append({**one, "key": key, "exits": exits, "return_to": returns})
    return BODY | {"stages": stages} | more


def with_memo() -> dict[str, Any]:
    first = {**BODY["stages"][0], "forms": ["memo"]}
    return BODY | {"stages": [first, *BODY["stages"][1:]], "forms": MEMO}


async def impact(world: World, path: str) -> dict[str, Any]:
    items = done(await world.owner.get(f"/v1/templates/{KEY}/{path}/impact")).json()["items"]
    return {item["code"]: item for item in items}


async def migrate(world: World, path: str, **body: Any) -> dict[str, Any]:
    answer = await world.owner.post(f"{path}/template-migrations", {"reason": "改版", **body})
    made: dict[str, Any] = done(answer).json()
    return made


async def test_a_draft_says_which_running_projects_its_gate_would_stop(world: World) -> None:
    path = await rich_project(world, "M-1")
    done(await world.owner.put(f"/v1/templates/{KEY}/draft", {"body": with_memo()}))
    found = (await impact(world, "draft"))["M-1"]
    assert found["stopped"]
    assert found["blockers"] == [{"code": "form_missing", "subject": "memo", "value": "missing"}]
    assert (await world.marketer.get(path)).json()["template"]["version"] == 1


async def test_a_draft_that_changes_nothing_stops_nobody(world: World) -> None:
    await rich_project(world, "M-2")
    title = {"zh": "另", "en": "other"}
    done(await world.owner.put(f"/v1/templates/{KEY}/draft", {"body": BODY | {"title": title}}))
    assert not (await impact(world, "draft"))["M-2"]["stopped"]


async def test_a_draft_of_a_kind_that_a_linked_project_cannot_have_says_so(world: World) -> None:
    project = Pursuit(world, await rich_project(world, "M-2a"))
    await link(await new_engagement(world), project)
    done(await world.owner.put(f"/v1/templates/{KEY}/draft", {"body": ENGAGED}))
    found = (await impact(world, "draft"))["M-2a"]
    assert found["stopped"]
    assert found["refused"]["code"] == "engagement_nested"


async def test_a_closed_project_is_no_running_one(world: World) -> None:
    path = await rich_project(world, "M-3")
    done(await world.general_manager.post(f"{path}/closings", {"outcome": "lost"}))
    done(await world.owner.put(f"/v1/templates/{KEY}/draft", {"body": with_memo()}))
    assert await impact(world, "draft") == {}


async def test_a_version_without_the_active_stage_says_that_a_mapping_is_needed(
    world: World,
) -> None:
    path = await rich_project(world, "M-4")
    await publish(world, KEY, renamed("first", "begin"))
    found = (await impact(world, "versions/2"))["M-4"]
    assert [one["pointer"] for one in found["unmapped"]] == ["/stages/first"]
    body = {"reason": "改版", "stages": {"first": "begin"}}
    preview = done(await world.owner.post(f"{path}/template-migrations/previews", body)).json()
    assert preview["unmapped"] == []
    assert (await world.marketer.get(path)).json()["template"]["version"] == 1


async def test_a_project_goes_on_in_the_stage_that_its_own_is_mapped_to(world: World) -> None:
    path = await rich_project(world, "M-5")
    await publish(world, KEY, renamed("first", "begin"))
    made = await migrate(world, path, stages={"first": "begin"})
    assert made["project"]["template"] == {"key": KEY, "version": 2}
    assert made["project"]["stage"] == "begin"
    [old, new] = done(await world.marketer.get(f"{path}/stages")).json()["items"]
    assert (old["left_by"], old["left_to"]) == ("migration", "begin")
    assert (new["stage"], new["left_at"]) == ("begin", None)
    matrix = done(await world.marketer.get(f"{path}/judgements")).json()["items"]
    assert {one["stage"] for one in matrix} == {"begin"}


async def test_what_was_passed_stays_passed_and_its_receipt_names_the_version(
    world: World,
) -> None:
    path = await rich_project(world, "M-6")
    seller, boss, clerk = world.marketer, world.general_manager, world.dept_head
    done(await seller.post(f"{path}/actuals", {"text": "已谈妥"}))
    done(await seller.put(f"{path}/conditions/c1", {"met": True}))
    done(await clerk.put(f"{path}/conditions/safe", {"met": True}))
    for role, person in (("boss", boss), ("clerk", clerk)):
        approval = {"role": role, "approved": True}
        done(await person.post(f"{path}/conditions/plan/approvals", approval))
    done(await seller.post(f"{path}/judgements", {"role": "seller", "verdict": "advance"}))
    done(await boss.post(f"{path}/judgements", {"role": "boss", "verdict": "advance"}))
    done(await seller.post(f"{path}/stage-advances"))
    before = done(await seller.get(f"{path}/stages")).json()["items"][0]
    await publish(world, KEY, with_memo())
    made = await migrate(world, path)
    assert made["project"]["stage"] == "small"
    after = done(await seller.get(f"{path}/stages")).json()["items"][0]
    assert after == before
    assert after["receipt"]["template"] == {"key": KEY, "version": 1}


async def test_a_role_goes_by_its_new_name(world: World) -> None:
    path = await rich_project(world, "M-7")
    roles = [
        {**role, "key": "chief" if role["key"] == "boss" else role["key"]} for role in BODY["roles"]
    ]
    chief = BODY | {
        "roles": roles,
        "judgement": {**BODY["judgement"], "roles": ["seller", "chief"]},
        "outcomes": [BODY["outcomes"][0]],
        "change_deciders": ["clerk", "chief"],
        "override_by": ["chief"],
        "stages": [stage("first")],
    }
    await publish(world, KEY, chief)
    made = await migrate(world, path, roles={"boss": "chief"})
    [holder] = made["project"]["role_holders"]["chief"]
    assert holder["person_id"] == world.general_manager.id
    assert "boss" not in made["project"]["role_holders"]


async def test_a_migration_asks_the_judges_again(world: World) -> None:
    path = await rich_project(world, "M-8")
    judgement = {"role": "seller", "verdict": "advance"}
    done(await world.marketer.post(f"{path}/judgements", judgement))
    await publish(world, KEY, with_memo())
    await migrate(world, path)
    [seller, _] = done(await world.marketer.get(f"{path}/judgements")).json()["items"]
    assert seller["stale"]


async def test_only_owners_and_admins_migrate(world: World) -> None:
    path = await rich_project(world, "M-9")
    await publish(world, KEY, with_memo())
    refused = await world.marketer.post(f"{path}/template-migrations", {"reason": "改版"})
    assert refused.json()["code"] == "workspace_role_not_allowed"


async def test_a_migration_to_the_same_version_changes_nothing(world: World) -> None:
    path = await rich_project(world, "M-10")
    assert (await migrate(world, path))["events"] == []
