"""Logs as they grow: their audit index, an auditor's questions, and appends beside those to an empty log."""

from functools import partial
from uuid import UUID, uuid4

from genjin.event_index.writing import index_block
from genjin.log.group_commit import GroupCommit
from genjin.postgres import create_pool
from tests.bench import audit_queries
from tests.bench.appends import rate
from tests.bench.ground import Ground
from tests.bench.made_log.writing import MadeLog, make_log
from tests.bench.project_appends import Once, group_commit, new_project
from tests.bench.rounds import by_turns
from tests.bench.row import Row
from tests.bench.stopwatch import Stopwatch
from tests.databases import Database

CALLERS = 32


async def measure(ground: Ground) -> list[Row]:
    database = await ground.database()
    rows = []
    for number, events in enumerate(ground.effort.log_events):
        ground.say(f"making a log of {events:,} events")
        log = await make_log(database.admin_url, events, seed=number)
        ground.say(f"indexing {events:,} events")
        rows.append(await _index(database, log))
        ground.say(f"audit queries, {events:,} events")
        rows.append(await audit_queries.measure(ground, database, log))
        ground.say(f"appends, {events:,} events")
        rows.append(await _appends(ground, database, log))
    return rows


async def _index(database: Database, log: MadeLog) -> Row:
    """By the notifier's own reader, until no full block is left."""
    pool = await create_pool(database.notifier_url, "genjin_notifier", 2)
    try:
        watch = Stopwatch()
        while await index_block(pool, log.workspace_id):
            pass
        taken = watch.read()
    finally:
        await pool.close()
    return Row(
        what=f"audit index of {log.events:,} events",
        unit="events/s",
        ours=[log.events / taken.seconds],
        aim="20,000/s",
        note=taken.note(log.events),
    )


async def _appends(ground: Ground, database: Database, log: MadeLog) -> Row:
    async with group_commit(database.api_url) as writer:
        ours = await _callers(writer, log.workspace_id)
        empty = await _callers(writer, uuid4())
        sides = [partial(rate, ours), partial(rate, empty)]
        await by_turns(1, ground.effort.warm_up_seconds, *sides)
        mine, theirs = await by_turns(ground.effort.rounds, ground.effort.slice_seconds, *sides)
    return Row(
        what=f"durable appends, {CALLERS} callers, behind {log.events:,} events",
        unit="events/s",
        ours=mine,
        baseline=theirs,
        baseline_is="the same, empty log",
    )


async def _callers(writer: GroupCommit, workspace_id: UUID) -> list[Once]:
    return [await new_project(writer, workspace_id) for _ in range(CALLERS)]
