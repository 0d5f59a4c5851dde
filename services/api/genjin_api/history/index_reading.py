"""The audit index as a question sees it: how far it reaches, and which positions of its blocks may match a plan."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from pyroaring import BitMap

from genjin.history.postings import Level, positions_of, positions_of_value
from genjin.history.tags import Hashed
from genjin_api.history.plan import Alternative, Lookup, Plan, TagRange

Transaction = asyncpg.Connection | PoolConnectionProxy

# Where the log ends, and how far its index reaches: nowhere, when the log is not the one that was indexed.
_REACH = """
SELECT (SELECT c.last_position FROM genjin.commit c
         WHERE c.workspace_id = $1 ORDER BY c.last_position DESC LIMIT 1) AS head, r.position, r.merged_position
  FROM (VALUES (true)) AS always
  LEFT JOIN genjin.event_tag_reader r
         ON r.workspace_id = $1 AND EXISTS (
            SELECT FROM genjin.commit c
             WHERE c.workspace_id = $1 AND c.last_position = r.commit_position AND c.hash = r.commit_hash)
"""

# The rows of some tags in some blocks.
_ROWS = """
SELECT block, tag, positions FROM genjin.event_tag
 WHERE workspace_id = $1 AND level = $2 AND tag = ANY ($3) AND block BETWEEN $4 AND $5
"""

# The same for ranges of tags.
_ROWS_OF_RANGES = """
SELECT t.block, t.tag, t.positions FROM unnest($3::text[], $4::text[]) AS asked (low, high)
  JOIN genjin.event_tag t ON t.workspace_id = $1 AND t.level = $2 AND t.tag >= asked.low AND t.tag < asked.high
 WHERE t.block BETWEEN $5 AND $6
"""

Rows = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Reach:
    """head is the log's last position. Up to merged there are large blocks, from there to indexed small ones."""

    head: int
    indexed: int
    merged: int


async def read_reach(connection: Transaction, workspace_id: UUID) -> Reach:
    row = await connection.fetchrow(_REACH, workspace_id)
    assert row is not None  # there is always one
    return Reach(row["head"] or 0, row["position"] or 0, row["merged_position"] or 0)


async def read_candidates(
    connection: Transaction, workspace_id: UUID, plan: Plan, level: Level, blocks: range
) -> list[int]:
    """The positions in consecutive blocks that may match, in order."""
    by_block: defaultdict[int, dict[str, bytes]] = defaultdict(dict)
    for block, tag, positions in await _rows(connection, workspace_id, plan, level, blocks):
        by_block[block][tag] = positions
    return [
        level.first(block) + offset
        for block in sorted(by_block)
        for offset in _matching(plan, level, by_block[block])
    ]


async def _rows(
    connection: Transaction, workspace_id: UUID, plan: Plan, level: Level, blocks: range
) -> Sequence[asyncpg.Record]:
    lookups = [lookup for clause in plan.any_of for group in clause for lookup in group]
    tags = {_row_tag(level, lookup) for lookup in lookups if not isinstance(lookup, TagRange)}
    ranges = [lookup for lookup in lookups if isinstance(lookup, TagRange)]
    place = workspace_id, level.number
    window = blocks[0], blocks[-1]
    rows = await connection.fetch(_ROWS, *place, [*tags, *plan.none_of], *window)
    if ranges:
        lows, highs = [one.low for one in ranges], [one.high for one in ranges]
        rows = [*rows, *await connection.fetch(_ROWS_OF_RANGES, *place, lows, highs, *window)]
    return rows


def _row_tag(level: Level, lookup: str | Hashed) -> str:
    return level.row_of(lookup) if isinstance(lookup, Hashed) else lookup


def _matching(plan: Plan, level: Level, rows: Rows) -> BitMap:
    """The offsets in one block that every clause knows and no exclusion does."""
    found: BitMap | None = None
    for clause in plan.any_of:
        known = BitMap.union(
            BitMap(), *(_of_alternative(level, rows, alternative) for alternative in clause)
        )
        found = known if found is None else found & known
        if not found:
            return found
    found = BitMap() if found is None else found
    for tag in plan.none_of:
        if tag in rows:
            found -= positions_of(rows[tag])
    return found


def _of_alternative(level: Level, rows: Rows, alternative: Alternative) -> BitMap:
    first, *others = (_of_lookup(level, rows, lookup) for lookup in alternative)
    return BitMap.intersection(first, *others)


def _of_lookup(level: Level, rows: Rows, lookup: Lookup) -> BitMap:
    if isinstance(lookup, TagRange):
        inside = (positions_of(row) for tag, row in rows.items() if lookup.low <= tag < lookup.high)
        return BitMap.union(BitMap(), *inside)
    row = rows.get(_row_tag(level, lookup))
    if row is None:
        return BitMap()
    return positions_of_value(row, lookup) if isinstance(lookup, Hashed) else positions_of(row)
