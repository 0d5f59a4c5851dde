"""A reader that follows a log from its beginning, page by page."""

import asyncio
from functools import partial
from uuid import UUID, uuid4

import asyncpg

from genjin.log.append import append
from genjin.log.reading import read_tail
from genjin.postgres import create_pool
from tests.bench.bulk import EVENTS, command_of
from tests.bench.ground import Ground
from tests.bench.rounds import by_turns
from tests.bench.row import Row

LOG_EVENTS = 50_000
PAGE_EVENTS = 1000


async def measure(ground: Ground) -> list[Row]:
    ground.say("tail read")
    database = await ground.database()
    pool = await create_pool(database.api_url, "genjin_api", 2)
    try:
        workspace_id = await _fill(pool)
        sides = [partial(_read, pool, workspace_id)]
        await by_turns(1, ground.effort.warm_up_seconds, *sides)
        [rates] = await by_turns(ground.effort.rounds, ground.effort.slice_seconds, *sides)
    finally:
        await pool.close()
    return [
        Row(
            what=f"tail read by one reader, {PAGE_EVENTS} events a page",
            unit="events/s",
            ours=rates,
            aim="100,000/s",
        )
    ]


async def _fill(pool: asyncpg.Pool) -> UUID:
    workspace_id, project_id = uuid4(), uuid4()
    async with pool.acquire() as connection:
        for version in range(0, LOG_EVENTS, EVENTS):
            await append(connection, workspace_id, [command_of(project_id, version)])
    return workspace_id


async def _read(pool: asyncpg.Pool, workspace_id: UUID, seconds: float) -> float:
    """Events per second; from the beginning again when the end is reached."""
    loop = asyncio.get_running_loop()
    started, count, position = loop.time(), 0, 0
    while loop.time() < started + seconds:
        page = await read_tail(pool, workspace_id, position, PAGE_EVENTS)
        count += len(page)
        position = page[-1].position if len(page) == PAGE_EVENTS else 0
    return count / (loop.time() - started)
