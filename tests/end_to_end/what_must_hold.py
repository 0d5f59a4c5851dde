"""What must hold of a log's evidence and of its index, however often those who make them were killed."""

import random
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import asyncpg

from genjin.evidence.merkle import leaf_hash
from genjin.evidence.proofs import consistency_path
from genjin.evidence.verify import consistency_roots, parse_note
from genjin.history.postings import LARGE, SMALL, SMALL_IN_LARGE, Row, large_block, small_block
from tests.end_to_end.followed_log import SEED, FollowedLog
from tests.evidence import reference
from tests.evidence.sealed_log import SealedLog, verify
from tests.history.lived import naive, question, read_all
from tests.history.test_search import walked
from tests.log.log import Log

QUESTIONS = 25
# What finds more has too many pages for a test.
FOUND_MAX = 4000

_ROWS = "SELECT level, block, tag, positions FROM genjin.event_tag WHERE workspace_id = $1"

Blocks = dict[tuple[int, int], dict[str, bytes]]


async def assert_one_line_of_checkpoints(log: FollowedLog, folder: Path) -> None:
    """No size was signed twice, each begins with the one before, and genjin-verify takes the log by every one."""
    superuser = await asyncpg.connect(log.database.admin_url)
    try:
        sealed = SealedLog(Log(log.workspace_id, log.database, log.pool), log.pool, superuser)
        rows = await sealed.checkpoints()
        by_size = {row["size"]: row["note"] for row in rows}
        assert {size: {by_size.get(size)} for size in log.witnessed} == log.witnessed
        notes = [parse_note(row["note"]) for row in rows]
        for old, new in pairwise(notes):
            path = await consistency_path(log.pool, log.workspace_id, old.size, new.size)
            assert consistency_roots(old.size, new.size, old.root, path) == (old.root, new.root)
        leaves = [leaf_hash(body.encode()) for body in await bodies_of(log)]
        assert (notes[-1].size, notes[-1].root) == (len(leaves), reference.tree_hash(leaves))
        arguments = ["export", await sealed.export(folder / "export")]
        for size, note in by_size.items():
            (folder / f"checkpoint-{size}").write_text(note, encoding="utf-8")
            arguments += ["--checkpoint", folder / f"checkpoint-{size}"]
        assert verify(*arguments, "--key", await sealed.first_key()) == 0
    finally:
        await superuser.close()


async def assert_every_event_is_indexed_once(log: FollowedLog) -> None:
    """The rows are those of an index that was made without a stop: no block is missing, there twice, or half there."""
    bodies = await bodies_of(log)
    stored: Blocks = defaultdict(dict)
    for level, block, tag, positions in await log.pool.fetch(_ROWS, log.workspace_id):
        stored[level, block][tag] = positions
    wanted = _blocks(bodies)
    assert stored.keys() == wanted.keys()
    assert stored == wanted


async def assert_answers_are_those_of_the_log(log: FollowedLog) -> None:
    """What is found by the index is what is found by a look at every event."""
    events = await read_all(log.pool, log.workspace_id)
    asked_of = [event for event in events if event["stream"].startswith("project-")]
    chance, found = random.Random(SEED), 0
    for _ in range(QUESTIONS):
        asked = question(chance, asked_of, chance.randint(1, 3))
        wanted = naive(asked, events)
        if len(wanted) <= FOUND_MAX:
            positions = await walked(log.pool, log.workspace_id, asked, "asc", 200)
            assert positions == wanted, [one.phrase for one in asked]
            found += len(positions)
    assert found > QUESTIONS


async def bodies_of(log: FollowedLog) -> list[str]:
    query = "SELECT body FROM genjin.event WHERE workspace_id = $1 ORDER BY position"
    return [row["body"] for row in await log.pool.fetch(query, log.workspace_id)]


def _blocks(bodies: list[str]) -> Blocks:
    """The rows of every whole block, by level and number."""
    ends = range(SMALL.positions, len(bodies) + 1, SMALL.positions)
    small = [small_block(bodies[end - SMALL.positions : end]) for end in ends]
    merged = len(bodies) // LARGE.positions
    large = {(LARGE.number, number): dict(_merged(small, number)) for number in range(merged)}
    rest = range(merged * SMALL_IN_LARGE, len(small))
    return large | {(SMALL.number, number): dict(small[number]) for number in rest}


def _merged(small: list[list[Row]], number: int) -> list[Row]:
    first = number * SMALL_IN_LARGE
    numbered = enumerate(small[first : first + SMALL_IN_LARGE])
    return large_block((place, *row) for place, rows in numbered for row in rows)
