"""The rows of the audit index, and its reader: it follows the log, merges, and stops where the log is another one."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest
import structlog
from pyroaring import BitMap

from genjin.canonical import canonical_json
from genjin.event_index.checking import (
    Block,
    MovedError,
    difference_of_block,
    difference_of_bounds,
)
from genjin.event_index.writing import UnsoundIndexError, index_block
from genjin.history.filter import EventFilter
from genjin.history.phrase import parse_phrase
from genjin.history.postings import (
    LARGE,
    SMALL,
    large_block,
    positions_of,
    positions_of_value,
    small_block,
)
from genjin.history.tags import hashed, is_whole, path_tag
from genjin.postgres import create_pool
from genjin_api.history.index_reading import read_reach
from genjin_api.history.plan import plan_of
from genjin_deploy.embedded_postgres import EmbeddedPostgres
from genjin_notifier import event_index
from tests.databases import Database, copy_migrated
from tests.history.lived import Chance, Lived, read_all
from tests.history.test_filter import EVENT, RISK
from tests.log.restoring import put_back
from tests.notifier.receiver import until

BODIES = "SELECT body FROM genjin.event WHERE workspace_id = $1 ORDER BY position LIMIT $2"
READER = "SELECT position, merged_position FROM genjin.event_tag_reader WHERE workspace_id = $1"


@pytest.fixture(scope="module")
async def pool(postgres: EmbeddedPostgres) -> AsyncIterator[asyncpg.Pool]:
    database = await copy_migrated(postgres)
    made = await create_pool(database.admin_url, "postgres", 4)
    yield made
    await made.close()


@pytest.mark.parametrize(
    ("pattern", "tag", "whole"),
    [
        ("/header/region", "path:/header/region", True),
        ("/header/*", "below:/header", True),
        ("/*", "below:", True),
        (f"/risks/{RISK}/score", "path:/risks/*/score", False),
        ("/a/b/c/d/e/f/g", "below:/a/b/c/d/e/f", True),
    ],
)
def test_a_path_leads_to_a_tag_of_every_event_that_changes_it(
    pattern: str, tag: str, whole: bool
) -> None:
    assert path_tag(pattern) == tag
    assert is_whole(tag) is whole
    path = pattern.replace("/*", "/anything") if pattern.endswith("/*") else pattern
    event = EVENT | {"changes": [{"path": path, "before": None, "after": None}]}
    assert tag in dict(small_block([canonical_json(event)]))


async def test_the_small_blocks_of_a_large_one_say_together_what_they_said_alone(
    pool: asyncpg.Pool,
) -> None:
    lived = Lived(Chance(5), pool, uuid4())
    await lived.live(26)
    bodies = [body for (body,) in await pool.fetch(BODIES, lived.workspace_id, 2048)]
    assert len(bodies) == 2 * SMALL.positions
    small = [small_block(bodies[: SMALL.positions]), small_block(bodies[SMALL.positions :])]
    large = dict(
        large_block(
            (place, *row) for place, of_block in zip((0, 3), small, strict=True) for row in of_block
        )
    )
    first, second = (dict(of_block) for of_block in small)
    start = 3 * SMALL.positions
    for tag in ("type:risk.assessed", "below:/header", "stage:s2"):
        wanted = positions_of(first[tag]) | positions_of(second[tag]).shift(start)
        assert positions_of(large[tag]) == wanted
    for value in (hashed("after", "华北"), hashed("cause", "request-9"), hashed("key", "nobody")):
        row = SMALL.row_of(value)
        one = positions_of_value(first[row], value) if row in first else BitMap()
        other = positions_of_value(second[row], value) if row in second else BitMap()
        found = large.get(LARGE.row_of(value))
        known = positions_of_value(found, value) if found else BitMap()
        assert known == one | other.shift(start)


async def test_the_reader_indexes_whole_blocks_and_no_more(pool: asyncpg.Pool) -> None:
    lived = Lived(Chance(6), pool, uuid4())
    await lived.live(1)
    assert not await index_block(pool, lived.workspace_id)
    await lived.live(13)
    assert await index_block(pool, lived.workspace_id)
    assert not await index_block(pool, lived.workspace_id)
    [reader] = await pool.fetch(READER, lived.workspace_id)
    assert tuple(reader) == (SMALL.positions, 0)


async def test_the_small_blocks_of_a_full_large_one_are_merged_and_go(pool: asyncpg.Pool) -> None:
    """The reader stands where 64 small blocks are written: their rows and its place are made here, not by events."""
    workspace_id, end = uuid4(), LARGE.positions
    await pool.execute(
        "INSERT INTO genjin.commit (workspace_id, last_position, first_position, recorded_at, previous_hash,"
        " hash) VALUES ($1, $2, 1, now(), 'a', 'b')",
        workspace_id,
        end,
    )
    await pool.execute(
        "INSERT INTO genjin.event_tag_reader (workspace_id, position, merged_position, commit_position, commit_hash)"
        " VALUES ($1, $2, 0, $2, 'b')",
        workspace_id,
        end,
    )
    await pool.executemany(
        "INSERT INTO genjin.event_tag VALUES ($1, 0, 'role:marketer', $2, $3)",
        [
            (workspace_id, block, BitMap([block, 1023]).serialize())
            for block in range(end // SMALL.positions)
        ],
    )
    assert await index_block(pool, workspace_id)
    assert not await index_block(pool, workspace_id)
    [reader] = await pool.fetch(READER, workspace_id)
    assert tuple(reader) == (end, end)
    [row] = await pool.fetch(
        "SELECT level, block, positions FROM genjin.event_tag WHERE workspace_id = $1", workspace_id
    )
    assert (row["level"], row["block"]) == (1, 0)
    wanted = {block * 1024 + offset for block in range(64) for offset in (block, 1023)}
    assert set(positions_of(row["positions"])) == wanted


# The log's first 2,048 events over and over, in one commit, until there are as many as a large block has.
REPEATED = (
    "DELETE FROM genjin.event WHERE workspace_id = $1 AND position > 2048",
    "DELETE FROM genjin.commit WHERE workspace_id = $1",
    """
    INSERT INTO genjin.event (workspace_id, position, stream, version, id, type, schema_version, actor_id, occurred_at,
                              recorded_at, request_id, correlation_id, body, leaf_hash)
    SELECT workspace_id, position + turn * 2048, stream || turn, version, gen_random_uuid(), type, schema_version,
           actor_id, occurred_at, recorded_at, request_id, correlation_id, body, leaf_hash
      FROM genjin.event, generate_series(1, 31) AS turn WHERE workspace_id = $1
    """,
    "INSERT INTO genjin.commit (workspace_id, last_position, first_position, recorded_at, previous_hash, hash)"
    " VALUES ($1, 65536, 1, now(), 'a', 'b')",
)


async def test_a_log_of_a_large_block_is_indexed_by_it_at_once(pool: asyncpg.Pool) -> None:
    """As if by small blocks which were then merged."""
    lived = Lived(Chance(9), pool, uuid4())
    await lived.live(28)
    workspace_id = lived.workspace_id
    bodies = [body for (body,) in await pool.fetch(BODIES, workspace_id, 2048)]
    assert len(bodies) == 2 * SMALL.positions
    small = [small_block(bodies[: SMALL.positions]), small_block(bodies[SMALL.positions :])]
    merged = large_block((place, *row) for place in range(64) for row in small[place % 2])
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        for statement in REPEATED:
            await connection.execute(statement, workspace_id)
    assert await index_block(pool, workspace_id)
    assert not await index_block(pool, workspace_id)
    [reader] = await pool.fetch(READER, workspace_id)
    assert tuple(reader) == (LARGE.positions, LARGE.positions)
    rows = await pool.fetch(
        "SELECT level, block, tag, positions FROM genjin.event_tag WHERE workspace_id = $1",
        workspace_id,
    )
    assert {(row["level"], row["block"]) for row in rows} == {(1, 0)}
    assert {row["tag"]: row["positions"] for row in rows} == dict(merged)
    assert await difference_of_bounds(pool, workspace_id) is None
    assert await difference_of_block(pool, workspace_id, Block(LARGE, 0), merged) is None
    with pytest.raises(MovedError):
        await difference_of_block(pool, workspace_id, Block(SMALL, 0), small[0])
    await pool.execute(
        "INSERT INTO genjin.event_tag VALUES ($1, 1, 'role:marketer', 1, '\\x00')", workspace_id
    )
    found = await difference_of_bounds(pool, workspace_id)
    assert found is not None
    assert (found.position, found.trusted_position) == (LARGE.positions + 1, LARGE.positions)


@pytest.mark.parametrize(
    ("trusted", "indexed", "merged"),
    [
        (None, 67_584, 65_536),
        (66_560, 66_560, 65_536),
        (65_536, 65_536, 65_536),
        (1024, 0, 0),  # a small block that was merged since
        (0, 0, 0),
    ],
)
async def test_a_halted_index_reaches_as_far_as_it_is_trusted_in_whole_blocks(
    pool: asyncpg.Pool, trusted: int | None, indexed: int, merged: int
) -> None:
    workspace_id = uuid4()
    for statement in (
        "INSERT INTO genjin.commit (workspace_id, last_position, first_position, recorded_at, previous_hash, hash)"
        " VALUES ($1, 70000, 1, now(), 'a', 'b')",
        "INSERT INTO genjin.event_tag_reader (workspace_id, position, merged_position, commit_position, commit_hash)"
        " VALUES ($1, 67584, 65536, 70000, 'b')",
    ):
        await pool.execute(statement, workspace_id)
    if trusted is not None:
        await pool.execute(
            "INSERT INTO genjin.event_tag_halt (workspace_id, trusted_position, position, reason)"
            " VALUES ($1, $2, 1, 'x')",
            workspace_id,
            trusted,
        )
    async with pool.acquire() as connection:
        reach = await read_reach(connection, workspace_id)
    assert (reach.indexed, reach.merged, reach.head) == (indexed, merged, 70_000)


async def test_a_log_that_was_forked_is_neither_indexed_nor_asked_by_its_index(
    pool: asyncpg.Pool,
) -> None:
    lived = Lived(Chance(7), pool, uuid4())
    await lived.live(28)
    assert await index_block(pool, lived.workspace_id)
    await pool.execute(
        "UPDATE genjin.event_tag_reader SET commit_hash = '\\x00' WHERE workspace_id = $1",
        lived.workspace_id,
    )
    with pytest.raises(UnsoundIndexError, match="another commit"):
        await index_block(pool, lived.workspace_id)
    async with pool.acquire() as connection:
        reach = await read_reach(connection, lived.workspace_id)
    assert (reach.indexed, reach.merged) == (0, 0)
    assert reach.head == len(await read_all(pool, lived.workspace_id))


async def test_a_log_that_is_forked_while_its_block_is_read_is_not_indexed(
    fresh_database: Database,
) -> None:
    pool = await create_pool(fresh_database.admin_url, "postgres", 4)
    try:
        lived = Lived(Chance(9), pool, uuid4())
        await lived.live(28)
        length = len(await read_all(pool, lived.workspace_id))
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute(
                "LOCK TABLE genjin.event_tag_reader IN EXCLUSIVE MODE"  # read, not written
            )
            reading = asyncio.create_task(index_block(pool, lived.workspace_id))
            waits = (
                "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'relation' AND NOT granted)"
            )
            while not await pool.fetchval(waits):  # Postgres tells nobody
                await asyncio.sleep(0.01)
                assert not reading.done()
            await put_back(fresh_database, lived.workspace_id, 0, length)
        with pytest.raises(UnsoundIndexError, match="another commit"):
            await reading
        assert await pool.fetchval("SELECT count(*) FROM genjin.event_tag") == 0
        assert await pool.fetchval("SELECT count(*) FROM genjin.event_tag_reader") == 0
    finally:
        await pool.close()


async def test_the_row_of_a_rare_value_leads_to_its_events_alone(pool: asyncpg.Pool) -> None:
    """So that a page costs rows of the index and its own events, however long the log is."""
    lived = Lived(Chance(8), pool, uuid4())
    await lived.live(26)
    while await index_block(pool, lived.workspace_id):
        pass
    value = hashed("cause", "request-0")
    row = await pool.fetchval(
        "SELECT positions FROM genjin.event_tag WHERE workspace_id = $1 AND tag = $2 AND block = 0",
        lived.workspace_id,
        SMALL.row_of(value),
    )
    events = (await read_all(pool, lived.workspace_id))[: SMALL.positions]
    wanted = [
        event["position"] - 1
        for event in events
        if "request-0" in (event["request_id"], event["correlation_id"], event["causation_id"])
    ]
    assert list(positions_of_value(row, value)) == wanted


def _body(after: str) -> str:
    changes = [
        {"path": "/a", "before": "open", "after": after},
        {"path": "/b", "before": None, "after": True},
    ]
    actor = {"id": "p", "type": "person", "role": None}
    event = {
        "type": "stage.judged",
        "actor": actor,
        "occurred_at": "2026-01-01T00:00:00.000000Z",
        "stream": "project-p",
        "request_id": "r",
        "correlation_id": "r",
        "causation_id": None,
        "data": {},
        "changes": changes,
    }
    return canonical_json(event)


def test_a_frequent_value_has_a_row_of_its_own_in_small_blocks_and_in_merged_ones() -> None:
    small = small_block([_body(f"{number}") for number in range(100)])
    rare, frequent = hashed("after", "7"), hashed("before", "open")
    for level, rows in ((SMALL, small), (LARGE, large_block((1, *row) for row in small))):
        start = SMALL.positions if level is LARGE else 0
        found = dict(rows)
        shared, own = level.rows_of(frequent)
        assert shared not in found
        for row in (own, "before:null", "after:true"):
            assert list(positions_of(found[row])) == list(range(start, start + 100))
        shared, own = level.rows_of(rare)
        assert own not in found
        assert list(positions_of_value(found[shared], rare)) == [start + 7]


@pytest.mark.parametrize(
    ("phrase", "is_impossible"),
    [
        ("actor_type:person actor_type:system", True),
        ("before:1 before:2", True),
        ("role:a,b role:b,c", False),
        ("role:a,b role:b,c -role:b", True),
        ("before:null -before:null", True),
        ("-before:null -before:1", False),
        ("subject:a subject:b", False),
        ("stage:a stage:b", False),
    ],
)
def test_what_would_have_to_be_two_things_at_once_is_not_looked_for(
    phrase: str, is_impossible: bool
) -> None:
    asked = parse_phrase(phrase)
    assert isinstance(asked, EventFilter)
    assert plan_of(asked).impossible is is_impossible


async def test_a_workspace_whose_log_was_mended_is_indexed_again(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_index, "STOPPED_SECONDS", 0.2)
    workspace_id = uuid4()
    await pool.execute(
        "INSERT INTO genjin.workspace VALUES ($1, '测试', 'Asia/Shanghai', 1, now())", workspace_id
    )
    await Lived(Chance(7), pool, workspace_id).live(20)
    event = "FROM genjin.event WHERE workspace_id = $1 AND position = 9"
    lost = await pool.fetchrow(f"SELECT * {event}", workspace_id)
    assert lost is not None
    await _past_the_triggers(pool, f"DELETE {event}", workspace_id)

    async def is_indexed() -> bool:
        return await pool.fetchrow(READER, workspace_id) is not None

    task = asyncio.create_task(event_index.EventIndex(pool).run())
    try:
        with structlog.testing.capture_logs() as said:
            await until(lambda: "event_index_failed" in [each["event"] for each in said])
        assert not await is_indexed()
        places = ", ".join(f"${number}" for number in range(1, len(lost) + 1))
        await _past_the_triggers(pool, f"INSERT INTO genjin.event VALUES ({places})", *lost)
        await until(is_indexed)
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _past_the_triggers(pool: asyncpg.Pool, statement: str, *arguments: object) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute(statement, *arguments)
