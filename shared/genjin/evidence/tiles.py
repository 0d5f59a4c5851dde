"""Reading the stored tree: the hashes of nodes, from full tiles and from what stands at the right edge."""

from collections.abc import Collection, Sequence
from uuid import UUID

import asyncpg

from genjin.evidence.edge import TILE_BITS, TILE_HASHES
from genjin.evidence.merkle import HASH_BYTES, Node, complete_root
from genjin.log.reading import Reading

# The full tiles among those asked for.
_TILES = """
SELECT tile.level, tile.index, tile.hashes
  FROM unnest($2::smallint[], $3::bigint[]) AS asked (level, index)
  JOIN genjin.evidence_tile tile
    ON tile.workspace_id = $1 AND tile.level = asked.level AND tile.index = asked.index
"""

# The roots of neighbouring full tiles, first to next after the last.
_ROOTS = """
SELECT index, root FROM genjin.evidence_tile
 WHERE workspace_id = $1 AND level = $2 AND index >= $3 AND index < $4 ORDER BY index
"""

# The leaf hashes as the log has them, of the positions after $2 up to $3.
_LEAVES = """
SELECT position - 1 AS index, leaf_hash FROM genjin.event
 WHERE workspace_id = $1 AND position > $2 AND position <= $3 ORDER BY position
"""

TileKey = tuple[int, int]


class MissingNodeError(Exception):
    """The stored tree lacks a hash that it must have."""


async def read_nodes(
    database: Reading, workspace_id: UUID, size: int, nodes: Collection[Node]
) -> dict[Node, bytes]:
    """The hashes of nodes of a tree of this size. Reads a tile for each node at the most, and at the right edge at most
    255 roots or leaf hashes per level of tiles: O(log size) in all. Raises MissingNodeError.
    """
    keys = {_tile_of(node) for node in nodes}
    levels, indexes = [key[0] for key in keys], [key[1] for key in keys]
    rows = await database.fetch(_TILES, workspace_id, levels, indexes)
    tiles = {(row["level"], row["index"]): _split(row["hashes"]) for row in rows}
    for level, index in keys - tiles.keys():
        tiles[level, index] = await _open_tile(database, workspace_id, size, level, index)
    return {node: _node_in(tiles[_tile_of(node)], node) for node in nodes}


async def read_roots(
    database: Reading, workspace_id: UUID, level: int, first: int, end: int
) -> list[bytes]:
    """The roots of the full tiles of a level from first up to, not including, end. Raises MissingNodeError."""
    rows = await database.fetch(_ROOTS, workspace_id, level, first, end)
    return _without_gap(rows, first, end)


async def _open_tile(
    database: Reading, workspace_id: UUID, size: int, level: int, index: int
) -> list[bytes]:
    """The hashes of a tile that was not full when the tree had this size."""
    first = index << TILE_BITS
    end = min(first + TILE_HASHES, size >> (TILE_BITS * level))
    if level > 0:
        return await read_roots(database, workspace_id, level - 1, first, end)
    return _without_gap(await database.fetch(_LEAVES, workspace_id, first, end), first, end)


def _without_gap(rows: Sequence[asyncpg.Record], first: int, end: int) -> list[bytes]:
    if [row["index"] for row in rows] != list(range(first, end)):
        raise MissingNodeError(f"of the hashes {first} to {end - 1} of a level some are not there")
    return [row[1] for row in rows]


def _tile_of(node: Node) -> TileKey:
    level, index = node
    return level // TILE_BITS, index << level % TILE_BITS >> TILE_BITS


def _node_in(hashes: Sequence[bytes], node: Node) -> bytes:
    level, index = node
    width = 1 << level % TILE_BITS
    start = (index * width) % TILE_HASHES
    if start + width > len(hashes):
        raise MissingNodeError(f"the tree has no complete subtree {index} at level {level}")
    return complete_root(hashes[start : start + width])


def _split(hashes: bytes) -> list[bytes]:
    return [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]
