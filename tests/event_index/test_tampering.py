"""The audit index tampered with as superuser: it is halted, the history stays right, and a rebuild mends it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from pyroaring import BitMap

from genjin.event_index import writing
from genjin.event_index.halting import empty_index, read_halt
from genjin.event_index.writing import OvertakenError, UnsoundIndexError, index_block
from genjin.history.postings import SMALL, Row, positions_of
from genjin.history.tags import hashed
from genjin_deploy.embedded_postgres import EmbeddedPostgres
from tests.databases import copy_migrated
from tests.doctor.examining import examined
from tests.event_index.indexed import BLOCKS, IndexedLog, Tamper, make_indexed_log

MOVE = """
UPDATE genjin.event_tag_reader r SET position = $2, commit_position = c.last_position, commit_hash = c.hash
  FROM (SELECT last_position, hash FROM genjin.commit WHERE workspace_id = $1 AND last_position >= $2
         ORDER BY last_position LIMIT 1) c
 WHERE r.workspace_id = $1
"""


@pytest.fixture(scope="module")
async def indexed(postgres: EmbeddedPostgres) -> AsyncIterator[IndexedLog]:
    made = await make_indexed_log(await copy_migrated(postgres))
    yield made
    for pool in (made.owner, made.api, made.notifier):
        await pool.close()


def first(log: IndexedLog, block: int, fits: str) -> int:
    """The first position in a small block of an event of this type or role."""
    events = log.events[block * SMALL.positions :]
    found: int = next(e["position"] for e in events if fits in (e["type"], e["actor"]["role"]))
    return found


async def drop_a_posting(log: IndexedLog) -> int:
    row = positions_of(await log.row("type:risk.assessed", 1))
    row.remove(row.min())
    return await log.put("type:risk.assessed", row.serialize(), 1)


async def add_a_posting(log: IndexedLog) -> int:
    everything = BitMap(range(SMALL.positions))
    return await log.put("role:marketer", everything.serialize(), 0)


async def hide_a_value_behind_an_empty_row(log: IndexedLog) -> int:
    shared, own = SMALL.rows_of(hashed("after", "17"))
    assert await log.row(shared) and not await log.row(own)
    return await log.put(own, BitMap([1023]).serialize())


async def change_hashes(log: IndexedLog) -> int:
    tag = SMALL.row_of(hashed("after", "17"))
    row = await log.row(tag, 1)
    return await log.put(tag, bytes(len(row) // 6 * 4) + row[len(row) // 6 * 4 :], 1)


def statement(text: str, *arguments: object) -> Tamper:
    async def tamper(log: IndexedLog) -> int:
        return await log.tamper(text, *arguments)

    return tamper


# How the index is tampered with; whether an answer is wrong then; the tag (or its beginning), the position or the
# type or role of which it is the first in the block, and how far the index is trusted.
TAMPERS: dict[str, tuple[Tamper, bool, str | None, int | tuple[int, str], int]] = {
    "a posting dropped": (drop_a_posting, True, "type:risk.assessed", (1, "risk.assessed"), 1024),
    "a posting added": (add_a_posting, True, "role:marketer", (0, "dept_head"), 0),
    "a value hidden": (hide_a_value_behind_an_empty_row, True, "after#=", 1024, 0),
    "hashes changed": (change_hashes, True, "after#", 0, 1024),
    "a row dropped": (
        statement(
            "DELETE FROM genjin.event_tag WHERE workspace_id = $1 AND tag = 'type:risk.assessed' AND block = 0"
        ),
        True,
        "type:risk.assessed",
        (0, "risk.assessed"),
        0,
    ),
    "a byte too many in rows that values share": (
        statement(
            "UPDATE genjin.event_tag SET positions = positions || '\\x00' WHERE workspace_id = $1"
            " AND tag LIKE 'cause#%' AND tag NOT LIKE '%=%' AND block = 1"
        ),
        False,
        "cause#",
        1025,
        1024,
    ),
    "the end cut off": (
        statement("DELETE FROM genjin.event_tag WHERE workspace_id = $1 AND block = 1"),
        True,
        "actor:",
        0,
        1024,
    ),
    "the reader set back": (statement(MOVE, 1024), False, "actor:", 1025, 1024),
    "the reader gone": (
        statement("DELETE FROM genjin.event_tag_reader WHERE workspace_id = $1"),
        False,
        "actor:",
        1,
        0,
    ),
    "marked ahead of what is indexed": (statement(MOVE, 3072), True, "actor:", 0, 2048),
    "marked ahead of the log": (
        statement(
            "UPDATE genjin.event_tag_reader SET position = 10240, commit_position = 10240 WHERE workspace_id = $1"
        ),
        False,
        None,
        10240,
        0,
    ),
    "marked within a block": (statement(MOVE, 2500), True, None, 2500, 0),
    "a row of a block to come": (
        statement("INSERT INTO genjin.event_tag VALUES ($1, 0, 'role:marketer', 2, '\\x00')"),
        False,
        "role:marketer",
        2049,
        2048,
    ),
    "another commit": (
        statement(
            "UPDATE genjin.event_tag_reader SET commit_hash = '\\x00' WHERE workspace_id = $1"
        ),
        False,
        None,
        2048,
        0,
    ),
}


@pytest.mark.parametrize("how", TAMPERS)
async def test_what_is_not_what_the_log_says_halts_the_index_and_answers_stay_right(
    indexed: IndexedLog, how: str
) -> None:
    tamper, misleads, tag, place, trusted = TAMPERS[how]
    await indexed.begin()
    assert await tamper(indexed)
    assert bool(await indexed.wrong_answers()) == misleads
    [said] = await indexed.check()
    position = first(indexed, *place) if isinstance(place, tuple) else place or said["position"]
    assert said["workspace_id"] == str(indexed.workspace_id)
    assert (said["tag"] is None) if tag is None else said["tag"].startswith(tag), said
    assert (said["position"], said["trusted_position"]) == (position, trusted)
    assert said["reason"].startswith(f"position {position}: ")
    assert await indexed.wrong_answers() == []


async def test_a_sound_index_is_not_halted_and_each_round_says_again_what_is(
    indexed: IndexedLog,
) -> None:
    await indexed.begin()
    assert await indexed.check() == []
    await drop_a_posting(indexed)
    reasons = [[each["reason"] for each in await indexed.check()] for _ in range(3)]
    assert len(reasons[0]) == 1
    assert reasons == [reasons[0]] * 3


async def test_a_difference_before_the_one_that_halted_it_takes_more_of_the_index_away(
    indexed: IndexedLog,
) -> None:
    await indexed.begin()
    await drop_a_posting(indexed)
    [behind] = await indexed.check()
    await add_a_posting(indexed)
    before = (await indexed.check())[-1]
    assert (behind["trusted_position"], before["trusted_position"]) == (1024, 0)
    assert await indexed.wrong_answers() == []


async def test_verify_finds_it_the_doctor_tells_of_the_halt_and_a_rebuild_mends_it(
    indexed: IndexedLog,
) -> None:
    await indexed.begin()
    sound = await indexed.rows()
    assert (await indexed.index("verify")).exit_code == 0
    await drop_a_posting(indexed)
    verified = await indexed.index("verify")
    assert verified.exit_code == 1
    assert await read_halt(indexed.owner, indexed.workspace_id) is None  # it changes nothing
    [said] = await indexed.check()
    assert said["reason"] in verified.said
    finding = (await examined(indexed.database.api_url))["audit_index"]
    assert finding.level == "warn"
    assert said["reason"] in finding.reason and str(indexed.workspace_id) in finding.reason
    assert said["remedy"].partition(" --")[0] in finding.remedy

    mended = await indexed.index("rebuild")
    assert mended.exit_code == 0, mended.said
    assert (await indexed.index("verify")).exit_code == 0
    assert (await examined(indexed.database.api_url))["audit_index"].level == "ok"
    assert await indexed.check() == []
    rows = await indexed.rows()
    assert [row for row in rows if row[2] < BLOCKS] == sound
    assert {row[2] for row in rows} == {0, 1, 2}  # what was full meanwhile is indexed too
    assert await indexed.wrong_answers() == []


STAGE = """
UPDATE genjin.event SET body = replace(body, '"stage":"' || $3, '"stage":"' || $4)
 WHERE workspace_id = $1 AND position = $2
