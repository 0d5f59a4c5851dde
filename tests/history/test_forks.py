"""Cursors of a history whose log was restored and grew again: what is gone is said, nothing is skipped."""

import base64
from typing import Any
from uuid import UUID

import httpx
import pytest

from genjin.history.filter import EventFilter
from genjin.history.phrase import to_phrase
from genjin_api.http.cursors import make_cursor
from tests.api_process import SECRET_KEY
from tests.http.asserting import assert_problem, newest_position
from tests.log.restoring import put_back
from tests.pursuit import done
from tests.world import World

EVENTS = "/v1/events"
# One request looks at no more than so many events that do not match.
LOOKED_AT = 1000


async def page(world: World, path: str = EVENTS, **query: Any) -> dict[str, Any]:
    read: dict[str, Any] = done(await world.owner.get(path, **query)).json()
    return read


async def cursor_at(world: World, position: int, path: str = EVENTS) -> str:
    """Of the page that ends with this event of the workspace, or with the last but one of a project."""
    limit = position if path == EVENTS else len((await page(world, path, limit=200))["items"]) - 1
    text: str = (await page(world, path, limit=limit))["next_cursor"]
    return text


async def restore(world: World, position: int, grow: int) -> None:
    await put_back(world.api.database, world.workspace_id, position, grow)


@pytest.mark.parametrize("grown", [0, 1, 4, 9])
async def test_a_cursor_behind_an_event_that_is_gone_is_refused(world: World, grown: int) -> None:
    head = await newest_position(world)
    cursor = await cursor_at(world, head - 1)
    await restore(world, head - 4, grown)
    problem = assert_problem(await world.owner.get(EVENTS, cursor=cursor), 410, "log_forked")
    assert str(head - 1) in problem["detail"]


async def test_a_cursor_of_a_walk_downwards_is_refused_too(world: World) -> None:
    head = await newest_position(world)
    cursor = (await page(world, order="desc", limit=1))["next_cursor"]
    await restore(world, head - 2, 9)
    answer = await world.owner.get(EVENTS, order="desc", cursor=cursor)
    assert_problem(answer, 410, "log_forked")


async def test_a_question_in_a_body_is_refused_in_the_same_way(world: World) -> None:
    head = await newest_position(world)
    cursor = await cursor_at(world, head - 1)
    await restore(world, head - 2, 9)
    answer = await world.owner.client.request("QUERY", EVENTS, json={"cursor": cursor})
    assert_problem(answer, 410, "log_forked")


async def test_a_cursor_of_a_project_s_history_is_refused(world: World) -> None:
    head = await newest_position(world)
    project = await world.project()
    path = f"{project}/events"
    cursor = await cursor_at(world, 0, path)
    await restore(world, head, 30)
    # The project itself is not in the log any more; its read model, which tells who may see it, is.
    assert_problem(await world.owner.get(path, cursor=cursor), 410, "log_forked")


async def test_a_cursor_of_what_a_request_brought_about_is_refused(world: World) -> None:
    head = await newest_position(world)
    body = {"code": "XM-9", "header": {"name": "x"}}
    made = done(await world.marketer.post("/v1/projects", body, X_Request_Id="several"))
    path = f"/v1/requests/{made.headers['request-id']}"
    assert len(made.json()["events"]) > 1
    cursor = (await page(world, path, limit=1))["next_cursor"]
    await restore(world, head, 9)
    assert_problem(await world.owner.get(path, cursor=cursor), 410, "log_forked")


@pytest.mark.parametrize("grown", [0, 1, 9])
async def test_a_cursor_from_before_the_fork_goes_on_with_what_the_log_has_now(
    world: World, grown: int
) -> None:
    head = await newest_position(world)
    cursor = await cursor_at(world, head - 4)
    await restore(world, head - 4, grown)
    told = await page(world, cursor=cursor)
    assert [event["data"]["text"] for event in told["items"]] == [
        f"other {number}" for number in range(grown)
    ]


@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_a_page_that_ends_where_nothing_matched_knows_what_stood_there(
    world: World, order: str
) -> None:
    head = await newest_position(world)
    await restore(world, head, 2 * LOOKED_AT)
    asked = {"stage": "t", "order": order}  # no stage, but a letter of every body
    first = await page(world, **asked)
    assert first["items"] == []
    cursor = first["next_cursor"]
    assert (await world.owner.get(EVENTS, **asked, cursor=cursor)).status_code == 200
    await restore(world, head, 2 * LOOKED_AT + 1)
    answer = await world.owner.get(EVENTS, **asked, cursor=cursor)
    assert_problem(answer, 410, "log_forked")


def bare_cursor(world: World, position: int) -> str:
    """As earlier releases made it."""
    key = base64.urlsafe_b64decode(SECRET_KEY + "=" * (-len(SECRET_KEY) % 4))
    signed = {"filter": to_phrase(EventFilter()), "order": "asc", "list": EVENTS}
    return make_cursor(key, UUID(world.workspace_id), signed, [position])


async def test_a_cursor_with_a_bare_position_is_taken_unchecked(world: World) -> None:
    head = await newest_position(world)
    await restore(world, head - 4, 9)
    told = await page(world, cursor=bare_cursor(world, head - 2))
    assert [event["position"] for event in told["items"]] == list(range(head - 1, head + 6))


async def test_a_bare_position_that_the_log_does_not_reach_is_gone(world: World) -> None:
    head = await newest_position(world)
    answer: httpx.Response = await world.owner.get(EVENTS, cursor=bare_cursor(world, head + 1))
    assert_problem(answer, 410, "position_gone")
