"""Roots and proofs of any tree up to the sealed size, from the stored tiles."""

from collections.abc import Sequence
from uuid import UUID

from genjin.evidence.merkle import (
    Range,
    consistency_ranges,
    inclusion_ranges,
    nodes_of,
    range_hash,
)
from genjin.evidence.tiles import read_nodes
from genjin.log.reading import Reading


async def tree_root(database: Reading, workspace_id: UUID, size: int) -> bytes:
    """The root of the tree over the first `size` events."""
    [root] = await _hashes(database, workspace_id, size, [(0, size)])
    return root


async def inclusion_path(
    database: Reading, workspace_id: UUID, position: int, size: int
) -> list[bytes]:
    """The path of the event at a position, 1 ≤ position ≤ size, in the tree of that size."""
    ranges = inclusion_ranges(position - 1, size)
    return await _hashes(database, workspace_id, size, ranges)


async def consistency_path(
    database: Reading, workspace_id: UUID, first: int, second: int
) -> list[bytes]:
    """The path from the tree of size first to that of size second, 1 ≤ first ≤ second."""
    ranges = consistency_ranges(first, second)
    return await _hashes(database, workspace_id, second, ranges)


async def _hashes(
    database: Reading, workspace_id: UUID, size: int, ranges: Sequence[Range]
) -> list[bytes]:
    wanted = {node for leaves in ranges for node in nodes_of(leaves)}
    nodes = await read_nodes(database, workspace_id, size, wanted)
    return [range_hash(leaves, nodes) for leaves in ranges]
