"""How streams end: slow clients, killed and stopping processes, lost connections; and that nothing is lost by it."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import asyncpg
import httpx
import pytest

from genjin_deploy.embedded_postgres import EmbeddedPostgres
from tests.api_process import ApiProcess, api_process
from tests.databases import Database, copy_migrated
from tests.feed.listening import EVENTS, Listener, listening
from tests.feed.steps import SETTINGS, record
from tests.http.asserting import assert_problem, newest_position
from tests.world import Person, World, make_world

LONG = "业主已立项，设计院正在编制初步设计。" * 200
# More than all the buffers between the two ends hold.
LONG_TEXTS = 250


@asynccontextmanager
async def deaf_client(person: Person, path: str) -> AsyncIterator[socket.socket]:
    """Asks and then does not read."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.setblocking(False)
    loop = asyncio.get_running_loop()
    url = person.client.base_url
    await loop.sock_connect(client, (url.host, url.port or 80))
    asked = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {person.key}\r\n\r\n"
    await loop.sock_sendall(client, asked.encode())
    try:
        yield client
    finally:
        client.close()


async def read_all(client: socket.socket) -> bytes:
    """What is still there; nothing more comes once the connection was cut off."""
    loop = asyncio.get_running_loop()
    read = bytearray()
    with suppress(ConnectionResetError):
        while chunk := await loop.sock_recv(client, 1 << 16):
            read += chunk
    return bytes(read)


async def long_log(world: World) -> tuple[str, int]:
    project = await world.project()
    return project, await record(world, project, *(f"{LONG}{n}" for n in range(LONG_TEXTS)))


async def test_a_client_that_does_not_read_is_cut_off_and_makes_nobody_wait(world: World) -> None:
    project, last = await long_log(world)
    path = f"{EVENTS}?after_position=0"
    async with deaf_client(world.owner, path) as client, listening(world.auditor) as quick:
        async with listening(world.auditor, seen=0) as catching_up:
            await catching_up.until(last)
        assert catching_up.positions == list(range(1, last + 1))
        newest = await record(world, project, "新")
        await quick.until(newest)
        await until_logged(world.api, "stream_stalled")
        read = await asyncio.wait_for(read_all(client), 30)
    assert b"id: 1-" in read
    seen = read.rpartition(b"\n\n")[0].rpartition(b"id: ")[2].partition(b"\n")[0].decode()
    position = int(seen.partition("-")[0])
    assert position < last
    async with listening(world.owner, seen=seen) as again:
        await again.until(newest)
    assert again.positions == list(range(position + 1, newest + 1))


async def until_logged(api: ApiProcess, words: str) -> None:
    for _ in range(600):
        if words in api.log.read_text():
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"the API never said {words}")


async def test_many_clients_are_told_the_same_and_leave_the_connections_free(
    world: World,
) -> None:
    """More streams than the API has connections to Postgres."""
    project = await world.project()
    path = f"{project}/events/stream"
    people = [
        world.marketer,
        world.dept_head,
        world.sales_manager,
        world.general_manager,
        world.outsider,
    ]
    head = await newest_position(world)
    async with many(path, [person for person in people for _ in range(4)]) as feeds:
        last = await record(world, project, *map(str, range(20)))
        assert (await world.owner.get("/v1/me")).status_code == 200
        await asyncio.gather(*(feed.until(last) for feed in feeds))
    assert len(feeds) == 20
    for feed in feeds:
        assert feed.positions == list(range(head + 1, last + 1))


@asynccontextmanager
async def many(path: str, people: list[Person]) -> AsyncIterator[list[Listener]]:
    if not people:
        yield []
        return
    async with listening(people[0], path) as first, many(path, people[1:]) as others:
        yield [first, *others]


