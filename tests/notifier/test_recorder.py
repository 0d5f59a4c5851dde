"""What the recorder keeps in memory when its write does not come to its end."""

import asyncio

import asyncpg
import pytest

from genjin.identifiers import new_id
from genjin.postgres import create_pool
from genjin_notifier.lane import Lane, LaneState
from genjin_notifier.lock import Lock
from genjin_notifier.log_pages import CommitEnd
from genjin_notifier.recorder import Cursor, Recorder
from tests.databases import Database


async def test_lanes_and_cursors_of_a_cancelled_write_are_written_by_the_next_newer_ones_instead(
    fresh_database: Database,
) -> None:
    pool = await create_pool(fresh_database.notifier_url, "genjin_notifier", 1)
    superuser = await asyncpg.connect(fresh_database.admin_url)
    recorder = Recorder(Lock(await pool.acquire()), [])
    key, other = (new_id(), new_id()), (new_id(), new_id())
    first, second = (Cursor(CommitEnd(n, b"h"), CommitEnd(n, b"h")) for n in (1, 2))
    changed, held = Lane("a", done_version=1), Lane("b", LaneState.RETRYING, held_position=3)
    try:
        recorder.add_lane(key, changed)
        recorder.add_lane(key, held)
        recorder.add_cursor(key, first)
        recorder.add_cursor(other, first)
        async with superuser.transaction():
            await superuser.execute("LOCK TABLE genjin.delivery_lane IN EXCLUSIVE MODE")
            writing = asyncio.create_task(recorder.flush())
            await until_it_waits(superuser)
            recorder.add_lane(key, Lane("a", done_version=5))
            recorder.add_cursor(key, second)
            writing.cancel()
            with pytest.raises(asyncio.CancelledError):
                await writing
        await recorder.flush()
        lanes = await superuser.fetch(
            "SELECT stream, state, done_version, held_position FROM genjin.delivery_lane ORDER BY 1"
        )
        assert [tuple(row) for row in lanes] == [("a", "open", 5, None), ("b", "retrying", 0, 3)]
        cursors = await superuser.fetch(
            "SELECT subscription_id, position FROM genjin.delivery_cursor"
        )
        assert {tuple(row) for row in cursors} == {(key[1], 2), (other[1], 1)}
        assert held.forgettable is False and held.changes == held.changes_saved
    finally:
        await superuser.close()
        pool.terminate()


async def until_it_waits(superuser: asyncpg.Connection) -> None:
    """Until somebody stands in front of the locked table."""
    for _ in range(1000):
        if await superuser.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nobody waits for the lanes' table")
