"""The audit index as a question sees it: how far it reaches, and which positions of its blocks may match a plan."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from pyroaring import BitMap

from genjin.history.postings import LARGE, SMALL, Level, positions_of, positions_of_value
from genjin.history.tags import Hashed
from genjin_api.history.plan import Alternative, Clause, Lookup, Plan, TagRange, is_of_values
from genjin_api.history.spans import Span, common, union

Transaction = asyncpg.Connection | PoolConnectionProxy

# Where the log ends, and how far its index reaches: nowhere, when the log is not the one that was indexed. trusted: how
# far an index that was halted may be asked.
_REACH = """
SELECT (SELECT c.last_position FROM genjin.commit c
         WHERE c.workspace_id = $1 ORDER BY c.last_position DESC LIMIT 1) AS head, r.position, r.merged_position,
       (SELECT h.trusted_position FROM genjin.event_tag_halt h WHERE h.workspace_id = $1) AS trusted
  FROM (VALUES (true)) AS always
  LEFT JOIN genjin.event_tag_reader r
         ON r.workspace_id = $1 AND EXISTS (
            SELECT FROM genjin.commit c
             WHERE c.workspace_id = $1 AND c.last_position = r.commit_position AND c.hash = r.commit_hash)
"""

# The rows of some tags in some blocks.
_ROWS = """
SELECT block, tag, positions FROM genjin.event_tag
 WHERE workspace_id = $1 AND level = $2 AND tag = ANY ($3) AND block = ANY ($4)
"""

# The blocks of a size in which there is a row of some ranges of tags.
_BLOCKS_OF_RANGES = """
SELECT DISTINCT t.block FROM unnest($3::text[], $4::text[]) AS asked (low, high)
 CROSS JOIN LATERAL (
    SELECT e.block FROM genjin.event_tag e
     WHERE e.workspace_id = $1 AND e.level = $2 AND e.tag >= asked.low AND e.tag < asked.high
    OFFSET 0) AS t
"""

# The same for ranges of tags. Range by range (OFFSET 0 keeps it so): as a join, Postgres would read the whole index.
_ROWS_OF_RANGES = """
SELECT t.* FROM unnest($3::text[], $4::text[]) AS asked (low, high)
 CROSS JOIN LATERAL (
    SELECT e.block, e.tag, e.positions FROM genjin.event_tag e
     WHERE e.workspace_id = $1 AND e.level = $2 AND e.tag >= asked.low AND e.tag < asked.high AND e.block = ANY ($5)
    OFFSET 0) AS t
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
    indexed, merged, trusted = row["position"] or 0, row["merged_position"] or 0, row["trusted"]
    if trusted is not None and trusted < merged:
        merged = trusted - trusted % LARGE.positions
        trusted = merged  # behind it small blocks are merged with what is not trusted
    return Reach(row["head"] or 0, indexed if trusted is None else min(indexed, trusted), merged)


async def read_spans(
    connection: Transaction, workspace_id: UUID, ranges: Sequence[TagRange], reach: Reach
) -> list[Span]:
    """The blocks in which there may be something of one of the ranges, and all that the index does not reach."""
    asked = [one.low for one in ranges], [one.high for one in ranges]
    found: list[Span] = [(reach.indexed + 1, reach.head)]
    for level, first, last in ((LARGE, 1, reach.merged), (SMALL, reach.merged + 1, reach.indexed)):
        rows = await connection.fetch(_BLOCKS_OF_RANGES, workspace_id, level.number, *asked)
        found += common([(first, last)], union(level.span(block) for (block,) in rows))
    return union(found)


async def read_candidates(
    connection: Transaction, workspace_id: UUID, plan: Plan, level: Level, blocks: range
) -> list[tuple[int, BitMap]]:
    """The offsets in consecutive blocks that may match, by block, in order. The short rows of hashed values are read
    first, the many of ranges last, each of the blocks alone in which something is left.
    """
    place = workspace_id, level.number
    left = {block: BitMap(range(level.positions)) for block in blocks}
    of_values = [clause for clause in plan.any_of if is_of_values(clause)]
    of_tags = [clause for clause in plan.any_of if not is_of_values(clause)]
    for clauses, refused in ((of_values, ()), (of_tags, plan.none_of)):
        lookups = {one for clause in clauses for group in clause for one in group}
        tags = [*{tag for one in lookups for tag in _row_tags(level, one)}, *refused]
        if tags and left:
            rows = await connection.fetch(_ROWS, *place, tags, list(left))
            left = _narrowed(left, rows, partial(_of_tags, level, clauses, refused))
    if plan.ranges and left:
        asked = {one for of_term in plan.ranges for one in of_term}
        bounds = [one.low for one in asked], [one.high for one in asked]
        rows = await connection.fetch(_ROWS_OF_RANGES, *place, *bounds, list(left))
        left = _narrowed(left, rows, partial(_of_ranges, plan.ranges))
    return list(left.items())


def _narrowed(
    left: Mapping[int, BitMap],
    rows: Iterable[asyncpg.Record],
    narrow: Callable[[BitMap, Rows], BitMap],
) -> dict[int, BitMap]:
    """What is left of each block by its rows, of those of which anything is."""
    by_block: dict[int, dict[str, bytes]] = {block: {} for block in left}
    for block, tag, positions in rows:
        by_block[block][tag] = positions
    found = {block: narrow(offsets, by_block[block]) for block, offsets in left.items()}
    return {block: offsets for block, offsets in found.items() if offsets}


def _row_tags(level: Level, lookup: Lookup) -> tuple[str, ...]:
    return level.rows_of(lookup) if isinstance(lookup, Hashed) else (lookup,)


def _of_tags(
    level: Level, clauses: Sequence[Clause], refused: Sequence[str], found: BitMap, rows: Rows
) -> BitMap:
    """The offsets in one block that every clause knows and no exclusion does."""
    for clause in clauses:
        known = (_of_alternative(level, rows, alternative) for alternative in clause)
        found = found & BitMap.union(BitMap(), *known)
        if not found:
            return found
    for tag in refused:
        if tag in rows:
            found = found - positions_of(rows[tag])
    return found


def _of_ranges(of_terms: Sequence[Sequence[TagRange]], found: BitMap, rows: Rows) -> BitMap:
    for ranges in of_terms:
        inside = (
            positions_of(row)
            for tag, row in rows.items()
            if any(one.low <= tag < one.high for one in ranges)
        )
        found = found & BitMap.union(BitMap(), *inside)
    return found


def _of_alternative(level: Level, rows: Rows, alternative: Alternative) -> BitMap:
    first, *others = (_of_lookup(level, rows, lookup) for lookup in alternative)
    return BitMap.intersection(first, *others)


def _of_lookup(level: Level, rows: Rows, lookup: Lookup) -> BitMap:
    """A frequent value has a row of its own; then the other one does not hold it."""
    *shared, own = _row_tags(level, lookup)
    if own in rows:
        return positions_of(rows[own])
    if isinstance(lookup, Hashed) and shared[0] in rows:
        return positions_of_value(rows[shared[0]], lookup)
    return BitMap()
