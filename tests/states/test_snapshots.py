"""Long streams: what a load reads, what a snapshot holds, what becomes of old ones."""

from collections.abc import AsyncIterator, Sequence

import asyncpg
import pytest
from pydantic import TypeAdapter

from genjin.canonical import plain_json
from genjin.event import Actor, Fact, RecordedEvent, stream_of
from genjin.identifiers import new_id
from genjin.log.append import Append, Appended, NewEvent, append
from genjin.postgres import create_pool
from genjin.projects.events import HeaderChanged
from genjin_api import snapshots
from genjin_api.projects.evolving import evolve
from genjin_api.projects.projection import PROJECT
from genjin_api.projects.state import Project
from genjin_api.snapshots import SPACING_VERSIONS, Snapshots, fold_fingerprint, fold_modules
from genjin_api.state_cache import StateCache
from genjin_api.states import SNAPSHOT_AFTER_EVENTS, States
from genjin_api.streams import StreamKind
from genjin_deploy.embedded_postgres import EmbeddedPostgres
from tests.databases import copy_migrated
from tests.projects.histories_by_content import OF_EVERY_TABLE, stories
from tests.specification import MARKETER, MOMENT, created

LONG = 10_000


@pytest.fixture(scope="module")
async def pool(postgres: EmbeddedPostgres) -> AsyncIterator[asyncpg.Pool]:
    database = await copy_migrated(postgres)
    made = await create_pool(database.api_url, "genjin_api", 4)
    yield made
    await made.close()


class Stream:
    """A project's stream in a log of its own, and processes that read it."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool = pool
        self.workspace_id, self.project_id = new_id(), new_id()
        self.place = self.workspace_id, self.project_id
        self.name = stream_of("project", self.project_id)
        self.version = 0
        self.appended: Sequence[RecordedEvent] = ()

    async def grow(self, count: int) -> None:
        """On by so many events."""
        facts = [] if self.version else [fact for fact in created() if isinstance(fact, Fact)]
        facts += [HeaderChanged(header={"region": f"第{n}区"}) for n in range(count - len(facts))]
        await self.tell(facts)

    async def tell(self, facts: Sequence[Fact]) -> None:
        for start in range(0, len(facts), 1000):
            events = [
                NewEvent(new_id(), fact, MOMENT.now, []) for fact in facts[start : start + 1000]
            ]
            actor: Actor = MARKETER.actor("marketer")
            command = Append(self.name, self.version, actor, "request", "correlation", events)
            [result] = await append(self.pool, self.workspace_id, [command])
            assert isinstance(result, Appended)
            self.version, self.appended = result.version, result.events

    def process(self, kind: StreamKind[Project] = PROJECT) -> "Process":
        return Process(self, kind)

    async def kept(self) -> list[tuple[int, str]]:
        """Version and fingerprint of every snapshot."""
        rows = await self.pool.fetch(
            "SELECT version, fingerprint FROM genjin.stream_snapshot WHERE workspace_id = $1 ORDER BY 1",
            self.workspace_id,
        )
        return [tuple(row) for row in rows]

    async def versions(self) -> list[int]:
        return [version for version, _ in await self.kept()]


class Process:
    """What an API process keeps of states, cold at first."""

    def __init__(self, stream: Stream, kind: StreamKind[Project]) -> None:
        self.stream, self.kind = stream, kind
        self.snapshots = Snapshots(stream.pool)
        self.cache = StateCache(2**26)
        self.states = States(stream.pool, self.snapshots, self.cache)

    async def load(self) -> Project | None:
        stream = self.stream
        state = await self.states.load(self.kind, stream.workspace_id, stream.project_id)
        await self.snapshots.settle()
        return state

    async def at(self, version: int) -> Project | None:
        stream = self.stream
        state = await self.states.at(self.kind, stream.workspace_id, stream.project_id, version)
        await self.snapshots.settle()
        return state

    def keep(self, state: Project) -> None:
        """As after an append of the stream's newest events."""
        place = self.kind, self.stream.workspace_id, self.stream.name
        self.states.keep(*place, state, self.stream.appended, self.states.generation)


async def test_a_project_of_ten_thousand_events_is_read_whole_once(pool: asyncpg.Pool) -> None:
    stream = Stream(pool)
    await stream.grow(LONG)
    first = stream.process()
    told = await first.load()
    assert first.states.events_read == LONG
    assert await stream.versions() == list(range(SPACING_VERSIONS, LONG + 1, SPACING_VERSIONS))
    cold = stream.process()
    assert await cold.load() == told
    assert cold.states.events_read == 0
    await stream.grow(7)
    assert (await cold.load()) != told
    assert cold.states.events_read == 7


async def test_a_past_state_is_folded_from_the_nearest_snapshot(pool: asyncpg.Pool) -> None:
    stream = Stream(pool)
    await stream.grow(1777)
    await stream.process().load()
    for version in (1, 2, 499, 500, 501, 1234, 1776, 1777):
        cold = stream.process()
        found = await cold.at(version)
        assert cold.states.events_read == version % SPACING_VERSIONS * (version != 1777)
        whole = await _folded(stream, version)
        assert found == whole
        again = cold.states.events_read
        assert await cold.at(version) == whole
        assert cold.states.events_read == again


async def _folded(stream: Stream, version: int) -> Project | None:
    """From the first event on, with nothing kept."""
    query = "DELETE FROM genjin.stream_snapshot WHERE workspace_id = $1 RETURNING *"
    snapshots = await stream.pool.fetch(query, stream.workspace_id)
    state = await stream.process().at(version)
    await stream.pool.execute(query, stream.workspace_id)
    await stream.pool.executemany(
        "INSERT INTO genjin.stream_snapshot VALUES ($1, $2, $3, $4, $5, $6)", snapshots
    )
    return state


