"""A workspace's own templates: drafted, checked, published, retired, and projects that run on them."""

import copy
from typing import Any

from jsonschema_rs import Draft202012Validator

from tests.api_process import ApiProcess
from tests.pursuit import done
from tests.templates.rich import publish
from tests.templates.test_model import C1, CONDITION, WHOLE, changed
from tests.world import World, make_world

KEY = "delivery.2"
BODY: dict[str, Any] = {
    name: value for name, value in WHOLE.items() if name not in ("key", "version", "source")
}
PATH = f"/v1/templates/{KEY}"


async def test_a_draft_says_what_is_wrong_with_it_and_is_saved_all_the_same(world: World) -> None:
    body = copy.deepcopy(BODY)
    body["override_by"] = ["nobody"]
    del body["title"]
    answer = done(await world.owner.put(f"{PATH}/draft", {"body": body}))
    draft = answer.json()["draft"]
    assert draft["mistakes"] == [{"pointer": "/title", "rule": "Field required"}]
    assert done(await world.owner.get(f"{PATH}/draft")).json()["body"] == body


async def test_a_draft_with_mistakes_is_not_published(world: World) -> None:
    body = changed(C1, CONDITION | {"kind": "form", "form": "memo"})
    for name in ("key", "version"):
        del body[name]
    done(await world.owner.put(f"{PATH}/draft", {"body": body}))
    refused = await world.owner.post(f"{PATH}/versions", {})
    assert refused.status_code == 422
    assert refused.json()["code"] == "template_invalid"
    [error] = refused.json()["errors"]
    assert error["pointer"] == "/stages/0/parts/0/conditions/0/form"


async def test_a_published_version_never_changes_and_the_next_one_stands_beside_it(
    world: World,
) -> None:
    await publish(world, KEY, BODY)
    first = done(await world.marketer.get(f"{PATH}/versions/1"))
    title = {"zh": "交付二", "en": "Delivery two"}
    template = await publish(world, KEY, BODY | {"title": title})
    assert [one["version"] for one in template["versions"]] == [1, 2]
    assert done(await world.marketer.get(f"{PATH}/versions/1")).content == first.content
    assert done(await world.marketer.get(PATH)).json()["title"] == title


async def test_a_project_runs_on_a_workspace_s_own_template(world: World) -> None:
    await publish(world, KEY, BODY)
    answer = done(
        await world.marketer.post(
            "/v1/projects", {"code": "OWN-1", "template": KEY, "header": {"name": "某项目"}}
        )
    )
    project = answer.json()["project"]
    assert project["template"] == {"key": KEY, "version": 1}
    path = f"/v1/projects/{project['id']}"
    holder = {"role": "seller", "person_id": str(world.marketer.id)}
    done(await world.marketer.post(f"{path}/role-holders", holder))
    done(await world.marketer.post(f"{path}/actuals", {"text": "已到货"}))
    gate = done(await world.marketer.get(f"{path}/gate")).json()
    assert {(one["code"], one["subject"]) for one in gate["blockers"]} == {
        ("condition_not_met", "c1"),
        ("form_missing", "note"),
        ("judgement_missing", "boss"),
    }
    assert gate["exits"] == [{"to_stage": "second", "open": True, "when": None, "text": None}]


async def test_a_project_stays_on_its_version_when_another_is_published(world: World) -> None:
    await publish(world, KEY, BODY)
    made = {"code": "OWN-2", "template": KEY, "header": {"name": "某项目"}}
    project = done(await world.marketer.post("/v1/projects", made)).json()["project"]
    await publish(world, KEY, BODY | {"override_by": []})
    card = done(await world.marketer.get(f"/v1/projects/{project['id']}")).json()
    assert card["template"]["version"] == 1
    newer = done(await world.marketer.post("/v1/projects", made | {"code": "OWN-3"})).json()
    assert newer["project"]["template"]["version"] == 2


async def test_no_project_begins_with_a_retired_version(world: World) -> None:
    await publish(world, KEY, BODY)
    done(await world.owner.post(f"{PATH}/versions/1/retirements", {"reason": "已取代"}))
    made = {"code": "OWN-4", "template": KEY, "template_version": 1, "header": {"name": "某项目"}}
    refused = await world.marketer.post("/v1/projects", made)
    assert (refused.status_code, refused.json()["code"]) == (409, "template_retired")
    newest = await world.marketer.post("/v1/projects", made | {"template_version": None})
    assert newest.json()["code"] == "field_invalid"


async def test_the_list_shows_where_each_template_comes_from(world: World) -> None:
    await publish(world, KEY, BODY)
    items = done(await world.marketer.get("/v1/templates")).json()["items"]
    by_key = {item["key"]: item for item in items}
    assert by_key["pursuit.8"]["origin"] == "shipped"
    assert by_key["pursuit.8"]["source"]["document"] == "001_3c434b90220ba810.txt"
    assert by_key[KEY]["origin"] == "workspace"


async def test_another_workspace_does_not_see_it(api: ApiProcess, world: World) -> None:
    await publish(world, KEY, BODY)
    async with make_world(api) as other:
        assert (await other.owner.get(PATH)).status_code == 404
        assert (await other.owner.get(f"{PATH}/draft")).status_code == 404
        made = {"code": "OWN-5", "template": KEY, "header": {"name": "某项目"}}
        assert (await other.owner.post("/v1/projects", made)).json()["code"] == "field_invalid"


async def test_members_read_templates_and_do_not_write_them(world: World) -> None:
    refused = await world.marketer.put(f"{PATH}/draft", {"body": BODY})
    assert refused.json()["code"] == "workspace_role_not_allowed"


async def test_the_key_of_a_shipped_template_is_not_taken(world: World) -> None:
    refused = await world.owner.put("/v1/templates/pursuit.8/draft", {"body": BODY})
    assert (refused.status_code, refused.json()["code"]) == (409, "template_key_reserved")


async def test_a_draft_saved_again_unchanged_is_no_event(world: World) -> None:
    first = done(await world.owner.put(f"{PATH}/draft", {"body": BODY})).json()
    again = done(await world.owner.put(f"{PATH}/draft", {"body": BODY})).json()
    assert (len(first["events"]), len(again["events"])) == (1, 0)


async def test_the_language_is_given_as_a_json_schema_that_takes_the_shipped_templates(
    world: World,
) -> None:
    schema = done(await world.marketer.get("/v1/template-language")).json()["json_schema"]
    validator = Draft202012Validator(schema)
    body = done(await world.marketer.get("/v1/templates/pursuit.8")).json()
    assert validator.is_valid(body)
    assert not validator.is_valid(body | {"kind": "magic"})
    assert not validator.is_valid(body | {"colour": "red"})