"""


async def test_for_a_damaged_event_the_index_is_not_to_blame(indexed: IndexedLog) -> None:
    """The scrubber says so."""
    await indexed.begin()
    place = first(indexed, 0, "stage.entered")
    assert await indexed.tamper_with_log(STAGE, place, "s", "t")
    said = await indexed.check()
    assert await indexed.tamper_with_log(STAGE, place, "t", "s")
    assert [each["event"] for each in said] == ["index_not_checked"]
    assert said[0]["reason"] == f"position {place}: the leaf hash is not that of the event"
    assert await read_halt(indexed.owner, indexed.workspace_id) is None


async def test_a_reader_that_was_emptied_under_its_hands_writes_nothing_behind_a_gap(
    indexed: IndexedLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rebuild takes the index away while a notifier has read a block and not yet written it."""
    await indexed.begin()
    rows_of_log = writing.rows_of_log

    async def emptied_meanwhile(*place: Any) -> list[Row]:
        rows = await rows_of_log(*place)
        async with indexed.owner.acquire() as connection:
            await empty_index(connection, indexed.workspace_id)
        return rows

    monkeypatch.setattr(writing, "rows_of_log", emptied_meanwhile)
    with pytest.raises(OvertakenError):
        await index_block(indexed.notifier, indexed.workspace_id)
    assert await indexed.rows() == []
    monkeypatch.undo()
    assert await index_block(indexed.notifier, indexed.workspace_id)
    assert await indexed.check() == []


async def test_rows_where_none_were_written_keep_the_reader_from_going_on(
    indexed: IndexedLog,
) -> None:
    await indexed.begin()
    await indexed.tamper("INSERT INTO genjin.event_tag VALUES ($1, 0, 'noun:risk', 2, '\\x00')")
    with pytest.raises(UnsoundIndexError, match="rows already of block 2"):
        await index_block(indexed.notifier, indexed.workspace_id)