async def test_a_short_stream_has_no_snapshot(pool: asyncpg.Pool) -> None:
    stream = Stream(pool)
    await stream.grow(SNAPSHOT_AFTER_EVENTS)
    await stream.process().load()
    assert await stream.versions() == []
    await stream.grow(1)
    await stream.process().load()
    assert await stream.versions() == [SNAPSHOT_AFTER_EVENTS + 1]


async def test_the_first_of_each_stretch_and_the_newest_are_kept(pool: asyncpg.Pool) -> None:
    stream = Stream(pool)
    process = stream.process()
    for _ in range(6):
        await stream.grow(SNAPSHOT_AFTER_EVENTS + 1)
        await process.load()
    assert await stream.versions() == [201, 500, 1000, 1206]


async def test_a_stream_that_grows_by_appends_gets_its_snapshots_too(pool: asyncpg.Pool) -> None:
    stream = Stream(pool)
    writer, reader = stream.process(), stream.process()
    for _ in range(5):
        await stream.grow(101)
        state = await reader.load()
        assert state is not None
        writer.keep(state)
    await stream.pool.execute(
        "DELETE FROM genjin.stream_snapshot WHERE workspace_id = $1", stream.workspace_id
    )
    await stream.grow(101)
    state = await reader.load()
    assert state is not None
    writer.keep(state)
    await writer.snapshots.settle()
    assert await stream.versions() == [606]


def release() -> StreamKind[Project]:
    """Projects as another release folds them."""

    def evolve_otherwise(*given: object) -> Project:
        return evolve(*given)  # type: ignore[arg-type]  # it is another function, that is all

    return StreamKind(
        noun="project",
        evolve=evolve_otherwise,
        rows=PROJECT.rows,
        version=PROJECT.version,
        state_type=Project,
    )


@pytest.fixture
def releases(monkeypatch: pytest.MonkeyPatch) -> list[StreamKind[Project]]:
    """Three of them, each with a fingerprint of its own: their source is the same here."""
    made = [release() for _ in range(3)]
    marks = {kind.evolve: f"release {number}" for number, kind in enumerate(made)}
    monkeypatch.setattr(snapshots, "fold_fingerprint", marks.__getitem__)
    return made


def test_a_release_that_folds_otherwise_has_another_fingerprint() -> None:
    assert fold_fingerprint(release().evolve) != fold_fingerprint(PROJECT.evolve)


async def test_a_release_does_not_see_the_snapshots_of_another(
    pool: asyncpg.Pool, releases: list[StreamKind[Project]]
) -> None:
    stream = Stream(pool)
    await stream.grow(600)
    for kind in releases:
        process = stream.process(kind)
        await process.load()
        assert process.states.events_read == 600


async def test_two_releases_side_by_side_leave_each_other_their_snapshots(
    pool: asyncpg.Pool, releases: list[StreamKind[Project]]
) -> None:
    stream = Stream(pool)
    await stream.grow(600)
    before, after, _ = releases
    for kind in (before, after, before, after):
        await stream.process(kind).load()
        await stream.grow(SNAPSHOT_AFTER_EVENTS + 1)
    marks = {mark for _, mark in await stream.kept()}
    assert marks == {"release 0", "release 1"}
    for kind, newest in ((before, 600 + 2 * 201), (after, 600 + 3 * 201)):
        process = stream.process(kind)
        await process.load()
        assert process.states.events_read == stream.version - newest


async def test_a_release_clears_away_what_all_but_the_one_before_it_have_left(
    pool: asyncpg.Pool, releases: list[StreamKind[Project]]
) -> None:
    stream = Stream(pool)
    await stream.grow(600)
    for kind in releases:
        await stream.process(kind).load()
    assert {mark for _, mark in await stream.kept()} == {"release 1", "release 2"}


async def test_a_snapshot_that_cannot_be_read_is_passed_over(pool: asyncpg.Pool) -> None:
    stream = Stream(pool)
    await stream.grow(600)
    told = await stream.process().load()
    query = "DELETE FROM genjin.stream_snapshot WHERE workspace_id = $1 RETURNING *"
    rows = await stream.pool.fetch(query, stream.workspace_id)
    broken = [[*{**row, "body": '{"id":1}'}.values()] for row in rows]
    await stream.pool.executemany(
        "INSERT INTO genjin.stream_snapshot VALUES ($1, $2, $3, $4, $5, $6)", broken
    )
    process = stream.process()
    assert await process.load() == told
    assert process.states.events_read == 600


@pytest.mark.parametrize("number", range(4))
def test_a_state_comes_back_from_json_as_it_was(number: int) -> None:
    story, projects = stories(OF_EVERY_TABLE, 80, 4)[number], TypeAdapter(Project)
    for state in _states(story.told):
        text = plain_json(state)
        restored = projects.validate_json(text)
        assert restored == state
        assert plain_json(restored) == text
        if state.stands:
            assert plain_json(PROJECT.rows(None, restored)) == plain_json(PROJECT.rows(None, state))


def _states(told: Sequence[tuple[object, object]]) -> list[Project]:
    states: list[Project] = []
    for fact, stamp in told:
        states.append(evolve(states[-1] if states else None, fact, stamp))  # type: ignore[arg-type]
    return states


def test_the_fingerprint_is_of_the_states_and_the_facts_of_every_noun() -> None:
    names = fold_modules(PROJECT.evolve)
    nouns = ("projects", "stages", "forms", "requirements", "changes", "risks", "documents")
    assert names >= {f"genjin_api.{noun}.state" for noun in nouns}
    assert names >= {f"genjin.{noun}.events" for noun in nouns}
    assert {"genjin.event", "genjin.catalog"} <= names
