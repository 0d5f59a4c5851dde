"""Folded states whose log is cut off and rewritten beneath them: they are forgotten."""

from genjin.identifiers import new_id
from genjin.postgres import create_pool
from genjin_api.fork_watch import ForkWatch
from tests.databases import Database
from tests.log.restoring import put_back
from tests.states.test_snapshots import Stream


async def rewrite(database: Database, stream: Stream, position: int, *counts: int) -> None:
    """The log ends at the position again, and the stream has grown by other events."""
    await put_back(database, stream.workspace_id, position, 0)
    stream.version = position
    for count in counts:
        await stream.grow(count)


async def test_what_was_folded_of_another_log_is_forgotten(fresh_database: Database) -> None:
    """State, past states and snapshots; what was folded of another workspace's log is not."""
    pool = await create_pool(fresh_database.api_url, "genjin_api", 2)
    try:
        stream, other = Stream(pool), Stream(pool)
        await stream.grow(40)
        cut = stream.version
        await stream.grow(260)
        await other.grow(5)
        process = stream.process()
        watch = ForkWatch(pool, process.states.workspaces, process.states.forget)
        old, past = await process.load(), await process.at(100)
        neighbour = await process.states.load(process.kind, other.workspace_id, other.project_id)
        assert await stream.versions() != []
        await watch.look()
        await watch.look()
        assert await process.load() == old
        await rewrite(fresh_database, stream, cut, 30, 230)
        assert await process.at(100) == past  # so it is without a look
        await watch.look()
        assert await stream.versions() == []
        truth = stream.process()
        now, then = await process.load(), await process.at(100)
        assert (now, then) == (await truth.load(), await truth.at(100))
        assert now != old
        assert then != past
        place = process.kind, other.workspace_id, other.project_id
        assert process.states.last_seen(*place) is neighbour
    finally:
        await pool.close()


async def test_a_log_that_grows_is_the_same(fresh_database: Database) -> None:
    pool = await create_pool(fresh_database.api_url, "genjin_api", 2)
    try:
        stream = Stream(pool)
        process = stream.process()
        forgotten: list[object] = []

        async def forget(workspace_id: object) -> None:
            forgotten.append(workspace_id)

        empty = new_id()
        watch = ForkWatch(pool, lambda: {stream.workspace_id, empty}, forget)
        for _ in range(3):
            await watch.look()
            await stream.grow(3)
            assert await process.load() is not None
        assert forgotten == []
    finally:
        await pool.close()


async def test_a_state_that_is_loaded_is_of_the_log_as_it_is(fresh_database: Database) -> None:
    """Without a look: where as many events came as went, fewer, or more."""
    pool = await create_pool(fresh_database.api_url, "genjin_api", 2)
    try:
        for count in (4, 10, 16):
            stream = Stream(pool)
            await stream.grow(40)
            cut, process = stream.version, stream.process()
            await stream.grow(10)
            old = await process.load()
            await rewrite(fresh_database, stream, cut, 1, count - 1)
            now = await process.load()
            assert now == await stream.process().load()
            assert now != old
    finally:
        await pool.close()
