"""A halted subscription over HTTP: it says why, and goes on from a position that somebody chooses."""

import asyncpg

from tests.http.asserting import assert_problem, newest_position, nothing_written
from tests.pursuit import done
from tests.world import World

PATH = "/v1/webhook-subscriptions"


async def halted_subscription(world: World) -> str:
    """Its path. The row is the notifier's, whose own tests write it; here it is as it would be."""
    body = {"url": "https://example.com/in", "event_types": ["*"]}
    one: str = done(await world.owner.post(PATH, body)).headers["location"]
    owner = await asyncpg.connect(world.api.database.admin_url)
    try:
        await owner.execute(
            "INSERT INTO genjin.delivery_halt VALUES ($1, $2, 'log_forked', 'another commit at 7', 7, 1)",
            world.workspace_id,
            one.rpartition("/")[2],
        )
    finally:
        await owner.close()
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
        }
        [listed] = (await reader.get(PATH)).json()["items"]
        assert (listed["state"], listed["halt"]["code"]) == ("halted", "log_forked")


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


async def test_a_deleted_subscription_is_not_recovered(world: World) -> None:
    one = await halted_subscription(world)
    done(await world.owner.delete(one))
    answer = await world.owner.post(f"{one}/recoveries", {"position": 1})
    assert_problem(answer, 404, "not_found")
