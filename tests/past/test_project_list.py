"""The project list at a point of the past, against a naive fold of every project's events."""

import asyncio
import random
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import pytest

from genjin.canonical import plain_json
from genjin.event import RecordedEvent
from genjin_api.http.problems import ProblemError
from genjin_api.projects.past_rows import FIRST_VERSION, MADE_AT_ONCE_MAX, complete_past
from genjin_api.projects.projection import card, past_of
from tests.api_process import ApiProcess
from tests.http.asserting import assert_problem
from tests.http.test_pages import walk
from tests.past.lives import Event, as_json, change_something, events_of, fold
from tests.pursuit import Pursuit, done
from tests.world import World, make_world

Item = dict[str, Any]


@pytest.fixture(scope="module")
async def portfolio(api: ApiProcess) -> AsyncIterator[World]:
    """Projects that live side by side: their events stand mixed in the log."""
    chance = random.Random(3)
    async with make_world(api) as made:
        living: list[Pursuit] = []
        for number in range(50):
            if number % 7 == 0:
                region = chance.choice(["天津", "河北"])
                living.append(Pursuit(made, await made.project(f"XM-{number}", region=region)))
            if number == 20:
                await living[0].open_gate()
                await living[0].advance()
            await change_something(chance.choice(living), chance)
        yield made


@pytest.fixture(scope="module")
async def told(portfolio: World) -> list[Event]:
    return await events_of(portfolio)


def streams(told: list[Event], position: int) -> list[list[Event]]:
    """The events of each project at or below a position."""
    found: dict[str, list[Event]] = {}
    for event in told:
        if event["position"] <= position:
            found.setdefault(event["stream"], []).append(event)
    return list(found.values())


def naive(told: list[Event], position: int) -> list[Item]:
    states = [fold(events) for events in streams(told, position)]
    cards = [as_json(card(state)) for state in states if state is not None and state.stands]
    return sorted(cards, key=lambda item: (item["created_at"], item["id"]), reverse=True)


async def listed(world: World, as_of: object, **query: Any) -> list[Item]:
    items = await walk(world.auditor, "/v1/projects", as_of=str(as_of), limit=3, **query)
    return items


async def test_at_any_position_every_project_is_as_it_was(
    portfolio: World, told: list[Event]
) -> None:
    """In the midst of a commit too, and before there was any."""
    positions = [event["position"] for event in told]
    chosen = random.Random(1).sample(positions, 25)
    for position in [1, *positions[:4], *chosen, positions[-1]]:
        assert await listed(portfolio, f"@{position}") == naive(told, position), position


async def test_at_any_time_it_is_what_was_recorded_by_then(
    portfolio: World, told: list[Event]
) -> None:
    for event in random.Random(2).sample(told, 8):
        last = max(e["position"] for e in told if e["recorded_at"] == event["recorded_at"])
        assert await listed(portfolio, event["recorded_at"]) == naive(told, last)
        before = datetime.fromisoformat(event["recorded_at"]) - timedelta(microseconds=1)
        first = min(e["position"] for e in told if e["recorded_at"] == event["recorded_at"])
        assert await listed(portfolio, before.isoformat()) == naive(told, first - 1)
    assert await listed(portfolio, "2020-01-01T00:00:00Z") == []


