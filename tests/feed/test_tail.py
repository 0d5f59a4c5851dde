"""The tail that all live clients of a log share: whoever reads, wherever he stands, misses nothing."""

import asyncio
import random
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from genjin.log.reading import DamagedLogError
from genjin.postgres import create_pool
from genjin_api.feed.log_pages import LogPages
from genjin_api.feed.tail import Tail
from genjin_api.history.places import Place, checked_place, newest_place
from tests.databases import Database
from tests.log.log import Log, command

EVENTS = 60
CLIENTS = 8


@pytest.fixture
async def log(fresh_database: Database) -> AsyncIterator[Log]:
    pool = await create_pool(fresh_database.api_url, "genjin_api", 8)
    yield Log(uuid4(), fresh_database, pool)
    await pool.close()


async def write(log: Log, tail: Tail, chance: random.Random) -> None:
    """A wake-up comes late or, now and then, only with the next event's."""
    for number in range(EVENTS):
        await log.append(command(f"s{number}", 0, *["x"] * chance.randint(1, 3)))
        if chance.random() < 0.7:
            tail.wake()
    tail.wake()


async def follow(tail: Tail, start: Place, head: asyncio.Future[int], seed: int) -> list[int]:
    """What a client is told from a position on, at a pace of his own, until the log's end."""
    chance = random.Random(seed)
    positions: list[int] = []
    place = start
    while not head.done() or place.position < head.result():
        entries = await tail.read(place)
        positions += [entry.place.position for entry in entries]
        if entries:
            place = entries[-1].place
        else:
            await tail.news(0.05)
        await asyncio.sleep(chance.choice((0, 0, 0.001, 0.01)))
    return positions


@pytest.mark.parametrize("page_bytes", [1, 3000, 1_000_000])
@pytest.mark.parametrize("kept", [1, 7, 1000])
async def test_every_client_is_told_everything_once_and_in_order(
    log: Log, page_bytes: int, kept: int
) -> None:
    chance = random.Random(page_bytes + kept)
    await log.append(command("first", 0, *map(str, range(20))))
    twentieth = await newest_place(log.pool, log.workspace_id)
    tail = Tail(LogPages(log.pool, page_bytes), log.workspace_id, twentieth, kept)
    head: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    starts = [
        await checked_place(log.pool, log.workspace_id, Place(chance.randint(0, 20)))
        for _ in range(CLIENTS)
    ]
    clients = [
        asyncio.create_task(follow(tail, start, head, seed)) for seed, start in enumerate(starts)
    ]
    await write(log, tail, chance)
    last = await newest_place(log.pool, log.workspace_id)
    # One that begins where the tail may not have been yet.
    clients.append(asyncio.create_task(follow(tail, last, head, 99)))
    await log.append(command("last", 0, "z"))
    tail.wake()
    head.set_result(last.position + 1)
    told = await asyncio.wait_for(asyncio.gather(*clients), 60)
    for start, positions in zip([*starts, last], told, strict=True):
        assert positions == list(range(start.position + 1, last.position + 2))


async def test_a_read_that_fails_is_made_up_for_by_the_next(log: Log) -> None:
    await log.append(command("a", 0, "1"))
    tail = Tail(LogPages(log.pool, 1000), log.workspace_id, Place(0))
    reading = asyncio.create_task(tail.read(Place(0)))
    await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert [entry.place.position for entry in await tail.read(Place(0))] == [1]


async def test_a_tail_that_was_broken_off_tells_nothing_more(log: Log) -> None:
    await log.append(command("a", 0, "1"))
    tail = Tail(LogPages(log.pool, 1000), log.workspace_id, Place(0))
    tail.break_off()
    with pytest.raises(DamagedLogError):
        await tail.read(Place(0))


async def test_a_page_has_room_for_one_event_of_any_size(log: Log) -> None:
    await log.append(command("a", 0, "x" * 100_000, "y" * 100_000, "z"))
    pages = LogPages(log.pool, 1024)
    first = await pages.read(log.workspace_id, Place(0), 3)
    assert ([event.position for event in first.events], first.more) == ([1], True)
    rest = await LogPages(log.pool, 10**9).read(log.workspace_id, Place(1), 2)
    assert ([event.position for event in rest.events], rest.more) == ([2], False)


async def test_a_gap_in_the_log_is_damage(log: Log) -> None:
    await log.append(command("a", 0, "1"))
    with pytest.raises(DamagedLogError):
        await LogPages(log.pool, 1000).read(log.workspace_id, Place(-1), 9)
