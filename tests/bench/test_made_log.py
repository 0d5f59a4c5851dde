"""The bench's made log is one that genjin.append() could have written, and its index is that of its events."""

from collections import defaultdict
from collections.abc import AsyncIterator
from hashlib import sha256
from random import Random

import asyncpg
import orjson
import pytest

from genjin.canonical import canonical_json, instant
from genjin.catalog import decode
from genjin.event import RecordedEvent
from genjin.event_index.writing import index_block
from genjin.log.reading import read_tail
from genjin.postgres import create_pool
from genjin_api.history.search import find
from genjin_api.projects.projection import PROJECT
from genjin_deploy.embedded_postgres import EmbeddedPostgres
from tests.bench.made_log.questions import questions
from tests.bench.made_log.writing import MadeLog, make_log
from tests.databases import copy_migrated
from tests.log.log import chained, genesis

EVENTS = 5000


@pytest.fixture(scope="module")
async def pool(postgres: EmbeddedPostgres) -> AsyncIterator[asyncpg.Pool]:
    database = await copy_migrated(postgres)
    made = await create_pool(database.admin_url, "postgres", 2)
    yield made
    await made.close()


@pytest.fixture(scope="module")
async def made(postgres: EmbeddedPostgres, pool: asyncpg.Pool) -> MadeLog:
    [database] = await pool.fetch("SELECT current_database()")
    return await make_log(postgres.dsn(database[0]), EVENTS, seed=1)


@pytest.fixture(scope="module")
async def events(pool: asyncpg.Pool, made: MadeLog) -> list[RecordedEvent]:
    return await read_tail(pool, made.workspace_id, 0, 2 * EVENTS)


def test_positions_and_every_streams_versions_have_no_gap(
    made: MadeLog, events: list[RecordedEvent]
) -> None:
    assert [event.position for event in events] == list(range(1, made.events + 1))
    versions: defaultdict[str, list[int]] = defaultdict(list)
    for event in events:
        versions[event.stream].append(event.version)
    assert all(found == list(range(1, len(found) + 1)) for found in versions.values())


async def test_columns_bodies_and_leaf_hashes_say_the_same(
    pool: asyncpg.Pool, made: MadeLog
) -> None:
    rows = await pool.fetch("SELECT * FROM genjin.event WHERE workspace_id = $1", made.workspace_id)
    for row in rows:
        body = orjson.loads(row["body"])
        assert canonical_json(body) == row["body"]
        assert sha256(b"\0" + row["body"].encode()).digest() == row["leaf_hash"]
        said = {name: row[name] for name in body if name in row.keys()}  # noqa: SIM118
        assert orjson.loads(canonical_json(_plain(said))) == {name: body[name] for name in said}
        assert (str(row["actor_id"]), row["actor_role"]) == (
            body["actor"]["id"],
            body["actor"]["role"],
        )


def _plain(said: dict[str, object]) -> dict[str, object]:
    times = {name: instant(said[name]) for name in ("occurred_at", "recorded_at")}  # type: ignore[arg-type]
    return said | times


async def test_every_commit_follows_the_one_before(pool: asyncpg.Pool, made: MadeLog) -> None:
    head, last, recorded_at = genesis(made.workspace_id), 0, None
    leaves = await pool.fetch(
        "SELECT leaf_hash, recorded_at FROM genjin.event WHERE workspace_id = $1 ORDER BY position",
        made.workspace_id,
    )
    commits = await pool.fetch(
        "SELECT * FROM genjin.commit WHERE workspace_id = $1 ORDER BY last_position",
        made.workspace_id,
    )
    for commit in commits:
        of_commit = leaves[last : commit["last_position"]]
        hashes = [row["leaf_hash"] for row in of_commit]
        head = chained(head, last + 1, commit["last_position"], hashes)
        assert (commit["first_position"], commit["hash"]) == (last + 1, head)
        assert {row["recorded_at"] for row in of_commit} == {commit["recorded_at"]}
        assert recorded_at is None or recorded_at <= commit["recorded_at"]
        last, recorded_at = commit["last_position"], commit["recorded_at"]
    assert last == made.events
    assert {len(range(c["first_position"], c["last_position"] + 1)) for c in commits} > {1, 2, 9}


def test_every_fact_is_one_of_this_release_and_every_project_folds(
    events: list[RecordedEvent],
) -> None:
    streams: defaultdict[str, list[RecordedEvent]] = defaultdict(list)
    for event in events:
        document = orjson.loads(event.body)
        decode(event.type, document["schema_version"], document["data"])
        streams[event.stream].append(event)
    projects = [PROJECT.fold(None, told) for name, told in streams.items() if "project" in name]
    assert len(projects) > 100
    assert len({project.code for project in projects if project}) == len(projects)
    assert len({event.type for event in events}) > 25


async def test_its_index_finds_what_a_look_at_every_event_finds(
    pool: asyncpg.Pool, made: MadeLog, events: list[RecordedEvent]
) -> None:
    while await index_block(pool, made.workspace_id):
        pass
    documents = [orjson.loads(event.body) for event in events]
    found_any = 0
    for asked in questions(Random(2), documents):
        wanted = [document["position"] for document in documents if asked.matches(document)]
        page = await find(pool, made.workspace_id, asked, "asc", None, 50)
        found = [event.position for event in page.events]
        assert found == wanted[: len(found)]
        assert len(found) == min(50, len(wanted)) or page.place is not None
        found_any += bool(found)
    assert 40 < found_any < 160
