"""The live feed: what is told, from where on, and to whom."""

import asyncio
import random
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.feed.listening import EVENTS, listening
from tests.feed.steps import everything, record
from tests.http.asserting import assert_problem, newest_position
from tests.pursuit import Pursuit, done
from tests.world import World

Event = dict[str, Any]


async def test_from_the_start_a_stream_tells_what_the_history_tells(world: World) -> None:
    await record(world, await world.project(), "一", "二")
    events = await everything(world.owner)
    async with listening(world.auditor, after_position=0) as feed:
        messages = await feed.until(len(events))
    assert [message.event for message in messages] == events
    assert [message.type for message in messages] == [event["type"] for event in events]
    assert [message.id for message in messages] == [
        f"{event['position']}-{event['leaf_hash'][:16]}" for event in events
    ]
    assert feed.answer.headers["content-type"].startswith("text/event-stream")
    assert feed.answer.headers["cache-control"] == "no-store"
    assert int(feed.parser.retry) > 0


async def test_without_a_place_a_stream_begins_with_what_comes_from_now_on(world: World) -> None:
    project = await world.project()
    head = await newest_position(world)
    async with listening(world.owner) as feed:
        assert feed.position == head
        last = await record(world, project, "一", "二")
        messages = await feed.until(last)
    assert feed.positions == list(range(head + 1, last + 1))
    assert messages[-1].event["data"]["text"] == "二"


async def test_a_client_goes_on_from_every_position(world: World) -> None:
    await record(world, await world.project(), "一")
    head = await newest_position(world)
    async with listening(world.owner, after_position=0) as whole:
        ids = [message.id for message in await whole.until(head)]
    for seen in ["0", *ids[:-1], *map(str, range(1, head))]:
        async with listening(world.owner, seen=seen) as feed:
            await feed.until(head)
        assert feed.positions == list(range(int(seen.partition("-")[0]) + 1, head + 1))


async def test_what_was_seen_last_weighs_more_than_the_address(world: World) -> None:
    head = await newest_position(world)
    async with listening(world.owner, seen=head - 1, after_position=0) as feed:
        await feed.until(head)
    assert feed.positions == [head]


async def test_events_written_while_a_client_catches_up_come_once_and_in_order(
    world: World,
) -> None:
    project = await world.project()
    async with listening(world.owner, after_position=0) as feed:
        writing = asyncio.create_task(record(world, project, *map(str, range(60))))
        async with listening(world.auditor, after_position=0) as second:
            last = await writing
            await feed.until(last)
            await second.until(last)
    assert feed.positions == second.positions == list(range(1, last + 1))


