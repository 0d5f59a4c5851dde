"""kill -9 of the notifier while it puts a large block of the audit index in the place of small ones."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from pyroaring import BitMap

from genjin.history.comparing import first_difference
from genjin.history.postings import (
    LARGE,
    SMALL,
    SMALL_IN_LARGE,
    large_block,
    positions_of,
    small_block,
)
from tests.databases import Database
from tests.end_to_end.notifier_kills import COMMIT, at_work, killed_at
from tests.evidence.sealed_log import SealedLog
from tests.history.lived import Chance, Lived
from tests.log.log import Log, new_log
from tests.notifier.receiver import until

END = LARGE.positions
DELETE = b"DELETE FROM genjin.event_tag "

_WORKSPACE = "INSERT INTO genjin.workspace VALUES ($1, '测试', 'Asia/Shanghai', 1, now())"

_READER = """
INSERT INTO genjin.event_tag_reader (workspace_id, position, merged_position, commit_position, commit_hash)
SELECT workspace_id, $2, 0, last_position, hash FROM genjin.commit WHERE workspace_id = $1
"""

_SMALL_BLOCK = "INSERT INTO genjin.event_tag VALUES ($1, 0, $2, $3, $4)"

_PLACE = "SELECT position, merged_position FROM genjin.event_tag_reader WHERE workspace_id = $1"

_ROWS = "SELECT level, block, tag, positions FROM genjin.event_tag WHERE workspace_id = $1"


@pytest.fixture
async def pool(fresh_database: Database) -> AsyncIterator[asyncpg.Pool]:
    """In the rights of the owner."""
    made = await asyncpg.create_pool(
        fresh_database.admin_url, min_size=1, max_size=2, server_settings={"search_path": "genjin"}
    )
    yield made
    await made.close()


@pytest.mark.faults
async def test_killed_in_a_merge_it_leaves_every_position_in_one_block(
    fresh_database: Database, pool: asyncpg.Pool, tmp_path: Path
) -> None:
    log = new_log(fresh_database, pool)
    small = await _index_to_the_end_of_a_large_block(log)
    await Lived(Chance(9), pool, log.workspace_id).live(16)
    for markers in ((DELETE,), (DELETE, COMMIT)):
        await killed_at(markers, fresh_database, tmp_path)
    async with at_work(fresh_database, tmp_path):
        wanted = END + SMALL.positions, END

        async def indexed() -> bool:
            return [tuple(row) for row in await pool.fetch(_PLACE, log.workspace_id)] == [wanted]

        await until(indexed)
    rows = {tuple(row)[:3]: row["positions"] for row in await pool.fetch(_ROWS, log.workspace_id)}
    merged = {tag: row for (level, _, tag), row in rows.items() if level == LARGE.number}
    assert positions_of(merged["type:test.noted"]) == BitMap(range(END))
    assert first_difference(large_block(small), merged) is None
    bodies = [event.body for event in (await log.events())[END : END + SMALL.positions]]
    last = {key: row for key, row in rows.items() if key[0] == SMALL.number}
    assert last == {(0, SMALL_IN_LARGE, tag): row for tag, row in small_block(bodies)}


async def _index_to_the_end_of_a_large_block(log: Log) -> list[tuple[int, str, bytes]]:
    """In small blocks alone, as when the log grew slowly. Their rows: number of the block, tag, positions."""
    superuser = await asyncpg.connect(log.database.admin_url)
    await SealedLog(log, log.pool, superuser).insert(END)
    await superuser.close()
    await log.pool.execute(_WORKSPACE, log.workspace_id)
    await log.pool.execute(_READER, log.workspace_id, END)
    bodies = [event.body for event in await log.events()]
    rows = [
        (number, tag, row)
        for number in range(SMALL_IN_LARGE)
        for tag, row in small_block(bodies[number * SMALL.positions :][: SMALL.positions])
    ]
    await log.pool.executemany(
        _SMALL_BLOCK, [(log.workspace_id, tag, number, row) for number, tag, row in rows]
    )
    return rows
