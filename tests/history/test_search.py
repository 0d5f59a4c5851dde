"""Every combination of filters against a naive one over all events, wherever the index has come to."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from functools import partial
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from genjin.event_index.writing import index_block
from genjin.history.filter import EventFilter, Term
from genjin.history.phrase import parse_phrase
from genjin.postgres import create_pool
from genjin_api.history.search import STREAM_READ_MAX, find, read_steps
from genjin_api.history.walk import Order
from genjin_deploy.embedded_postgres import EmbeddedPostgres
from tests.databases import copy_migrated
from tests.history.lived import Asked, Chance, Event, Lived, naive, question, questions, read_all

SEED = 20260101
ORDERS: tuple[Order, Order] = ("asc", "desc")


@pytest.fixture(scope="module")
async def pool(postgres: EmbeddedPostgres) -> AsyncIterator[asyncpg.Pool]:
    """In the rights of the owner, who may do what the API and the notifier may."""
    database = await copy_migrated(postgres)
    made = await create_pool(database.admin_url, "postgres", 4)
    yield made
    await made.close()


@pytest.fixture(scope="module", params=["whole", "half", "absent"])
async def lived(pool: asyncpg.Pool, request: pytest.FixtureRequest) -> Lived:
    """A log of more than two small blocks, indexed as far as there are blocks, half as far, or not at all."""
    lived = Lived(Chance(SEED), pool, uuid4())
    await lived.live(32)
    blocks = {"whole": 2, "half": 1, "absent": 0}[request.param]
    for _ in range(blocks):
        assert await index_block(pool, lived.workspace_id)
    if request.param == "whole":
        assert not await index_block(pool, lived.workspace_id)
    return lived


def filter_of(asked: list[Asked]) -> EventFilter:
    parsed = parse_phrase(" ".join(one.phrase for one in asked))
    assert isinstance(parsed, EventFilter), parsed
    return parsed


async def walked(
    pool: asyncpg.Pool, workspace_id: UUID, asked: list[Asked], order: Order, limit: int
) -> list[int]:
    """The positions on all pages."""
    positions: list[int] = []
    after = None
    for _ in range(10_000):
        page = await find(pool, workspace_id, filter_of(asked), order, after, limit)
        assert len(page.events) <= limit
        positions += [event.position for event in page.events]
        after = page.place
        if after is None:
            return positions
    raise AssertionError("the pages have no end")


async def assert_finds(
    lived: Lived, asked: list[Asked], events: list[Event], chance: random.Random
) -> int:
    wanted = naive(asked, events)
    order = chance.choice(ORDERS)
    limit = chance.choice([one for one in (1, 7, 50, 200) if len(wanted) <= one * 25] or [200])
    found = await walked(lived.database, lived.workspace_id, asked, order, limit)
    said = " ".join(one.phrase for one in asked)
    assert found == (wanted if order == "asc" else wanted[::-1]), (said, order, limit)
    return len(wanted)


def _is_of(stream: str, event: Event) -> bool:
    return bool(event["stream"] == stream)


async def test_every_field_alone_finds_what_it_says(lived: Lived) -> None:
    events = await read_all(lived.database, lived.workspace_id)
    assert len(events) > 2 * 1024 + 100
    chance = random.Random(1)
    for one in questions(chance, events):
        for negated in (False, True):
            asked = [Asked(one.text, one.means, one.of_change, negated)]
            await assert_finds(lived, asked, events, chance)


async def test_any_combination_finds_what_it_says(lived: Lived) -> None:
    events = await read_all(lived.database, lived.workspace_id)
    loop = asyncio.get_running_loop()
    counts: list[int] = []

    @settings(
        max_examples=80, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(st.randoms(), st.integers(2, 4))
    def combinations(chance: random.Random, terms: int) -> None:
        asking = assert_finds(lived, question(chance, events, terms), events, chance)
        counts.append(asyncio.run_coroutine_threadsafe(asking, loop).result(60))

    run: Callable[[], None] = combinations
    await asyncio.to_thread(run)
    assert sum(count > 0 for count in counts) > 15
    assert len(set(counts)) > 8


async def test_a_long_stream_is_looked_up_in_the_index(pool: asyncpg.Pool) -> None:
    """And in the part of the log that the index does not reach, from any page on."""
    lived = Lived(Chance(SEED + 2), pool, uuid4())
    del lived.projects[2:]
    await lived.live(20)
    assert await index_block(pool, lived.workspace_id)
    events = await read_all(pool, lived.workspace_id)
    chance = random.Random(4)
    counts = []
    for project in lived.projects:
        stream = f"project-{project}"
        assert sum(event["stream"] == stream for event in events) > 2 * STREAM_READ_MAX
        of_stream = Asked(f"stream:{stream}", partial(_is_of, stream))
        for other in questions(chance, events):
            for negated in (False, True):
                one = Asked(other.text, other.means, other.of_change, negated)
                counts.append(await assert_finds(lived, [of_stream, one], events, chance))
    assert sum(count > 0 for count in counts) > 15
    assert min(counts) == 0


async def test_a_rare_event_of_a_long_stream_is_found_without_reading_the_stream(
    pool: asyncpg.Pool,
) -> None:
    lived = Lived(Chance(SEED + 3), pool, uuid4())
    del lived.projects[1:]
    await lived.live(20)
    assert await index_block(pool, lived.workspace_id)
    [wanted] = [one for one in await read_all(pool, lived.workspace_id) if one["position"] == 500]
    asked = EventFilter.of(
        [Term("stream", (wanted["stream"],)), Term("request_id", (wanted["request_id"],))]
    )
    async with pool.acquire() as connection, connection.transaction():
        steps = read_steps(connection, lived.workspace_id, asked, "asc", None, 50)
        read = [event.position async for step in steps for event in step.events]
    assert 500 in read
    assert len(read) < 10


async def test_pages_hold_while_the_log_grows_and_its_index_follows(pool: asyncpg.Pool) -> None:
    """Upwards, what is written meanwhile comes at the end; downwards, the pages are those of the log at the first."""
    lived = Lived(Chance(SEED + 1), pool, uuid4())
    await lived.live(16)
    chance = random.Random(3)
    for turn in range(24):
        before = await read_all(pool, lived.workspace_id)
        asked = question(chance, before, chance.randint(1, 2))
        order: Order = ORDERS[turn % 2]
        found: list[int] = []
        after, grown = None, 0
        while True:
            page = await find(pool, lived.workspace_id, filter_of(asked), order, after, 60)
            found += [event.position for event in page.events]
            after = page.place
            if after is None:
                break
            if grown < 3:
                grown += 1
                await lived.live(1)
                await index_block(pool, lived.workspace_id)
        if order == "asc":
            assert found == naive(asked, await read_all(pool, lived.workspace_id))
        else:
            assert found == naive(asked, before)[::-1]
