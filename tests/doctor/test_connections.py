"""The connections that the doctor counts are those that a process opens when it is as busy as it may be."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

import asyncpg
from pydantic import SecretStr

from genjin.settings import ApiSettings
from genjin_api.app import open_services
from genjin_api.history.places import Place
from tests.api_process import SECRET_KEY
from tests.databases import Database
from tests.doctor.examining import examined, execute, wrong

POOLS: dict[str, Any] = {"pool_size": 3, "writer_connections": 2}


async def opened_by_a_busy_process(database: Database) -> int:
    """All three pools are full, and somebody follows a live stream."""
    settings = ApiSettings(
        secret_key=SecretStr(SECRET_KEY), api_database_url=database.api_url, **POOLS
    )
    async with open_services(settings) as services, AsyncExitStack() as held:
        for _ in range(settings.pool_size):
            await held.enter_async_context(services.database.acquire())
            await held.enter_async_context(services.engine.connect())
        await held.enter_async_context(services.feed.tails.tail(uuid4(), Place(0)))
        return await settled_count(database)


async def settled_count(database: Database) -> int:
    """Once the listening connection is there."""
    owner = await asyncpg.connect(database.admin_url)
    try:
        for _ in range(400):
            queries = await owner.fetch(
                """
                SELECT query FROM pg_stat_activity
                 WHERE datname = current_database() AND application_name = 'genjin_api'
                """
            )
            if any(row["query"].startswith("LISTEN ") for row in queries):
                return len(queries)
            await asyncio.sleep(0.02)
    finally:
        await owner.close()
    raise AssertionError("nobody listens")


async def test_a_busy_process_opens_as_many_as_are_counted(fresh_database: Database) -> None:
    finding = (await examined(fresh_database.api_url, **POOLS))["connections"]
    opened = await opened_by_a_busy_process(fresh_database)
    assert finding.reason == f"one API process opens up to {opened}"


async def test_room_for_all_but_the_last_connection_is_a_warning(fresh_database: Database) -> None:
    opened = await opened_by_a_busy_process(fresh_database)
    database = fresh_database.admin_url.rpartition("/")[2]
    for limit, found in ((opened, {}), (opened - 1, {"connections": "warn"})):
        await execute(
            fresh_database.admin_url, f"ALTER DATABASE {database} CONNECTION LIMIT {limit}"
        )
        assert wrong(await examined(fresh_database.api_url, **POOLS)) == found
