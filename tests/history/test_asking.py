"""The history asked over HTTP: phrases, QUERY, one change's before and after, from a request to its attempts."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api_process import ApiProcess
from tests.control import REQUIREMENT
from tests.end_to_end.conftest import notifier_process
from tests.http.asserting import assert_problem, newest_position, nothing_written
from tests.notifier.receiver import Receiver
from tests.pursuit import Pursuit, done
from tests.world import Person, World, make_world

RESTRICTED_FORM = "stakeholder_roles"


@pytest.fixture(scope="module")
async def lived(api: ApiProcess) -> AsyncIterator[World]:
    """A project whose region changed twice, and one with a restricted form."""
    async with make_world(api) as made:
        path = await made.project("XM-1", region="华东")
        for region in ("华北", "华南"):
            done(await made.marketer.patch(path, {"header": {"region": region}}))
        done(await made.marketer.patch(path, {"header": {"department": "华北"}}))
        yield made


async def query(person: Person, body: Any, **headers: str) -> httpx.Response:
    return await person.client.request("QUERY", "/v1/events", json=body, headers=headers)


async def found(person: Person, **asked: Any) -> list[dict[str, Any]]:
    answer = done(await person.client.get("/v1/events", params={"limit": 200, **asked}))
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_path_before_and_after_find_one_change(lived: World) -> None:
    asked = {"path": "/header/region", "after": "华北"}
    [event] = await found(lived.auditor, **asked)
    assert {"path": "/header/region", "before": "华东", "after": "华北"} in event["changes"]
    assert await found(lived.auditor, path="/header/region", before="华南") == []
    assert len(await found(lived.auditor, after="华北")) == 2


async def test_a_phrase_adds_to_the_parameters(lived: World) -> None:
    by_both = await found(
        lived.auditor, type="project.*", phrase="path:/header/region -before:null"
    )
    assert [event["type"] for event in by_both] == ["project.header_changed"] * 2


async def test_query_answers_what_get_answers(lived: World) -> None:
    asked: dict[str, Any] = {
        "type": ["project.*"],
        "phrase": "-role:nobody",
        "order": "desc",
        "limit": 2,
    }
    got = await lived.auditor.get("/v1/events", **asked)
    queried = await query(lived.auditor, asked)
    assert queried.json() == got.json()
    assert queried.headers["accept-query"] == got.headers["accept-query"] == "application/json"
    cursor = queried.json()["next_cursor"]
    assert cursor
    second = await query(lived.auditor, asked | {"cursor": cursor})
    assert second.json() == (await lived.auditor.get("/v1/events", **asked, cursor=cursor)).json()
    other = await query(lived.auditor, {"cursor": cursor})
    assert_problem(other, 400, "cursor_invalid")


async def test_a_value_in_a_query_may_be_any_scalar(lived: World) -> None:
    body = {"path": ["/header/region"], "before": [None]}
    by_query = (await query(lived.auditor, body)).json()["items"]
    assert by_query == await found(lived.auditor, path="/header/region", before="null")
    assert len(by_query) == 1


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        ({"colour": "red"}, 422, "validation_failed", "/colour"),
        ({"type": "stage.*"}, 422, "validation_failed", "/type"),
        ({"actor": ["me"]}, 422, "validation_failed", "/actor"),
        ({"phrase": "type:"}, 422, "validation_failed", "/phrase"),
        ({"limit": 201}, 422, "validation_failed", "/limit"),
        ({"role": ["a"] * 21}, 422, "validation_failed", "/role"),
    ],
)
async def test_a_query_that_is_not_understood_names_the_field(
    lived: World, body: Any, status: int, code: str, pointer: str
) -> None:
    assert_problem(await query(lived.owner, body), status, code, pointer)


async def test_an_error_in_a_phrase_names_token_column_and_rule(lived: World) -> None:
    answer = await lived.owner.get("/v1/events", phrase="role:a colour:red")
    [error] = assert_problem(answer, 422, "validation_failed", "?phrase")["errors"]
    assert error["detail"].startswith("column 8, 'colour:red': must be one of the fields")


async def test_a_query_needs_a_json_body_and_a_reader_of_the_whole_workspace(lived: World) -> None:
    client = lived.owner.client
    assert_problem(await client.request("QUERY", "/v1/events"), 400, "body_missing")
    headers = {"content-type": "text/plain"}
    wrong = await client.request("QUERY", "/v1/events", content="{}", headers=headers)
    assert_problem(wrong, 415, "unsupported_media_type")
    assert_problem(await query(lived.marketer, {}), 403, "workspace_role_not_allowed")


async def test_reading_what_is_restricted_is_recorded_once_and_without_the_content(
    world: World,
) -> None:
    pursuit = Pursuit(world, await world.project())
    async for _ in pursuit.completing(RESTRICTED_FORM):
        pass
    done(await world.marketer.patch(pursuit.path, {"header": {"region": "华北"}}))
    before = await newest_position(world)
    phrase = "type:form.*"
    page = await found(world.auditor, phrase=phrase)
    restricted = [event for event in page if event["data"].get("restricted")]
    assert restricted
    [read] = await found(world.owner, type="audit.read")
    assert read["position"] == before + 1
    assert read["actor"]["id"] == world.auditor.id
    assert read["stream"] == f"audit-{world.auditor.id}"
    assert read["data"] == {
        "phrase": phrase,
        "order": "asc",
        "events": len(page),
        "restricted_events": len(restricted),
        "first_position": page[0]["position"],
        "last_position": page[-1]["position"],
    }
    async with nothing_written(world):
        await found(world.auditor, type="audit.read")
        await found(world.auditor, type="project.*")
    one = restricted[0]["id"]
    done(await world.auditor.get(f"/v1/events/{one}"))
    by_one = (await found(world.owner, type="audit.read"))[-1]
    assert by_one["data"]["phrase"] == f"id:{one}"
    assert (by_one["version"], by_one["position"]) == (2, before + 2)


async def test_a_request_leads_to_its_events_and_to_every_attempt_to_deliver_them(
    world: World, tmp_path: Path
) -> None:
    async with Receiver() as receiver:
        body = {"url": receiver.url, "event_types": ["requirement.*"]}
        made = done(await world.owner.post("/v1/webhook-subscriptions", body)).json()
        async with notifier_process(world.api.database, tmp_path / "notifier.log"):
            pursuit = Pursuit(world, await world.project())
            answer = done(await world.marketer.post(f"{pursuit.path}/requirements", REQUIREMENT))
            path = f"/v1/requests/{answer.headers['request-id']}"
            [event] = answer.json()["events"]
            attempt = await first_attempt(world, path)
    shown = done(await world.auditor.get(path)).json()
    assert [item["event"] for item in shown["items"]] == [event]
    assert (shown["caused"], shown["more_caused"], shown["next_cursor"]) == ([], False, None)
    assert attempt["subscription_id"] == made["webhook_subscription"]["id"]
    assert (attempt["outcome"], attempt["status"], attempt["number"]) == ("accepted", 200, 1)
    assert attempt["event_id"] == event["id"]
    of_event = done(await world.auditor.get(f"/v1/events/{event['id']}/attempts")).json()
    assert of_event == {"items": [attempt], "next_cursor": None}
    assert_problem(await world.marketer.get(path), 403, "workspace_role_not_allowed")
    assert_problem(await world.owner.get("/v1/requests/nobody-asked"), 404, "not_found")


async def first_attempt(world: World, path: str) -> dict[str, Any]:
    for _ in range(400):
        [item] = done(await world.auditor.get(path)).json()["items"]
        if item["attempts"]:
            attempt: dict[str, Any] = item["attempts"][0]
            return attempt
    raise AssertionError("nothing was tried")