@asynccontextmanager
async def own_api(
    postgres: EmbeddedPostgres, folder: Path, **settings: str
) -> AsyncIterator[tuple[Database, World]]:
    """An API process for one test, which may end it."""
    database = await copy_migrated(postgres)
    async with (
        api_process(database, folder / "api.log", **{**SETTINGS, **settings}) as api,
        make_world(api) as world,
    ):
        yield database, world


async def test_a_stream_ends_when_its_time_is_up_and_nothing_is_lost(
    postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    async with own_api(postgres, tmp_path, GENJIN_STREAM_LIFE_SECONDS="0.2") as (_, world):
        project = await world.project()
        writing = asyncio.create_task(record(world, project, *map(str, range(80))))
        place, seen, positions, streams = 0, "0", [], 0
        while not writing.done() or place < writing.result():
            async with listening(world.owner, seen=seen) as feed:
                await feed.to_its_end()
            positions += feed.positions
            place, seen, streams = feed.position, feed.parser.last_id, streams + 1
        assert streams > 1
        assert positions == list(range(1, await newest_position(world) + 1))


async def test_a_full_process_sends_new_clients_away_for_a_moment(
    postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    async with (
        own_api(postgres, tmp_path, GENJIN_STREAMS_MAX="1") as (_, world),
        listening(world.owner),
    ):
        for path in (EVENTS, "/v1/events/export"):
            refused = await world.auditor.get(path)
            assert_problem(refused, 503, "busy")
            assert int(refused.headers["retry-after"]) > 0


@pytest.mark.faults
async def test_a_killed_api_costs_its_clients_a_new_connection_and_nothing_else(
    postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    async with own_api(postgres, tmp_path) as (database, world):
        project = await world.project()
        async with listening(world.owner, after_position=0) as feed:
            last = await record(world, project, "一", "二")
            await feed.until(last - 1)
            os.kill(world.api.pid, signal.SIGKILL)
            with suppress(httpx.TransportError):
                await feed.to_its_end()
        async with api_process(database, tmp_path / "second.log", **SETTINGS) as second:
            headers = {"Authorization": f"Bearer {world.owner.key}"}
            async with httpx.AsyncClient(
                base_url=second.url, headers=headers, trust_env=False
            ) as client:
                owner = Person(world.owner.id, world.owner.name, world.owner.key, client)
                async with listening(owner, seen=feed.parser.last_id) as again:
                    await again.until(last)
        assert [*feed.positions, *again.positions] == list(range(1, last + 1))


async def test_a_stopping_api_ends_its_streams_and_does_not_wait_for_deaf_clients(
    postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    settings = {"GENJIN_STREAM_STALL_SECONDS": "600"}
    async with own_api(postgres, tmp_path, **settings) as (_, world):
        await long_log(world)
        async with (
            deaf_client(world.owner, f"{EVENTS}?after_position=0") as deaf,
            deaf_client(world.owner, "/v1/events/export") as deaf_reader,
            listening(world.auditor) as feed,
        ):
            os.kill(world.api.pid, signal.SIGTERM)
            await feed.to_its_end()  # with the last chunk, else httpx complains
            for client in (deaf, deaf_reader):
                await asyncio.wait_for(read_all(client), 30)
        log = world.api.log.read_text()
        assert "timeout graceful shutdown exceeded" not in log
        assert "Traceback" not in log


async def test_without_its_listening_connection_a_stream_goes_on(
    postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    async with own_api(postgres, tmp_path) as (database, world):
        project = await world.project()
        async with listening(world.owner) as feed:
            await feed.until(await record(world, project, "一"))
            assert await end_listeners(database) == 1
            last = await record(world, project, "二")
            await feed.until(last)
        assert feed.positions[-1] == last


async def end_listeners(database: Database) -> int:
    owner = await asyncpg.connect(database.admin_url)
    try:
        ended: int = await owner.fetchval(
            """
            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
             WHERE datname = current_database() AND query LIKE 'LISTEN %'
            """
        )
        return ended
    finally:
        await owner.close()
