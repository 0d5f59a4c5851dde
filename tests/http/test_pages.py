"""Lists walk page by page, by cursor or by Link, while others write: nothing twice, nothing left out."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.http.asserting import assert_problem
from tests.world import Person, World, make_world

PROJECTS = 25


@pytest.fixture(scope="module")
async def crowd(house: World) -> AsyncIterator[World]:
    """A workspace with many projects."""
    async with make_world(house.api) as made:
        await asyncio.gather(*(add_project(made) for _ in range(PROJECTS)))
        yield made


async def add_project(world: World) -> None:
    body = {"code": f"XM-{uuid4().hex[:12]}", "header": {"name": "某项目 100%_"}}
    made = await world.marketer.post("/v1/projects", body)
    assert made.status_code == 201, made.text


async def walk(
    person: Person,
    path: str,
    between: Callable[[], Awaitable[Any]] | None = None,
    /,
    **query: Any,
) -> list[dict[str, Any]]:
    """Every item of a list, by its Link header; cursor and Link say the same."""
    items: list[dict[str, Any]] = []
    page = await person.get(path, **query)
    while True:
        assert page.status_code == 200, page.text
        items += page.json()["items"]
        cursor = page.json()["next_cursor"]
        if cursor is None:
            assert "link" not in page.headers
            return items
        assert len(page.json()["items"]) == query["limit"]
        if between:
            await between()
        link = re.fullmatch('<(.+)>; rel="next"', page.headers["link"])
        assert link is not None
        page = await person.client.get(link[1])
        by_cursor = await person.get(path, **query, cursor=cursor)
        assert by_cursor.json()["items"][:1] == page.json()["items"][:1]


def ids(items: list[dict[str, Any]]) -> list[str]:
    return [item["id"] for item in items]


@pytest.mark.parametrize("sort", ["created_at", "-created_at", "code"])
async def test_projects_are_walked_while_others_are_made_and_changed(
    crowd: World, sort: str
) -> None:
    before = await crowd.marketer.get("/v1/projects", limit=200, sort=sort)
    changed = iter(ids(before.json()["items"]))

    async def write() -> None:
        await add_project(crowd)
        await crowd.marketer.patch(
            f"/v1/projects/{next(changed)}", {"header": {"region": str(uuid4())}}
        )

    seen = ids(await walk(crowd.marketer, "/v1/projects", write, sort=sort, limit=4))
    assert len(set(seen)) == len(seen)
    known = ids(before.json()["items"])
    assert [one for one in seen if one in set(known)] == known


@pytest.mark.parametrize("sort", ["updated_at", "-updated_at"])
async def test_projects_are_walked_in_the_order_of_their_last_change(
    crowd: World, sort: str
) -> None:
    seen = await walk(crowd.marketer, "/v1/projects", sort=sort, limit=7)
    assert len(set(ids(seen))) == len(seen) >= PROJECTS
    times = [item["updated_at"] for item in seen]
    assert times == sorted(times, reverse=sort.startswith("-"))


async def test_filters_stay_with_the_cursor(crowd: World) -> None:
    query: dict[str, Any] = {"search": "100%_", "status": "open", "stage": "initiation", "limit": 6}
    seen = await walk(crowd.marketer, "/v1/projects", **query)
    assert len(seen) >= PROJECTS
    assert (await crowd.marketer.get("/v1/projects", search="100_%")).json()["items"] == []


async def test_the_events_are_walked_upwards_to_the_very_end_while_others_write(
    crowd: World,
) -> None:
    writes = iter(range(5))

    async def write() -> None:
        if next(writes, None) is not None:
            await add_project(crowd)

    seen = await walk(crowd.auditor, "/v1/events", write, limit=20)
    assert [event["position"] for event in seen] == list(range(1, len(seen) + 1))
    assert next(writes, None) is None


async def test_the_events_are_walked_downwards_from_where_the_walk_began(crowd: World) -> None:
    async def write() -> None:
        await add_project(crowd)

    filters: dict[str, Any] = {
        "type": ["stage.*", "project.created"],
        "recorded_from": "2020-01-01T00:00:00+08:00",
    }
    seen = await walk(crowd.auditor, "/v1/events", write, order="desc", limit=20, **filters)
    positions = [event["position"] for event in seen]
    assert positions == sorted(set(positions), reverse=True)
    known = await walk(crowd.auditor, "/v1/events", limit=200, **filters)
    assert positions == [event["position"] for event in reversed(known)][-len(positions) :]


@pytest.mark.parametrize("path", ["/v1/people", "/v1/api-keys"])
async def test_people_and_keys_are_walked(crowd: World, path: str) -> None:
    seen = await walk(crowd.owner, path, limit=2)
    whole = (await crowd.owner.get(path, limit=200)).json()["items"]
    assert seen == whole
    assert len(seen) > 4


async def test_a_cursor_is_good_for_its_own_list_alone(crowd: World, house: World) -> None:
    async def cursor(path: str, **query: Any) -> str:
        text: str = (await crowd.owner.get(path, limit=1, **query)).json()["next_cursor"]
        return text

    projects, events, people = [
        await cursor(path) for path in ("/v1/projects", "/v1/events", "/v1/people")
    ]
    tampered = projects[:-3] + ("AAA" if projects[-3:] != "AAA" else "BBB")
    for path, query in (
        ("/v1/projects", {"cursor": tampered}),
        ("/v1/projects", {"cursor": events}),
        ("/v1/projects", {"cursor": projects, "sort": "code"}),
        ("/v1/projects", {"cursor": projects, "stage": "intake"}),
        ("/v1/projects", {"cursor": projects, "search": "x"}),
        ("/v1/projects", {"cursor": "x"}),
        ("/v1/projects", {"cursor": "é"}),
        ("/v1/projects", {"cursor": ""}),
        ("/v1/people", {"cursor": projects}),
        ("/v1/api-keys", {"cursor": people}),
        ("/v1/events", {"cursor": events, "order": "desc"}),
        ("/v1/events", {"cursor": events, "type": "stage.*"}),
        ("/v1/events", {"cursor": people}),
    ):
        answer = await crowd.owner.get(path, **query)
        assert_problem(answer, 400, "cursor_invalid")
    for path, foreign in (
        ("/v1/projects", projects),
        ("/v1/events", events),
        ("/v1/people", people),
    ):
        assert_problem(await house.owner.get(path, cursor=foreign), 400, "cursor_invalid")