def wanted(
    world: World, events: list[Event]
) -> list[tuple[dict[str, Any], Callable[[Event], bool]]]:
    middle = events[len(events) // 2]
    stream = next(event["stream"] for event in events if event["type"] == "project.created")
    return [
        ({"type": "stage.*"}, lambda event: event["type"].startswith("stage.")),
        (
            {"type": ["form.*", "project.created"]},
            lambda event: event["type"].startswith("form.") or event["type"] == "project.created",
        ),
        ({"actor": world.marketer.id}, lambda event: event["actor"]["id"] == world.marketer.id),
        ({"role": "marketer"}, lambda event: event["actor"]["role"] == "marketer"),
        ({"phrase": "-type:form.*"}, lambda event: not event["type"].startswith("form.")),
        ({"project": stream.partition("-")[2]}, lambda event: event["stream"] == stream),
        (
            {"recorded_from": middle["recorded_at"]},
            lambda event: event["recorded_at"] >= middle["recorded_at"],
        ),
        ({"position_to": 20}, lambda event: event["position"] < 20),
        (
            {"path": "/status"},
            lambda event: any(change["path"] == "/status" for change in event["changes"]),
        ),
        ({"request_id": middle["request_id"]}, lambda e: e["request_id"] == middle["request_id"]),
    ]


async def test_every_filter_alone_and_combined_tells_what_it_says(world: World) -> None:
    pursuit = Pursuit(world, await world.project())
    await pursuit.open_gate()
    await pursuit.advance()
    await world.project("XM-2")
    events = await everything(world.owner)
    chance = random.Random(7)
    kinds = wanted(world, events)
    asked = [[kind] for kind in kinds]
    asked += [chance.sample(kinds, 2) for _ in range(25)]
    found = set()
    for parts in asked:
        names = [name for query, _ in parts for name in query]
        if len(set(names)) < len(names):
            continue
        query = {name: value for part, _ in parts for name, value in part.items()}
        right = [event for event in events if all(fits(event) for _, fits in parts)]
        async with listening(world.owner, after_position=0, **query) as feed:
            messages = await feed.until(len(events))
        assert [message.event for message in messages] == right, query
        found.add(len(right))
    assert len(found) > 8


async def test_a_filtered_stream_tells_how_far_it_has_looked(world: World) -> None:
    project = await world.project()
    async with listening(world.owner, type="risk.*") as feed:
        last = await record(world, project, "一")
        assert await feed.until(last) == []
        comments = feed.parser.comments
        await feed.read()
        assert feed.parser.comments > comments
    assert feed.position == last


async def test_a_member_follows_a_project_and_not_the_workspace(world: World) -> None:
    project, other = await world.project("XM-1"), await world.project("XM-2")
    async with listening(world.outsider, f"{project}/events/stream", after_position=0) as feed:
        await record(world, other, "别处")
        last = await record(world, project, "此处")
        messages = await feed.until(last)
    history = (await world.marketer.get(f"{project}/events", limit=200)).json()["items"]
    assert [message.event for message in messages] == history
    refused = await world.marketer.get(EVENTS)
    assert_problem(refused, 403, "workspace_role_not_allowed")
    foreign = await world.owner.get(f"/v1/projects/{uuid4()}/events/stream")
    assert_problem(foreign, 404, "not_found")


async def test_a_place_that_the_log_does_not_have_is_gone(world: World) -> None:
    head = await newest_position(world)
    answer = await world.owner.client.get(EVENTS, headers={"Last-Event-ID": str(head + 1)})
    assert_problem(answer, 410, "position_gone")
    assert_problem(await world.owner.get(EVENTS, after_position=head + 1), 410, "position_gone")


@pytest.mark.parametrize(
    "value",
    ["", "x", "-1", "1.5", "9" * 19, "1-", "1-xyz", "1-0123456789ABCDEF", "1-0123456789abcdef0"],
)
async def test_a_last_event_id_that_is_no_place_is_refused(world: World, value: str) -> None:
    answer = await world.owner.client.get(EVENTS, headers={"Last-Event-ID": value})
    assert_problem(answer, 400, "header_invalid")


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"type": "Stage"}, "?type"),
        ({"phrase": "nothing"}, "?phrase"),
        ({"recorded_from": "yesterday"}, "?recorded_from"),
        ({"after_position": "-1"}, "?after_position"),
        ({"after_position": "1-9f2c"}, "?after_position"),
        ({"cursor": "x"}, "?cursor"),
        ({"actor": "王芳"}, "?actor"),
    ],
)
async def test_a_question_that_is_not_understood_is_refused_by_name(
    world: World, query: dict[str, str], pointer: str
) -> None:
    answer = await world.owner.get(EVENTS, **query)
    assert_problem(answer, 422, "validation_failed", pointer)


async def test_a_revoked_key_ends_its_stream(world: World) -> None:
    made = await world.owner.post("/v1/api-keys", {"person_id": world.owner.id, "name": "x"})
    key = made.json()
    headers = {"Authorization": f"Bearer {key['secret']}"}
    url = world.api.url
    async with httpx.AsyncClient(base_url=url, headers=headers, trust_env=False) as client:
        person = type(world.owner)(world.owner.id, "x", key["secret"], client)
        async with listening(person) as feed:
            done(await world.owner.delete(f"/v1/api-keys/{key['api_key']['id']}", reason="x"))
            await feed.to_its_end()
        assert (await person.get(EVENTS)).status_code == 401


async def test_a_person_has_so_many_streams_and_no_more(world: World) -> None:
    async with (
        listening(world.owner),
        listening(world.owner),
        listening(world.owner),
        listening(world.auditor),
    ):
        async with listening(world.owner):
            refused = await world.owner.get(EVENTS)
            assert_problem(refused, 429, "too_many_streams")
            assert int(refused.headers["retry-after"]) > 0
        for _ in range(100):
            if await opens(world):
                return
            await asyncio.sleep(0.05)
    raise AssertionError("the place was not given back")


async def opens(world: World) -> bool:
    async with world.owner.client.stream("GET", EVENTS) as answer:
        return answer.status_code == 200
