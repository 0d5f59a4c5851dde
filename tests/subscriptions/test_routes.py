"""Webhook subscriptions over HTTP: their life, each step an event."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from tests.api_process import ApiProcess
from tests.http.asserting import assert_problem, newest_position, nothing_written
from tests.world import World, make_world

PATH = "/v1/webhook-subscriptions"
GOOD: dict[str, Any] = {
    "url": "https://example.com/in",
    "event_types": ["stage.*", "project.closed"],
}


@pytest.fixture(scope="module")
async def world(api: ApiProcess) -> AsyncIterator[World]:
    """One workspace for all of these tests."""
    async with make_world(api) as made:
        yield made


def changes(answer: Any) -> dict[str, tuple[Any, Any]]:
    """The field changes of the one event that an answer shows."""
    [event] = answer.json()["events"]
    return {change["path"]: (change["before"], change["after"]) for change in event["changes"]}


async def test_a_subscription_begins_behind_the_events_of_now(world: World) -> None:
    before = await newest_position(world)
    made = await world.owner.post(PATH, GOOD | {"description": "CRM"})
    assert made.status_code == 201, made.text
    body = made.json()
    shown = body["webhook_subscription"]
    assert body["secret"].startswith("whsec_")
    assert shown["start_position"] == before
    assert (shown["active"], shown["created_by"], shown["version"]) == (True, world.owner.id, 1)
    assert body["events"][0]["type"] == "webhook_subscription.created"
    found = changes(made)
    assert found["/url"] == (None, GOOD["url"])
    assert found["/event_types"] == (None, GOOD["event_types"])
    for reader in (world.owner, world.auditor):
        read = await reader.get(made.headers["location"])
        standing = shown | {"state": "delivering", "halt": None}
        assert (read.json(), read.headers["etag"]) == (standing, '"1"')
        assert standing in (await reader.get(PATH, limit=200)).json()["items"]
        assert body["secret"] not in read.text


async def test_a_change_is_an_event_with_before_and_after(world: World) -> None:
    one = (await world.owner.post(PATH, GOOD)).headers["location"]
    changed = await world.owner.patch(one, {"active": False, "event_types": ["*"]})
    assert changed.json()["events"][0]["type"] == "webhook_subscription.changed"
    assert changes(changed) == {
        "/active": (True, False),
        "/event_types": (GOOD["event_types"], ["*"]),
    }
    standing = changed.json()["webhook_subscription"] | {"state": "paused", "halt": None}
    assert (await world.owner.get(one)).json() == standing


async def test_a_change_to_what_it_is_already_is_no_event(world: World) -> None:
    one = (await world.owner.post(PATH, GOOD)).headers["location"]
    async with nothing_written(world):
        for body in ({}, GOOD, {"active": True}):
            answer = await world.owner.patch(one, body)
            assert (answer.status_code, answer.json()["events"]) == (200, [])
            assert answer.headers["etag"] == '"1"'


async def test_a_phrase_is_kept_in_its_one_form_and_can_be_taken_away(world: World) -> None:
    asked = {"phrase": "  stage:s2,s1   -role:marketer "}
    made = await world.owner.post(PATH, GOOD | asked)
    one = made.headers["location"]
    assert made.json()["webhook_subscription"]["phrase"] == "-role:marketer stage:s1,s2"
    assert (await world.owner.patch(one, asked)).json()["events"] == []
    changed = await world.owner.patch(one, {"phrase": ""})
    assert changes(changed) == {"/phrase": ("-role:marketer stage:s1,s2", None)}
    assert (await world.owner.get(one)).json()["phrase"] is None


async def test_a_deleted_subscription_is_gone_and_stays_in_the_log(world: World) -> None:
    made = await world.owner.post(PATH, GOOD)
    one = made.headers["location"]
    deleted = await world.owner.delete(one)
    assert deleted.json()["events"][0]["type"] == "webhook_subscription.deleted"
    assert changes(deleted) == {"/active": (True, False), "/deleted": (False, True)}
    async with nothing_written(world):
        for answer in (
            await world.owner.get(one),
            await world.owner.get(f"{one}/attempts"),
            await world.owner.patch(one, {"active": True}),
            await world.owner.delete(one),
        ):
            assert_problem(answer, 404, "not_found")
    listed = (await world.owner.get(PATH, limit=200)).json()["items"]
    assert made.json()["webhook_subscription"]["id"] not in [item["id"] for item in listed]
    for answer in (made, deleted):
        [event] = answer.json()["events"]
        assert (await world.owner.get(f"/v1/events/{event['id']}")).json() == event


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"url": ""}, "/url"),
        ({"url": "example.com"}, "/url"),
        ({"url": "ftp://example.com"}, "/url"),
        ({"url": "https://"}, "/url"),
        ({"url": "https://:443/"}, "/url"),
        ({"url": "https://example.com:0/"}, "/url"),
        ({"url": "https://example.com:99999/"}, "/url"),
        ({"url": "https://[::1/"}, "/url"),
        ({"url": "https://user:secret@example.com/"}, "/url"),
        ({"url": "https://example.com/#part"}, "/url"),
        ({"url": "https://exa mple.com/"}, "/url"),
        ({"url": "https://例子.cn/"}, "/url"),
        ({"event_types": ["stage.imagined"]}, "/event_types/0"),
        ({"event_types": ["*", "nothing.*"]}, "/event_types/1"),
        ({"event_types": ["stage.*.*"]}, "/event_types/0"),
        ({"event_types": ["stage*"]}, "/event_types/0"),
        ({"event_types": ["project.closed", "%"]}, "/event_types/1"),
        ({"phrase": "colour:red"}, "/phrase"),
        ({"phrase": "position:1.."}, "/phrase"),
        ({"phrase": "type:* -recorded:2026-01-01.."}, "/phrase"),
    ],
)
async def test_a_field_that_breaks_a_rule_is_named(
    world: World, change: dict[str, Any], pointer: str
) -> None:
    one = (await world.owner.post(PATH, GOOD)).headers["location"]
    async with nothing_written(world):
        for answer in (
            await world.owner.post(PATH, GOOD | change),
            await world.owner.patch(one, change),
        ):
            assert_problem(answer, 422, "field_invalid", pointer)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"url": "https://example.com/" + "x" * 2000}, "/url"),
        ({"event_types": []}, "/event_types"),
        ({"event_types": ["*"] * 101}, "/event_types"),
        ({"description": "x" * 4001}, "/description"),
        ({"phrase": " " * 4001}, "/phrase"),
        ({"start_position": 0}, "/start_position"),
        ({"secret": "mine"}, "/secret"),
    ],
)
async def test_a_field_of_another_shape_is_named(
    world: World, change: dict[str, Any], pointer: str
) -> None:
    async with nothing_written(world):
        answer = await world.owner.post(PATH, GOOD | change)
        assert_problem(answer, 422, "validation_failed", pointer)


async def test_nothing_was_tried_yet_for_a_new_subscription(world: World) -> None:
    one = (await world.owner.post(PATH, GOOD)).headers["location"]
    page = await world.auditor.get(f"{one}/attempts")
    assert (page.status_code, page.json()) == (200, {"items": [], "next_cursor": None})
    assert_problem(await world.owner.get(f"{PATH}/{uuid4()}/attempts"), 404, "not_found")
    assert_problem(await world.marketer.get(f"{one}/attempts"), 403, "workspace_role_not_allowed")
