"""The audit index held against the log: its bounds, and each block against what its events say.

A posting that is missing, added or changed would leave events out of an answer without a word.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from genjin.history.comparing import RowDifference, first_difference
from genjin.history.postings import LARGE, SMALL, Level, Row
from genjin.log.checking import EXPECTED_TEXT, check_events
from genjin.log.reading import Reading

# How far the index has come, and the commit in which the log has that position. No row: nothing is indexed.
_READER = """
SELECT r.position, r.merged_position, r.commit_position, r.commit_hash, c.last_position, c.hash
  FROM genjin.event_tag_reader r
  LEFT JOIN LATERAL (SELECT last_position, hash FROM genjin.commit
                      WHERE workspace_id = $1 AND last_position >= r.position ORDER BY last_position LIMIT 1) c ON true
 WHERE r.workspace_id = $1
"""

# The first row, in the order of the primary key, of a block that the index has not come to, or that was merged.
_OUTSIDE = f"""
WITH reach AS (
    SELECT coalesce(max(position), 0) AS position, coalesce(max(merged_position), 0) AS merged
      FROM genjin.event_tag_reader WHERE workspace_id = $1
)
SELECT t.level, t.tag, t.block, reach.position FROM genjin.event_tag t, reach
 WHERE t.workspace_id = $1
   AND CASE t.level
       WHEN {LARGE.number} THEN t.block >= reach.merged >> {LARGE.position_bits}
       ELSE t.block < reach.merged >> {SMALL.position_bits} OR t.block >= reach.position >> {SMALL.position_bits}
       END
 ORDER BY t.level, t.tag, t.block LIMIT 1
"""

# The rows of a block, with how far the index had come then; one row without a tag where the block has none.
_STORED = """
SELECT r.position, r.merged_position, t.tag, t.positions
  FROM genjin.event_tag_reader r
  LEFT JOIN genjin.event_tag t ON t.workspace_id = r.workspace_id AND t.level = $2 AND t.block = $3
 WHERE r.workspace_id = $1
"""

_EVENTS = f"""
SELECT position, body, leaf_hash, {EXPECTED_TEXT} FROM genjin.event
 WHERE workspace_id = $1 AND position > $2 AND position <= $3 ORDER BY position
"""


class MovedError(Exception):
    """The block is not there any more: it was merged, or the index was emptied."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the index is not what the log says. Up to trusted_position it can still be asked. tag is None where the
    reader's place is wrong.
    """

    trusted_position: int
    position: int
    tag: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Block:
    level: Level
    number: int

    @property
    def start(self) -> int:
        """The position before its first one."""
        return self.number << self.level.position_bits

    @property
    def end(self) -> int:
        return self.start + self.level.positions


async def difference_of_bounds(database: Reading, workspace_id: UUID) -> Difference | None:
    """Whether the index says rightly how far it has come, and has no rows beyond."""
    reader = await database.fetchrow(_READER, workspace_id)
    if reader is not None and (reason := _wrong_place(reader)):
        return Difference(0, reader["position"], None, reason)
    row = await database.fetchrow(_OUTSIDE, workspace_id)
    if row is None:
        return None
    block = Block(LARGE if row["level"] == LARGE.number else SMALL, row["block"])
    reason = (
        f"position {block.start + 1}: the index has a row of the tag {row['tag']} for a block of"
        f" {block.level.positions} positions that it has not come to, or has merged"
    )
    return Difference(row["position"], block.start + 1, row["tag"], reason)


def _wrong_place(reader: asyncpg.Record) -> str | None:
    position, merged = reader["position"], reader["merged_position"]
    if position % SMALL.positions or merged % LARGE.positions:
        return f"position {position}: no block of the index ends where it is said to end"
    commit = reader["commit_position"]
    if (reader["last_position"], reader["hash"]) != (commit, reader["commit_hash"]):
        return (
            f"position {position}: the log has another commit at {commit} than the one that was indexed, or none,"
            " or the index is said to go beyond it"
        )
    return None


async def block_after(database: Reading, workspace_id: UUID, position: int) -> Block | None:
    """The block that holds what comes after a position; None where the index ends."""
    reader = await database.fetchrow(_READER, workspace_id)
    if reader is None or position >= reader["position"]:
        return None
    level = LARGE if position < reader["merged_position"] else SMALL
    return Block(level, level.block(position + 1))


async def difference_of_block(
    database: Reading, workspace_id: UUID, block: Block, wanted: Sequence[Row]
) -> Difference | None:
    """wanted: what the block's events come to. Raises MovedError, and DamagedLogError where it differs because events
    are not what was hashed: for that the index is not to blame.
    """
    rows = await database.fetch(_STORED, workspace_id, block.level.number, block.number)
    if not rows or not _is_indexed(block, rows[0]["position"], rows[0]["merged_position"]):
        raise MovedError
    stored = {row["tag"]: row["positions"] for row in rows if row["tag"] is not None}
    found = first_difference(wanted, stored)
    if found is None:
        return None
    await _refuse_damaged_events(database, workspace_id, block)
    position = block.start + 1 + (found.offset or 0)
    return Difference(block.start, position, found.tag, f"position {position}: {_said(found)}")


def _is_indexed(block: Block, position: int, merged: int) -> bool:
    if block.level is LARGE:
        return block.end <= merged
    return merged <= block.start and block.end <= position


def _said(found: RowDifference) -> str:
    match found.kind:
        case "missing":
            return f"the tag {found.tag} of the index does not lead to this event, which has it"
        case "added":
            return f"the tag {found.tag} of the index leads to this event, which does not have it"
        case _:
            return f"the index's row of the tag {found.tag} for the block from here on is malformed"


async def _refuse_damaged_events(database: Reading, workspace_id: UUID, block: Block) -> None:
    for start in range(block.start, block.end, SMALL.positions):
        place = start, start + SMALL.positions
        await check_events(
            database, workspace_id, await database.fetch(_EVENTS, workspace_id, *place)
        )
