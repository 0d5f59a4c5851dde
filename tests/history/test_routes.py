"""The history over HTTP: every filter, alone and combined, against a naive one over all events."""

import random
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.api_process import ApiProcess
from tests.http.asserting import assert_problem
from tests.pursuit import Pursuit, done
from tests.world import World, make_world

Event = dict[str, Any]
Filter = tuple[dict[str, Any], Callable[[Event], bool]]


@pytest.fixture(scope="module")
async def lived(api: ApiProcess) -> AsyncIterator[World]:
    """A workspace with two projects that have gone some way, and a write with ids of the caller's own."""
    async with make_world(api) as made:
        for code in ("XM-1", "XM-2"):
            pursuit = Pursuit(made, await made.project(code, occurred_at="2020-01-01T08:00:00Z"))
            await pursuit.open_gate()
            await pursuit.advance()
            done(await made.marketer.post(f"{pursuit.path}/actuals", {"text": "x"}))
            headers = {"X-Request-Id": f"request-{code}", "Correlation-Id": "import-7"}
            patch = {"header": {"region": code}, "occurred_at": "2020-02-02T02:02:02Z"}
            done(await made.marketer.client.patch(pursuit.path, json=patch, headers=headers))
        yield made


@pytest.fixture(scope="module")
async def everything(lived: World) -> list[Event]:
    """All events of the workspace."""
    events: list[Event] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await lived.owner.get("/v1/events", limit=200, **cursor)).json()
        events += page["items"]
        if page["next_cursor"] is None:
            assert len(events) > 50
            return events
        cursor = {"cursor": page["next_cursor"]}


def filters(world: World, events: list[Event]) -> list[Filter]:
    """Every filter with values that find some events and not all, and what it means."""
    quarter, middle = events[len(events) // 4], events[len(events) // 2]
    project = next(event["stream"] for event in events if event["type"] == "project.created")
    return [
        ({"actor": world.marketer.id}, lambda event: event["actor"]["id"] == world.marketer.id),
        ({"actor": world.owner.id}, lambda event: event["actor"]["id"] == world.owner.id),
        ({"role": "dept_head"}, lambda event: event["actor"]["role"] == "dept_head"),
        ({"type": "stage.judged"}, lambda event: event["type"] == "stage.judged"),
        ({"type": "stage.*"}, lambda event: event["type"].startswith("stage.")),
        (
            {"type": ["form.*", "project.created"]},
            lambda event: event["type"].startswith("form.") or event["type"] == "project.created",
        ),
        ({"type": "*"}, lambda _event: True),
        ({"project": project.partition("-")[2]}, lambda event: event["stream"] == project),
        (
            {"recorded_from": quarter["recorded_at"]},
            lambda event: event["recorded_at"] >= quarter["recorded_at"],
        ),
        (
            {"recorded_to": middle["recorded_at"]},
            lambda event: event["recorded_at"] < middle["recorded_at"],
        ),
        (
            {"recorded_from": quarter["recorded_at"], "recorded_to": middle["recorded_at"]},
            lambda event: quarter["recorded_at"] <= event["recorded_at"] < middle["recorded_at"],
        ),
        (
            {"occurred_from": middle["occurred_at"]},
            lambda event: event["occurred_at"] >= middle["occurred_at"],
        ),
        (
            {"occurred_to": "2021-01-01T08:00:00+08:00"},
            lambda event: event["occurred_at"] < "2021-01-01T00:00:00.000000Z",
        ),
        ({"request_id": "request-XM-1"}, lambda event: event["request_id"] == "request-XM-1"),
        ({"correlation_id": "import-7"}, lambda event: event["correlation_id"] == "import-7"),
        ({"type": "risk.*"}, lambda event: event["type"].startswith("risk.")),
    ]


async def found(world: World, query: dict[str, Any], path: str = "/v1/events") -> list[int]:
    """The positions that a query finds, over all its pages."""
    positions: list[int] = []
    cursor: dict[str, str] = {}
    while True:
        answer = await world.auditor.get(path, limit=37, **query, **cursor)
        assert answer.status_code == 200, answer.text
        positions += [event["position"] for event in answer.json()["items"]]
        if answer.json()["next_cursor"] is None:
            return positions
        cursor = {"cursor": answer.json()["next_cursor"]}


async def test_every_filter_finds_what_it_says(lived: World, everything: list[Event]) -> None:
    for query, fits in filters(lived, everything):
        wanted = [event["position"] for event in everything if fits(event)]
        assert await found(lived, query) == wanted, query
        assert await found(lived, query | {"order": "desc"}) == wanted[::-1], query
        if query.get("type") not in ("*", "risk.*"):
            assert 0 < len(wanted) < len(everything), query


async def test_filters_combine(lived: World, everything: list[Event]) -> None:
    chance = random.Random(5)
    seen = set()
    for _ in range(60):
        chosen = chance.sample(filters(lived, everything), chance.randint(2, 3))
        names = [name for query, _ in chosen for name in query]
        if len(set(names)) < len(names):
            continue
        query = {name: value for part, _ in chosen for name, value in part.items()}
        wanted = [
            event["position"] for event in everything if all(fits(event) for _, fits in chosen)
        ]
        assert await found(lived, query) == wanted, query
        seen.add(len(wanted))
    assert len(seen) > 5


async def test_a_projects_history_is_its_stream(lived: World, everything: list[Event]) -> None:
    stream = next(event["stream"] for event in everything if event["type"] == "project.created")
    path = f"/v1/projects/{stream.partition('-')[2]}/events"
    wanted = [event for event in everything if event["stream"] == stream]
    assert await found(lived, {}, path) == [event["position"] for event in wanted]
    assert [event["version"] for event in wanted] == list(range(1, len(wanted) + 1))
    judged = [event["position"] for event in wanted if event["type"] == "stage.judged"]
    assert await found(lived, {"type": "stage.judged", "order": "desc"}, path) == judged[::-1]
    assert (await lived.marketer.get(path)).status_code == 200
    assert_problem(await lived.owner.get(f"/v1/projects/{uuid4()}/events"), 404, "not_found")


async def test_the_link_to_the_next_page_keeps_every_filter(
    lived: World, everything: list[Event]
) -> None:
    query = {
        "type": ["stage.*", "form.*"],
        "actor": lived.marketer.id,
        "recorded_from": "2020-01-01T00:00:00+08:00",
        "order": "desc",
        "limit": 2,
    }
    positions: list[int] = []
    answer = await lived.owner.get("/v1/events", **query)
    while True:
        positions += [event["position"] for event in answer.json()["items"]]
        if "next" not in answer.links:
            break
        answer = await lived.owner.client.get(answer.links["next"]["url"])
    wanted = [
        event["position"]
        for event in everything
        if event["type"].startswith(("stage.", "form."))
        and event["actor"]["id"] == lived.marketer.id
    ]
    assert positions == wanted[::-1]


async def test_one_event_is_shown_as_everywhere(lived: World, everything: list[Event]) -> None:
    for event in random.Random(1).sample(everything, 10):
        assert (await lived.owner.get(f"/v1/events/{event['id']}")).json() == event
    assert_problem(await lived.owner.get(f"/v1/events/{uuid4()}"), 404, "not_found")


async def test_members_see_the_events_of_projects_alone(
    lived: World, everything: list[Event]
) -> None:
    for noun, status in (("project", 200), ("person", 404), ("api_key", 404), ("workspace", 404)):
        event = next(event for event in everything if event["stream"].startswith(f"{noun}-"))
        answer = await lived.outsider.get(f"/v1/events/{event['id']}")
        assert answer.status_code == status, noun
