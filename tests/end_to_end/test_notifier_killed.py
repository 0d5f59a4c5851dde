"""kill -9 of the notifier, and of Postgres under it, while it seals and indexes a log that is being written: in the end
there is one line of checkpoints, and every event is in the index once.
"""

import asyncio
import random
from pathlib import Path

import pytest

from genjin.history.postings import SMALL
from genjin_deploy.embedded_postgres import EmbeddedPostgres
from tests.databases import Database, copy_migrated
from tests.end_to_end.followed_log import FollowedLog, followed_log
from tests.end_to_end.notifier_kills import COMMIT, at_work, killed_at
from tests.end_to_end.what_must_hold import (
    assert_answers_are_those_of_the_log,
    assert_every_event_is_indexed_once,
    assert_one_line_of_checkpoints,
)
from tests.notifier.receiver import until

KILLS = 5
SECONDS_MAX = 60  # where a wake-up is lost, the sealer looks by itself after ten seconds

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]

# What one connection of the notifier has asked for when it is killed: in the middle of a transaction, or after its
# commit, of which it never hears. In the order in which a log without evidence, and one without index, comes to them.
MOMENTS: dict[str, tuple[tuple[bytes, ...], ...]] = {
    "sealing": (
        (b"INSERT INTO genjin.log_key ",),
        (b"INSERT INTO genjin.signed_checkpoint",),
        (b"INSERT INTO genjin.signed_checkpoint", COMMIT),
        (b"INSERT INTO genjin.evidence_tile",),
    ),
    "indexing": (
        (b"INSERT INTO genjin.event_tag_reader",),
        (b'COPY "genjin"."event_tag"', COMMIT),
    ),
}


@pytest.mark.parametrize("doing", MOMENTS)
async def test_killed_at_any_step_it_goes_on_as_if_nothing_had_been(
    fresh_database: Database, tmp_path: Path, doing: str
) -> None:
    async with followed_log(fresh_database) as log:
        await log.write(calls=2 * SMALL.positions // 60)
        async with log.written_and_witnessed():
            for markers in MOMENTS[doing]:
                await killed_at(markers, fresh_database, tmp_path)
        await _assert_all_holds_in_the_end(log, tmp_path)


async def test_killed_at_random_moments_it_goes_on_as_if_nothing_had_been(
    fresh_database: Database, tmp_path: Path
) -> None:
    async with followed_log(fresh_database) as log:
        await log.write(calls=10)
        async with log.written_and_witnessed():
            for _ in range(KILLS):
                async with at_work(log.database, tmp_path) as notifier:
                    await _until_it_seals(log)
                    await asyncio.sleep(random.uniform(0, 0.4))
                    notifier.kill()
        await _assert_all_holds_in_the_end(log, tmp_path)


async def test_when_postgres_is_killed_under_it_it_goes_on_as_if_nothing_had_been(
    doomed: EmbeddedPostgres, tmp_path: Path
) -> None:
    database = await copy_migrated(doomed)
    async with followed_log(database) as log, at_work(log.database, tmp_path):
        async with log.written_and_witnessed():
            await _until_it_seals(log)
            await until(log.has_a_whole_block)
            await asyncio.to_thread(doomed.kill)
            await asyncio.to_thread(doomed.start)
            await _until_it_seals(log)
        await until(log.is_followed_to_its_end, SECONDS_MAX)
        await _assert_all_holds(log, tmp_path)


async def _until_it_seals(log: FollowedLog) -> None:
    """A checkpoint that nobody had seen before."""
    seen = len(log.witnessed)
    await until(lambda: len(log.witnessed) > seen, SECONDS_MAX)


async def _assert_all_holds_in_the_end(log: FollowedLog, folder: Path) -> None:
    """When a notifier that nobody kills has come to the log's end."""
    async with at_work(log.database, folder):
        await until(log.is_followed_to_its_end, SECONDS_MAX)
    await _assert_all_holds(log, folder)


async def _assert_all_holds(log: FollowedLog, folder: Path) -> None:
    await assert_one_line_of_checkpoints(log, folder)
    await assert_every_event_is_indexed_once(log)
    await assert_answers_are_those_of_the_log(log)
    assert "log_damaged" not in (folder / "notifier.log").read_text()
