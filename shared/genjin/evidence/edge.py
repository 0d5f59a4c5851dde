"""A Merkle tree that grows at its right edge, in tiles of 256 hashes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from genjin.evidence.merkle import complete_root, joined

TILE_BITS = 8
TILE_HASHES = 1 << TILE_BITS


@dataclass(frozen=True, slots=True)
class Tile:
    """A full one: hashes of 256 neighbouring subtrees of 256^level leaves, and the hash above them."""

    level: int
    index: int
    root: bytes
    hashes: bytes


class Edge:
    """What of a tree is in no full tile yet: per level the hashes of the tile that is being filled. With it the tree
    can grow, and its root be told, without a look at what came before.
    """

    def __init__(self) -> None:
        self.size = 0
        self._rows: list[list[bytes]] = [[]]

    @classmethod
    def of_rows(cls, size: int, rows: list[list[bytes]]) -> Self:
        """rows as edge_rows(size) asks for them, level 0 first."""
        if [len(row) for row in rows] != [last - first for first, last in edge_rows(size)]:
            raise ValueError(f"not the edge of a tree of {size} leaves")
        edge = cls()
        edge.size, edge._rows = size, rows
        return edge

    def add(self, leaf_hashes: Sequence[bytes]) -> list[Tile]:
        """Grow by these leaves; the tiles that became full."""
        full: list[Tile] = []
        done = 0
        while done < len(leaf_hashes):
            room = TILE_HASHES - len(self._rows[0])
            self._rows[0] += leaf_hashes[done : done + room]
            taken = min(room, len(leaf_hashes) - done)
            done += taken
            self.size += taken
            if len(self._rows[0]) == TILE_HASHES:
                full += self._close(0)
        return full

    def root(self) -> bytes:
        roots = []
        for row in reversed(self._rows):
            start = 0
            for level in reversed(range(TILE_BITS)):
                width = 1 << level
                if len(row) & width:
                    roots.append(complete_root(row[start : start + width]))
                    start += width
        return joined(roots)

    def _close(self, level: int) -> list[Tile]:
        """The full tile of this level, and those above it that it makes full."""
        row, self._rows[level] = self._rows[level], []
        index = (self.size >> (TILE_BITS * (level + 1))) - 1
        tile = Tile(level, index, complete_root(row), b"".join(row))
        if level + 1 == len(self._rows):
            self._rows.append([])
        above = self._rows[level + 1]
        above.append(tile.root)
        return [tile, *(self._close(level + 1) if len(above) == TILE_HASHES else ())]


def edge_rows(size: int) -> list[tuple[int, int]]:
    """Per level, from 0: the first and the next after the last index of the hashes that are in no full tile."""
    rows: list[tuple[int, int]] = []
    count = size
    while count or not rows:
        rows.append((count >> TILE_BITS << TILE_BITS, count))
        count >>= TILE_BITS
    return rows
