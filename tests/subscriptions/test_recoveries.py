"""A halted subscription over HTTP: it says why, and goes on from a position that somebody chooses."""

import asyncio
from typing import Any

import asyncpg

from tests.http.asserting import assert_problem, newest_position, nothing_written
from tests.pursuit import done
from tests.world import World

PATH = "/v1/webhook-subscriptions"


async def execute(world: World, statement: str, *values: Any) -> None:
    """With the rights of the database's owner."""
    owner = await asyncpg.connect(world.api.database.admin_url)
    try:
        await owner.execute(statement, *values)
    finally:
        await owner.close()


async def halted_subscription(world: World) -> str:
    """Its path. The row is the notifier's, whose own tests write it; here it is as it would be."""
    body = {"url": "https://example.com/in", "event_types": ["*"]}
    one: str = done(await world.owner.post(PATH, body)).headers["location"]
    values = "$1, $2, 'log_forked', 'another commit at 7', 7, 1"
    insert = f"INSERT INTO genjin.delivery_halt VALUES ({values})"
    await execute(world, insert, world.workspace_id, one.rpartition("/")[2])
    return one


async def test_a_halted_subscription_says_so_alone_and_in_the_list(world: World) -> None:
    one = await halted_subscription(world)
    for reader in (world.owner, world.auditor):
        shown = (await reader.get(one)).json()
        assert (shown["state"], shown["active"]) == ("halted", True)
        halted_at = shown["halt"].pop("halted_at")
        assert halted_at > shown["created_at"]
        assert shown["halt"] == {
            "code": "log_forked",
            "detail": "another commit at 7",
            "position": 7,
            "last_common_position": 0,  # nothing was ever delivered
            "delivered_not_in_log": 0,
        }
        [listed] = (await reader.get(PATH)).json()["items"]
        assert (listed["state"], listed["halt"]["code"]) == ("halted", "log_forked")


_TRIED = """
INSERT INTO genjin.delivery_attempt
SELECT $1, gen_random_uuid(), $2, position, CASE WHEN position <= 3 THEN id ELSE gen_random_uuid() END, type, stream, 1,
       'accepted', 200, null, null, now(), 1, null, false
  FROM genjin.event WHERE workspace_id = $1 AND position BETWEEN 2 AND 6
"""


async def test_a_halted_subscription_tells_from_where_nothing_is_skipped(world: World) -> None:
    """Of five events that were delivered the log still has two."""
    one = await halted_subscription(world)
    await execute(world, _TRIED, world.workspace_id, one.rpartition("/")[2])
    halt = (await world.owner.get(one)).json()["halt"]
    assert (halt["last_common_position"], halt["delivered_not_in_log"]) == (3, 3)
    attempts = (await world.owner.get(f"{one}/attempts")).json()["items"]
    assert {each["position"]: each["in_log"] for each in attempts} == {
        position: position <= 3 for position in range(2, 7)
    }
    cursor = "SELECT $1, $2, last_position, hash FROM genjin.commit WHERE workspace_id = $1"
    newest = f"INSERT INTO genjin.delivery_cursor {cursor} ORDER BY last_position DESC LIMIT 1"
    await execute(world, newest, world.workspace_id, one.rpartition("/")[2])
    halt = (await world.owner.get(one)).json()["halt"]
    assert halt["last_common_position"] == halt["position"]  # where it was halted at a gap
    [listed] = (await world.owner.get(PATH)).json()["items"]
    assert "last_common_position" not in listed["halt"]  # that is a question of its own


async def test_a_recovery_is_an_event_with_the_position_to_go_on_after(world: World) -> None:
    one = await halted_subscription(world)
    recovered = done(await world.owner.post(f"{one}/recoveries", {"position": 3}))
    [event] = recovered.json()["events"]
    assert recovered.status_code == 201
    assert (event["type"], event["data"]) == ("webhook_subscription.recovered", {"position": 3})
    assert recovered.json()["webhook_subscription"]["start_position"] == 3
    [change] = [each for each in event["changes"] if each["path"] == "/start_position"]
    assert change["after"] == 3


async def test_a_position_that_the_log_does_not_have_is_refused(world: World) -> None:
    one = await halted_subscription(world)
    head = await newest_position(world)
    async with nothing_written(world):
        answer = await world.owner.post(f"{one}/recoveries", {"position": head + 1})
        assert_problem(answer, 422, "field_invalid", "/position")
        for body in ({}, {"position": -1}, {"position": "1"}):
            answer = await world.owner.post(f"{one}/recoveries", body)
            assert_problem(answer, 422, "validation_failed", "/position")


async def test_owners_and_admins_alone_recover(world: World) -> None:
    one = await halted_subscription(world)
    async with nothing_written(world):
        for person in (world.marketer, world.auditor):
            answer = await person.post(f"{one}/recoveries", {"position": 1})
            assert_problem(answer, 403, "workspace_role_not_allowed")


async def test_of_two_recoveries_of_one_halt_the_first_holds(world: World) -> None:
    """Also where they come at once; until the notifier takes it up the subscription stays halted."""
    one = await halted_subscription(world)
    path, positions = f"{one}/recoveries", (1, 2, 3, 4)
    answers = await asyncio.gather(
        *(world.owner.post(path, {"position": position}) for position in positions)
    )
    [held] = [answer for answer in answers if answer.status_code == 201]
    begun = held.json()["webhook_subscription"]["start_position"]
    async with nothing_written(world):
        for answer in answers:
            if answer is not held:
                problem = assert_problem(answer, 409, "subscription_not_halted")
                assert problem["detail"] == f"it was recovered already, and goes on after {begun}"
        again = done(await world.owner.post(path, {"position": begun}))
        assert (again.status_code, again.json()["events"]) == (200, [])
    assert (await world.owner.get(one)).json()["start_position"] == begun


async def test_a_subscription_that_is_halted_again_is_recovered_again(world: World) -> None:
    one = await halted_subscription(world)
    done(await world.owner.post(f"{one}/recoveries", {"position": 1}))
    await execute(world, "UPDATE genjin.delivery_halt SET subscription_version = 2")
    again = await world.owner.post(f"{one}/recoveries", {"position": 1})
    assert (again.status_code, len(again.json()["events"])) == (201, 1)


async def test_a_deleted_subscription_is_not_recovered(world: World) -> None:
    one = await halted_subscription(world)
    done(await world.owner.delete(one))
    answer = await world.owner.post(f"{one}/recoveries", {"position": 1})
    assert_problem(answer, 404, "not_found")
