"""A block's stored rows against what its events come to: no change that a reader would notice goes unseen."""

import random
from typing import Literal
from uuid import UUID

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from genjin.history.comparing import RowDifference, first_difference
from genjin.history.postings import SMALL, large_block, pairs_of_row, positions_of, small_block
from genjin.history.tags import hashed


def body(number: int) -> str:
    """Every field, with values that many, some and no other events have."""
    chance = random.Random(number)
    before = chance.choice(["open", "open", None])
    change = {"path": f"/a/{chance.randrange(3)}", "before": before, "after": chance.randrange(200)}
    return orjson.dumps(
        {
            "type": chance.choice(["risk.assessed", "stage.entered"]),
            "actor": {"id": str(UUID(int=chance.randrange(3))), "type": "person", "role": "owner"},
            "occurred_at": f"2026-0{chance.randrange(1, 9)}-01T00:00:00.000000Z",
            "stream": f"project-{chance.randrange(5)}",
            "request_id": f"r{number}",
            "correlation_id": "c",
            "causation_id": None,
            "data": {"stage": f"s{chance.randrange(4)}"},
            "changes": [change],
        }
    ).decode()


ROWS = dict(small_block([body(number) for number in range(SMALL.positions)]))
FREQUENT = "before#={:08x}".format(hashed("before", "open").hash)


def found(stored: dict[str, bytes]) -> RowDifference | None:
    return first_difference(ROWS.items(), stored)


def read(tag: str, row: bytes) -> object:
    """What a reader finds in it."""
    pairs = pairs_of_row(tag, row)
    return list(positions_of(row)) if pairs is None else pairs


def test_rows_that_were_merged_are_those_of_the_large_block_at_once() -> None:
    merged = large_block((place, tag, row) for place in (0, 1) for tag, row in ROWS.items())
    again = large_block((place, tag, row) for place in (1, 0) for tag, row in ROWS.items())
    assert first_difference(merged, dict(again)) is None
    assert found(ROWS) is None


@given(st.sampled_from(sorted(ROWS)))
def test_a_row_that_is_gone_is_missing_at_its_first_position(tag: str) -> None:
    pairs = pairs_of_row(tag, ROWS[tag])
    offsets = positions_of(ROWS[tag]) if pairs is None else [offset for _, offset in pairs]
    stored = {name: row for name, row in ROWS.items() if name != tag}
    assert found(stored) == RowDifference(tag, min(offsets), "missing")


@given(st.sampled_from([tag for tag in sorted(ROWS) if ":" in tag]), st.integers(0, 1023))
def test_a_position_put_in_or_taken_out_is_named(tag: str, offset: int) -> None:
    positions = positions_of(ROWS[tag])
    kind: Literal["missing", "added"] = "missing" if offset in positions else "added"
    positions.flip_inplace(offset, offset + 1)
    stored = {**ROWS, tag: positions.serialize()}
    assert found(stored) == RowDifference(tag, offset, kind)


def test_a_row_without_positions_that_would_stand_before_a_shared_one_is_found() -> None:
    rare = hashed("after", "7")
    empty = positions_of(ROWS[FREQUENT])
    empty.clear()
    shared, own = SMALL.rows_of(rare)
    assert shared in ROWS and own not in ROWS
    assert found({**ROWS, own: empty.serialize()}) == RowDifference(own, None, "malformed")


def test_a_shared_row_in_another_order_which_no_reader_could_search_is_found() -> None:
    tag = next(tag for tag in sorted(ROWS) if tag.startswith("cause#") and "=" not in tag)
    row, count = ROWS[tag], len(ROWS[tag]) // 6
    hashes = [row[place * 4 : place * 4 + 4] for place in range(count)][::-1]
    offsets = [row[count * 4 + place * 2 :][:2] for place in range(count)][::-1]
    assert found({**ROWS, tag: b"".join(hashes + offsets)}) == RowDifference(tag, None, "malformed")


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(ROWS)), st.randoms())
def test_any_changed_byte_is_found_or_changes_nothing_that_is_read(
    tag: str, chance: random.Random
) -> None:
    row = bytearray(ROWS[tag])
    row[chance.randrange(len(row))] ^= 1 << chance.randrange(8)
    if found({**ROWS, tag: bytes(row)}) is None:
        assert read(tag, bytes(row)) == read(tag, ROWS[tag])
