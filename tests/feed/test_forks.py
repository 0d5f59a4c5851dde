"""A log that was restored and grew again: whoever stood on what is gone is told so, and skips nothing."""

import pytest

from tests.feed.listening import EVENTS, Listener, listening
from tests.feed.steps import everything, record
from tests.http.asserting import assert_problem, newest_position
from tests.log.restoring import put_back
from tests.world import World

# How many events come again of those that a restore took, and how many more.
GROWN = [(0, 0), (0.5, 0), (1, 0), (1, 5)]


async def id_at(world: World, position: int) -> str:
    [event] = await everything(world.owner, position_from=position, position_to=position + 1)
    return f"{position}-{event['leaf_hash'][:16]}"


async def lived(world: World) -> tuple[int, str, str]:
    """Where a backup was made; the id of its last event; that of the last of two events which came then."""
    backup = await record(world, await world.project(), "一")
    last = await record(world, await world.project("XM-2"), "二")
    return backup, await id_at(world, backup), await id_at(world, last)


async def restore(world: World, position: int, share: float, more: int = 0) -> int:
    """Put the log back; where it ends when it has grown again."""
    grow = int((await newest_position(world) - position) * share) + more
    await put_back(world.api.database, world.workspace_id, position, grow)
    return position + grow


@pytest.mark.parametrize(("share", "more"), GROWN)
async def test_an_id_of_an_event_that_is_gone_is_refused(
    world: World, share: float, more: int
) -> None:
    backup, _, last = await lived(world)
    await restore(world, backup, share, more)
    by_header = await world.owner.client.get(EVENTS, headers={"Last-Event-ID": last})
    by_query = await world.owner.get(EVENTS, after_position=last)
    for answer in (by_header, by_query):
        problem = assert_problem(answer, 410, "log_forked")
        assert last.partition("-")[0] in problem["detail"]


async def test_an_id_of_an_event_that_is_gone_is_refused_on_a_project_too(world: World) -> None:
    project = await world.project()
    backup = await record(world, project, "一")
    last = await id_at(world, await record(world, project, "二"))
    await restore(world, backup, 1, 5)
    path = f"{project}/events/stream"
    answer = await world.marketer.client.get(path, headers={"Last-Event-ID": last})
    assert_problem(answer, 410, "log_forked")


@pytest.mark.parametrize(("share", "more"), GROWN)
async def test_an_id_from_before_the_fork_goes_on_with_what_the_log_has_now(
    world: World, share: float, more: int
) -> None:
    backup, seen, _ = await lived(world)
    end = await restore(world, backup, share, more)
    async with listening(world.owner, seen=seen) as feed:
        messages = await feed.until(end)
    assert [message.event["data"]["text"] for message in messages] == [
        f"other {number}" for number in range(end - backup)
    ]


async def test_a_bare_position_is_taken_unchecked(world: World) -> None:
    backup, _, _ = await lived(world)
    end = await restore(world, backup, 1, 5)
    async with listening(world.owner, seen=backup + 2) as feed:
        await feed.until(end)
    assert feed.positions == list(range(backup + 3, end + 1))


async def test_the_id_of_a_sign_of_life_is_that_of_the_event_there(world: World) -> None:
    project = await world.project()
    backup = await newest_position(world)
    async with listening(world.owner, type="risk.*") as feed:
        last = await record(world, project, "一", "二")
        await feed.until(last)
        seen = feed.parser.last_id
    assert seen == await id_at(world, last)
    await restore(world, backup, 1, 5)
    answer = await world.owner.client.get(EVENTS, headers={"Last-Event-ID": seen})
    assert_problem(answer, 410, "log_forked")


@pytest.mark.parametrize(("share", "more"), GROWN)
async def test_an_open_stream_is_told_that_its_log_is_gone_and_ends(
    world: World, share: float, more: int
) -> None:
    backup, _, last = await lived(world)
    async with listening(world.owner, after_position=backup) as feed:
        await feed.until(int(last.partition("-")[0]))
        read = len(feed.messages)
        await restore(world, backup, share, more)
        await feed.to_its_end()
    [told] = feed.messages[read:]
    assert (told.type, told.id) == ("problem", last)
    assert (told.event["code"], told.event["status"]) == ("log_forked", 410)
    answer = await world.owner.client.get(EVENTS, headers={"Last-Event-ID": last})
    assert answer.json()["detail"] == told.event["detail"]


async def test_who_comes_with_a_place_of_the_new_log_is_told_it_although_others_still_read_the_old(
    world: World,
) -> None:
    backup, seen, last = await lived(world)
    async with listening(world.owner, after_position=backup) as old:
        await old.until(int(last.partition("-")[0]))
        end = await restore(world, backup, 1)
        positions: list[int] = []
        while backup + len(positions) < end:
            async with listening(world.auditor, seen=seen) as new:
                positions += await read_on(new, end)
                seen = new.parser.last_id
        assert positions == list(range(backup + 1, end + 1))
        await old.to_its_end()
    assert old.messages[-1].type == "problem"


async def read_on(feed: Listener, position: int) -> list[int]:
    """Up to a position, or to the end of the stream."""
    while feed.position < position and await feed.read() is not None:
        assert "problem" not in [message.type for message in feed.messages]
    return feed.positions
