"""A long log is folded in two halves, the upper one by a process of its own: nobody can tell by the rows."""

import asyncio
import os
import signal

import psutil
import pytest

from genjin_api.projections.folding import FoldError
from genjin_api.projections.progress import Progress
from genjin_api.projections.rebuild import Report, open_rebuild
from genjin_api.projections.second_fold import MIDDLE
from genjin_api.projections.shadow import CannotRebuildError
from genjin_api.projections.tables import PROJECTIONS
from tests.bench.made_log.writing import make_log
from tests.notifier.receiver import until
from tests.projections.filled import Installation


async def _rebuilt(installation: Installation, split_from: int, *, lasting: bool = True) -> Report:
    url = installation.database.admin_url
    progress = Progress(lambda _now: None)
    async with open_rebuild(
        url, PROJECTIONS, progress, lasting=lasting, split_from=split_from
    ) as rebuild:
        await rebuild.fill()
        return await rebuild.compare(samples_max=5)


@pytest.mark.parametrize("lasting", [True, False])
async def test_two_halves_are_the_same_as_the_whole(
    installation: Installation, lasting: bool
) -> None:
    whole = await _rebuilt(installation, 10**9, lasting=lasting)
    halves = await _rebuilt(installation, 1, lasting=lasting)
    assert halves.differences == whole.differences == 0
    assert halves.events_read == whole.events_read
    assert [table.folded_rows for table in halves.tables] == [
        table.folded_rows for table in whole.tables
    ]
    assert sum(table.folded_rows for table in halves.tables) > 20


async def test_a_log_is_parted_by_its_events_however_long_its_streams_are(
    installation: Installation,
) -> None:
    """Two hundred people's streams come first and have an event each; a project's has many."""
    log = await make_log(installation.database.admin_url, 3000, seed=2)
    async with installation.owner() as connection:
        middle = await connection.fetchval(MIDDLE, log.workspace_id, log.events // 2)
        row = await connection.fetchrow(
            "SELECT count(*) FILTER (WHERE stream < $2) AS before, count(*) FILTER (WHERE stream <= $2) AS lower"
            " FROM genjin.event WHERE workspace_id = $1",
            log.workspace_id,
            middle,
        )
    assert row is not None
    assert row["before"] <= log.events // 2 < row["lower"]


async def test_an_event_that_cannot_be_folded_is_named_whichever_half_it_is_in(
    installation: Installation,
) -> None:
    await installation.execute(
        "SET session_replication_role = replica;"
        " UPDATE genjin.event SET type = 'project.unheard_of' WHERE version = 3 AND stream LIKE 'project-%'"
    )
    for split_from in (1, 10**9):
        with pytest.raises(FoldError, match=r"project-.* cannot be folded between the versions"):
            await _rebuilt(installation, split_from)


async def test_the_end_of_the_second_process_ends_the_rebuild(
    installation: Installation,
) -> None:
    async def kill_it() -> None:
        await until(lambda: bool(_second_processes()))
        os.kill(_second_processes()[0], signal.SIGKILL)

    killing = asyncio.create_task(kill_it())
    with pytest.raises(CannotRebuildError, match="second process"):
        await _rebuilt(installation, 1)
    await killing


async def test_a_rebuild_that_is_given_up_leaves_no_process(installation: Installation) -> None:
    rebuilding = asyncio.create_task(_rebuilt(installation, 1))
    await until(lambda: bool(_second_processes()))
    rebuilding.cancel()
    with pytest.raises(asyncio.CancelledError):
        await rebuilding
    assert _second_processes() == []


def _second_processes() -> list[int]:
    return [
        child.pid
        for child in psutil.Process().children()
        if "genjin_api.projections.second_fold" in child.cmdline()
    ]