async def test_filters_search_and_order_are_those_of_then(
    portfolio: World, told: list[Event]
) -> None:
    seen = 0
    for position in [event["position"] for event in told[:: len(told) // 9]]:
        then = naive(told, position)
        for query, fits in QUERIES:
            wanted = [item for item in then if fits(item)]
            seen += len(wanted)
            assert await listed(portfolio, f"@{position}", **query) == wanted, (position, query)
        by_code = [item["id"] for item in await listed(portfolio, f"@{position}", sort="code")]
        assert sorted(by_code) == sorted(item["id"] for item in then)
        upwards = await listed(portfolio, f"@{position}", sort="created_at")
        assert upwards == then[::-1]
    assert seen > 30


QUERIES: list[tuple[dict[str, Any], Any]] = [
    ({"status": "open"}, lambda item: item["status"] == "open"),
    ({"status": "suspended"}, lambda item: item["status"] == "suspended"),
    ({"outcome": "lost"}, lambda item: item["closing"] and item["closing"]["outcome"] == "lost"),
    ({"stage": "contact"}, lambda item: item["stage"] == "contact"),
    ({"region": "河北"}, lambda item: item["header"].get("region") == "河北"),
    (
        {"department": "一部", "status": "open"},
        lambda item: item["header"].get("department") == "一部" and item["status"] == "open",
    ),
    ({"template": "pursuit.8"}, lambda item: item["template"]["key"] == "pursuit.8"),
    ({"search": "xm-2"}, lambda item: "XM-2" in item["code"]),
    ({"search": "污水"}, lambda item: "污水" in item["header"]["name"]),
]


async def test_the_list_of_the_newest_position_is_that_of_now(
    portfolio: World, told: list[Event]
) -> None:
    now = done(await portfolio.auditor.get("/v1/projects", sort="-created_at", limit=200))
    then = await portfolio.auditor.get("/v1/projects", as_of=f"@{told[-1]['position']}", limit=200)
    assert then.json() == now.json()
    assert then.headers["genjin-position"] == str(told[-1]["position"])
    assert then.headers["cache-control"] == "private, max-age=86400, immutable"


async def test_rows_of_the_past_are_those_that_the_events_make(
    portfolio: World, told: list[Event]
) -> None:
    """Exactly one for each event that changes what the list can be asked for."""
    stored = await _rows(portfolio)
    made = []
    for events in streams(told, told[-1]["position"]):
        made += past_of([_as_recorded(event) for event in events])
    assert sorted(stored, key=_place) == sorted(as_json(made), key=_place)
    first = {row["id"]: row["version"] for row in sorted(stored, key=_place, reverse=True)}
    assert set(first.values()) == {FIRST_VERSION}
    assert len(told) / 20 < len(stored) < len(told) / 2


def _place(row: Item) -> int:
    position: int = row["position"]
    return position


def _as_recorded(event: Event) -> RecordedEvent:
    body = {name: value for name, value in event.items() if name != "leaf_hash"}
    names = (event["position"], event["stream"], event["version"], event["type"])
    return RecordedEvent(*names, plain_json(body).decode(), bytes.fromhex(event["leaf_hash"]))


async def _rows(world: World) -> list[Item]:
    owner = await asyncpg.connect(world.api.database.admin_url)
    query = "SELECT to_jsonb(r) - 'workspace_id' AS row FROM genjin.project_past r WHERE workspace_id = $1"
    rows = [_row(row["row"]) for row in await owner.fetch(query, world.workspace_id)]
    await owner.close()
    return rows


def _row(text: str) -> Item:
    row: Item = orjson.loads(text)
    created = datetime.fromisoformat(row["created_at"])
    row["created_at"] = as_json(created)
    amount = row["expected_amount"]
    return {**row, "expected_amount": None if amount is None else str(amount)}


@asynccontextmanager
async def older_than_the_table(api: ApiProcess, projects: int) -> AsyncIterator[World]:
    """A workspace whose projects have no rows of the past, as before there was a table for them."""
    async with make_world(api) as world:
        for number in range(projects):
            body = {"code": f"XM-{number}", "header": {"name": "某项目"}}
            done(await world.marketer.post("/v1/projects", body))
        async with owner_of(world) as owner:
            query = "DELETE FROM genjin.project_past WHERE workspace_id = $1"
            await owner.execute(query, world.workspace_id)
        yield world


@asynccontextmanager
async def owner_of(world: World) -> AsyncIterator[asyncpg.Connection]:
    owner = await asyncpg.connect(world.api.database.admin_url)
    try:
        yield owner
    finally:
        await owner.close()


async def test_projects_older_than_the_table_get_their_rows_when_somebody_asks(
    api: ApiProcess,
) -> None:
    async with older_than_the_table(api, 60) as world:
        told = await events_of(world)
        assert await _rows(world) == []
        point = f"@{told[-1]['position']}"
        first = await world.auditor.get("/v1/projects", as_of=point)
        assert_problem(first, 503, "busy")
        assert first.headers["retry-after"]
        assert len(await listed(world, point)) == 60
        made = [past_of([_as_recorded(event) for event in one]) for one in streams(told, 10**9)]
        wanted = [row for rows in made for row in rows]
        assert sorted(await _rows(world), key=_place) == sorted(as_json(wanted), key=_place)


async def test_a_workspace_that_lacks_no_rows_is_looked_through_once_and_never_again(
    api: ApiProcess,
) -> None:
    async with older_than_the_table(api, 20) as world, owner_of(world) as owner:
        first = await _queries_of_completing(owner, world)
        assert sum("INSERT INTO genjin.project_past\n" in query for query in first) == 20
        for _ in range(3):
            [query] = await _queries_of_completing(owner, world)
            plan = await owner.fetchval(f"EXPLAIN (FORMAT JSON) {query}", world.workspace_id)
            relations = set(re.findall(r'"Relation Name": "(\w+)"', plan))
            assert relations == {"project_past_complete"}
        done(await world.marketer.post("/v1/projects", {"code": "N", "header": {"name": "x"}}))
        newest = (await events_of(world))[-1]["position"]
        assert len(await listed(world, f"@{newest}")) == 21


async def _queries_of_completing(owner: asyncpg.Connection, world: World) -> list[str]:
    asked: list[str] = []
    with owner.query_logger(lambda query: asked.append(query.query)):
        await complete_past(owner, UUID(world.workspace_id))
        await asyncio.sleep(0)  # the logger is told a moment later
    return asked


async def test_a_workspace_that_lacks_rows_still_is_not_taken_for_complete(
    api: ApiProcess,
) -> None:
    async with older_than_the_table(api, MADE_AT_ONCE_MAX + 1) as world, owner_of(world) as owner:
        workspace_id = UUID(world.workspace_id)
        query = "SELECT count(*) FROM genjin.project_past_complete WHERE workspace_id = $1"
        with pytest.raises(ProblemError):
            await complete_past(owner, workspace_id)
        assert await owner.fetchval(query, workspace_id) == 0
        await complete_past(owner, workspace_id)
        assert await owner.fetchval(query, workspace_id) == 1


async def test_what_cannot_be_asked_of_the_past_is_refused(portfolio: World) -> None:
    for query, status, code, pointer in (
        ({"as_of": "7"}, 422, "validation_failed", "?as_of"),
        ({"as_of": "x"}, 422, "validation_failed", "?as_of"),
        ({"as_of": "@1", "sort": "-updated_at"}, 422, "validation_failed", "?sort"),
        ({"as_of": "@1", "sort": "updated_at"}, 422, "validation_failed", "?sort"),
        ({"as_of": "@99999999"}, 400, "point_in_future", "?as_of"),
        ({"as_of": "2099-01-01T00:00:00Z"}, 400, "point_in_future", "?as_of"),
        ({"as_of": "2099-01-01"}, 400, "point_in_future", "?as_of"),
        ({"as_of": "2026-02-30"}, 422, "validation_failed", "?as_of"),
    ):
        answer = await portfolio.auditor.get("/v1/projects", **query)
        assert_problem(answer, status, code, pointer)


async def test_a_cursor_of_one_point_is_not_good_for_another(
    portfolio: World, told: list[Event]
) -> None:
    last = told[-1]["position"]
    page = await portfolio.auditor.get("/v1/projects", as_of=f"@{last}", limit=1)
    cursor = page.json()["next_cursor"]
    for query in ({"as_of": f"@{last - 1}"}, {}, {"sort": "-created_at"}):
        answer = await portfolio.auditor.get("/v1/projects", limit=1, cursor=cursor, **query)
        assert_problem(answer, 400, "cursor_invalid")


async def test_the_past_of_another_workspace_is_not_listed(portfolio: World, world: World) -> None:
    newest = (await world.owner.get("/v1/events", order="desc", limit=1)).json()["items"][0]
    assert await listed(world, f"@{newest['position']}") == []
