"""People and API keys over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api_process import ApiProcess, api_process
from tests.http.asserting import assert_problem, nothing_written
from tests.world import Person, World, make_world


@pytest.fixture(scope="module")
async def world(api: ApiProcess) -> AsyncIterator[World]:
    """One workspace for all of these tests."""
    async with make_world(api) as made:
        yield made


async def made_key(maker: Person, holder: Person, **more: Any) -> dict[str, Any]:
    answer = await maker.post("/v1/api-keys", {"person_id": holder.id, "name": "CRM", **more})
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def me(url: str, secret: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
        return await client.get("/v1/me", headers={"Authorization": f"Bearer {secret}"})


async def test_me_is_the_person_behind_the_key(world: World) -> None:
    assert (await world.auditor.get("/v1/me")).json() == {
        "id": world.auditor.id,
        "name": "周正",
        "workspace_role": "auditor",
        "workspace_id": world.workspace_id,
    }
    workspace = (await world.auditor.get("/v1/workspace")).json()
    assert (workspace["id"], workspace["name"]) == (world.workspace_id, "测试")


async def test_a_new_person_is_in_the_list_and_in_the_log(world: World) -> None:
    answer = await world.owner.post("/v1/people", {"name": " 新人 ", "workspace_role": "admin"})
    person = answer.json()["person"]
    assert (person["name"], person["workspace_role"], person["active"]) == ("新人", "admin", True)
    assert (await world.marketer.get(answer.headers["location"])).json() == person
    assert person in (await world.marketer.get("/v1/people")).json()["items"]
    [event] = answer.json()["events"]
    assert (event["type"], event["actor"]["id"]) == ("person.added", world.owner.id)
    after = {change["path"]: change["after"] for change in event["changes"]}
    assert (after["/name"], after["/workspace_role"]) == ("新人", "admin")
    assert all(change["before"] is None for change in event["changes"])


async def test_only_an_owner_makes_another_owner(world: World) -> None:
    admin = (await world.owner.post("/v1/people", {"name": "a", "workspace_role": "admin"})).json()
    key = await world.owner.post("/v1/api-keys", {"person_id": admin["person"]["id"], "name": "x"})
    headers = {"Authorization": f"Bearer {key.json()['secret']}"}
    async with nothing_written(world):
        answer = await world.owner.client.post(
            "/v1/people", json={"name": "b", "workspace_role": "owner"}, headers=headers
        )
        assert_problem(answer, 403, "role_not_allowed")


async def test_a_key_works_until_it_is_revoked(world: World) -> None:
    made = await made_key(world.marketer, world.marketer)
    secret, key = made["secret"], made["api_key"]
    assert secret.startswith(key["prefix"])
    assert (await me(world.api.url, secret)).json()["id"] == world.marketer.id

    revoked = await world.marketer.delete(f"/v1/api-keys/{key['id']}", reason="轮换")
    assert revoked.status_code == 200
    assert revoked.json()["api_key"]["revoked_at"]
    [event] = revoked.json()["events"]
    assert (event["type"], event["data"]["reason"]) == ("api_key.revoked", "轮换")
    [change] = event["changes"]
    assert (change["path"], change["before"]) == ("/revoked_at", None)
    assert_problem(await me(world.api.url, secret), 401, "unauthorized")


async def test_another_process_refuses_a_revoked_key_within_seconds(
    world: World, tmp_path: Any
) -> None:
    made = await made_key(world.marketer, world.marketer)
    async with api_process(world.api.database, tmp_path / "api.log") as second:
        assert (await me(second.url, made["secret"])).status_code == 200
        await world.marketer.delete(f"/v1/api-keys/{made['api_key']['id']}", reason="x")
        assert_problem(await me(world.api.url, made["secret"]), 401, "unauthorized")
        for _ in range(100):
            answer = await me(second.url, made["secret"])
            if answer.status_code == 401:
                break
            await asyncio.sleep(0.1)
        assert_problem(answer, 401, "unauthorized")


async def test_a_key_is_shown_without_its_secret_to_its_holder_and_to_who_runs_the_workspace(
    world: World,
) -> None:
    made = await made_key(world.marketer, world.marketer)
    for person, sees in (
        (world.marketer, True),
        (world.owner, True),
        (world.dept_head, False),
        (world.auditor, False),
    ):
        page = await person.get("/v1/api-keys", limit=200)
        assert (made["api_key"] in page.json()["items"]) == sees
        assert made["secret"] not in page.text


async def test_keys_of_others_are_made_and_revoked_by_owners_alone(world: World) -> None:
    made = await made_key(world.owner, world.marketer)
    path = f"/v1/api-keys/{made['api_key']['id']}"
    async with nothing_written(world):
        theirs = {"person_id": world.marketer.id, "name": "x"}
        assert_problem(await world.dept_head.post("/v1/api-keys", theirs), 403, "role_not_allowed")
        assert_problem(await world.dept_head.delete(path, reason="x"), 404, "not_found")
        assert_problem(
            await world.owner.delete(f"/v1/api-keys/{uuid4()}", reason="x"), 404, "not_found"
        )
        assert_problem(await world.owner.delete(path), 422, "validation_failed", "?reason")
    assert (await world.owner.delete(path, reason="x")).status_code == 200
    assert_problem(await world.owner.delete(path, reason="x"), 409, "key_already_revoked")


async def test_a_key_needs_a_person_of_the_workspace_and_an_end_that_is_to_come(
    world: World,
) -> None:
    past = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    async with nothing_written(world):
        for body, code, pointer in (
            ({"person_id": str(uuid4())}, "unknown_person", "/person_id"),
            ({"person_id": world.owner.id, "expires_at": past}, "field_invalid", "/expires_at"),
        ):
            answer = await world.owner.post("/v1/api-keys", {"name": "x", **body})
            assert_problem(answer, 422, code, pointer)


async def test_an_admin_does_not_become_owner_by_a_key(world: World) -> None:
    added = await world.owner.post("/v1/people", {"name": "管理员", "workspace_role": "admin"})
    admin_id = added.json()["person"]["id"]
    made = await world.owner.post("/v1/api-keys", {"person_id": admin_id, "name": "admin"})
    headers = {"Authorization": f"Bearer {made.json()['secret']}"}
    body = {"person_id": world.owner.id, "name": "mine"}
    refused = await world.owner.client.post("/v1/api-keys", json=body, headers=headers)
    assert refused.status_code == 403
    assert refused.json()["code"] == "role_not_allowed"
    body["person_id"] = world.outsider.id
    allowed = await world.owner.client.post("/v1/api-keys", json=body, headers=headers)
    assert allowed.status_code == 201
