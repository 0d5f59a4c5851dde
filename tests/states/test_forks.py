"""Folded states whose log is cut off and rewritten beneath them: they are forgotten."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from functools import partial

import asyncpg
import pytest

from genjin.identifiers import new_id
from genjin.postgres import create_pool
from genjin.projects.events import HeaderChanged
from genjin_api.acting import Decided, Moment
from genjin_api.action import Action, Request
from genjin_api.fork_watch import ForkWatch
from genjin_api.handle import Writer
from genjin_api.http.failures import refusal_body
from genjin_api.projects.evolving import evolve
from genjin_api.projects.projection import PROJECT
from genjin_api.projects.state import Project
from genjin_api.streams import StreamKind
from genjin_api.subjects.keys import SubjectKeys
from tests.api_process import SECRET_KEY
from tests.bench.project_appends import group_commit
from tests.databases import Database
from tests.log.restoring import put_back
from tests.notifier.receiver import until
from tests.specification import MARKETER
from tests.states.test_snapshots import Stream

LOCK_IS_WAITED_FOR = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"


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


async def test_a_writer_that_is_under_way_writes_nothing_of_a_log_that_was_forgotten(
    fresh_database: Database,
) -> None:
    pool = await create_pool(fresh_database.api_url, "genjin_api", 3)
    owner = await asyncpg.connect(fresh_database.admin_url)
    try:
        stream = Stream(pool)
        await stream.grow(1700)
        process = stream.process()
        async with owner.transaction():
            await owner.execute("LOCK TABLE genjin.stream_snapshot IN SHARE MODE")
            await process.states.load(process.kind, stream.workspace_id, stream.project_id)
            await until(partial(owner.fetchval, LOCK_IS_WAITED_FOR))
            forgetting = asyncio.create_task(process.states.forget(stream.workspace_id))
            await asyncio.sleep(0)
        await forgetting
        await process.snapshots.settle()
        assert await stream.versions() == []
    finally:
        await owner.close()
        await pool.close()


async def test_a_state_that_is_being_folded_when_its_log_is_forgotten_is_not_kept(
    fresh_database: Database,
) -> None:
    """Neither the newest nor a past one, nor a snapshot of them: what was folded is of the old log."""
    pool = await create_pool(fresh_database.api_url, "genjin_api", 3)
    try:
        stream = Stream(pool)
        await stream.grow(600)
        forgetting: list[asyncio.Task[None]] = []

        def evolve_and_forget(state: Project | None, *given: object) -> Project:
            if state is not None and state.version == 540:
                forgetting.append(asyncio.create_task(process.states.forget(stream.workspace_id)))
            return evolve(state, *given)  # type: ignore[arg-type]  # it is another function, that is all

        process = stream.process(
            StreamKind(
                noun="project",
                evolve=evolve_and_forget,
                rows=PROJECT.rows,
                version=PROJECT.version,
                state_type=Project,
            )
        )
        assert await process.load() is not None
        assert await process.at(590) is not None
        assert len(forgetting) == 2
        await asyncio.gather(*forgetting)
        assert process.states.workspaces() == set()
        assert await stream.versions() == []
    finally:
        await pool.close()


class Rewritten:
    """A process with the state of a log that was; the one that is has other events, as many."""

    def __init__(self, database: Database, pool: asyncpg.Pool) -> None:
        self.database, self.pool, self.stream = database, pool, Stream(pool)
        self.kind = StreamKind(
            noun="project",
            evolve=evolve,
            rows=lambda _before, _after: {},
            version=PROJECT.version,
            state_type=Project,
        )
        self.process = self.stream.process(self.kind)
        self.decided_on: list[Project | None] = []

    async def rewrite(self) -> None:
        await self.stream.grow(40)
        cut = self.stream.version
        await self.stream.grow(220)
        await self.process.load()
        await rewrite(self.database, self.stream, cut, 30, 190)

    async def forget(self) -> None:
        await self.process.states.forget(self.stream.workspace_id)

    async def write(self, prepare: Callable[[Project | None], Awaitable[None]] | None) -> None:
        """A change of the project."""

        def decide(project: Project | None, _moment: Moment) -> Decided:
            self.decided_on.append(project)
            return Decided([HeaderChanged(header={"department": "市场部"})])

        action = Action(
            self.kind, self.stream.project_id, decide, lambda _project: {}, prepare=prepare
        )
        request = Request.without_http(replace(MARKETER, workspace_id=self.stream.workspace_id))
        async with group_commit(self.database.api_url) as log:
            key = SECRET_KEY.encode()
            keys = SubjectKeys(self.pool, key)
            writer = Writer(self.pool, self.process.states, log, key, keys, refusal_body)
            await writer.handle(request, action)
        await self.process.snapshots.settle()


@pytest.fixture
async def rewritten(fresh_database: Database) -> AsyncIterator[Rewritten]:
    pool = await create_pool(fresh_database.api_url, "genjin_api", 3)
    made = Rewritten(fresh_database, pool)
    await made.rewrite()
    yield made
    await pool.close()


async def test_the_state_after_an_append_is_not_kept_where_its_log_was_forgotten_meanwhile(
    rewritten: Rewritten,
) -> None:
    await rewritten.forget()
    await rewritten.process.load()
    owner = await asyncpg.connect(rewritten.database.admin_url)
    async with owner.transaction():
        await owner.execute("LOCK TABLE genjin.event IN SHARE MODE")
        writing = asyncio.create_task(rewritten.write(None))
        await until(partial(owner.fetchval, LOCK_IS_WAITED_FOR))
        await rewritten.forget()
    await writing
    await owner.close()
    assert len(rewritten.decided_on) == 1
    assert rewritten.process.states.workspaces() == set()
    assert await rewritten.stream.versions() == []


async def test_what_was_decided_on_an_event_that_never_was_is_not_appended_though_nobody_looked(
    rewritten: Rewritten,
) -> None:
    await rewritten.write(None)
    regions = [project.header["region"] for project in rewritten.decided_on if project]
    assert (regions[0], set(regions[1:])) == ("第219区", {"第189区"})
    kept = rewritten.process.states.last_seen(rewritten.kind, *rewritten.stream.place)
    assert kept is not None
    assert (kept.version, kept.header["region"]) == (261, "第189区")


async def test_what_was_decided_on_a_log_that_was_forgotten_is_decided_anew_and_not_appended(
    rewritten: Rewritten,
) -> None:
    async def forget_once(_project: Project | None) -> None:
        if not rewritten.decided_on:
            await rewritten.forget()

    await rewritten.write(forget_once)
    regions = [project.header["region"] for project in rewritten.decided_on if project]
    assert regions == ["第219区", "第189区"]
    kept = rewritten.process.states.last_seen(rewritten.kind, *rewritten.stream.place)
    assert kept is not None
    assert (kept.version, kept.header["region"]) == (261, "第189区")
