"""The rows of the audit index: for each block of positions and each tag, the positions in it that have the tag.

Small blocks keep the part of the log short that no row covers yet; large ones keep the number of rows small. Hashed
values share a row by the first bits of their hash. Offsets in a block count from 0. Pure.
"""

import sys
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import orjson
from pyroaring import BitMap

from genjin.history.tags import Hashed, hashes_of, tags_of


@dataclass(frozen=True, slots=True)
class Level:
    """A size of blocks. bucket_bits is how much of a hash chooses the row."""

    number: int
    position_bits: int
    bucket_bits: int

    @property
    def positions(self) -> int:
        return 1 << self.position_bits

    def block(self, position: int) -> int:
        """The number of the block, from 0, that holds a position, from 1."""
        return (position - 1) >> self.position_bits

    def first(self, block: int) -> int:
        """The first position of a block."""
        return (block << self.position_bits) + 1

    def row_of(self, value: Hashed) -> str:
        """The tag of the row that holds a hashed value."""
        return f"{value.kind}#{value.hash >> (32 - self.bucket_bits):03x}"


SMALL = Level(0, 10, 6)
LARGE = Level(1, 16, 12)
SMALL_IN_LARGE = LARGE.positions // SMALL.positions

Row = tuple[str, bytes]
Numbers: TypeAlias = "array[int]"


def small_block(bodies: Sequence[str]) -> list[Row]:
    """The rows of a small block, by the stored bodies of its events."""
    tagged: defaultdict[str, BitMap] = defaultdict(BitMap)
    valued: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for offset, body in enumerate(bodies):
        document = orjson.loads(body)
        for tag in tags_of(document):
            tagged[tag].add(offset)
        for value in hashes_of(document):
            valued[SMALL.row_of(value)].append((value.hash, offset))
    return _rows(tagged, valued)


def large_block(small_rows: Iterable[tuple[int, str, bytes]]) -> list[Row]:
    """The rows of a large block, made of those of its small ones: (number of the small block in it, tag, positions)."""
    tagged: defaultdict[str, BitMap] = defaultdict(BitMap)
    valued: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, tag, positions in small_rows:
        start = number * SMALL.positions
        kind = _kind_of_values(tag)
        if kind is not None:
            for hash_, offset in zip(*_unpacked(positions), strict=True):
                valued[LARGE.row_of(Hashed(kind, hash_))].append((hash_, start + offset))
        else:
            tagged[tag] |= BitMap.deserialize(positions).shift(start)
    return _rows(tagged, valued)


def positions_of(positions: bytes) -> BitMap:
    """The offsets in a tag's row."""
    return BitMap.deserialize(positions)


def positions_of_value(positions: bytes, value: Hashed) -> BitMap:
    """The offsets of one value in the row that it shares."""
    hashes, offsets = _unpacked(positions)
    start = bisect_left(hashes, value.hash)
    return BitMap(list(offsets[start : bisect_right(hashes, value.hash, start)]))


def _kind_of_values(tag: str) -> str | None:
    """Of a row that hashed values share: its tag is kind#bucket. Every other tag has a colon after its kind."""
    kind, sign, _ = tag.partition("#")
    return kind if sign and ":" not in kind else None


def _rows(tagged: dict[str, BitMap], valued: dict[str, list[tuple[int, int]]]) -> list[Row]:
    for positions in tagged.values():
        positions.run_optimize()
    return [
        *((tag, positions.serialize()) for tag, positions in tagged.items()),
        *((tag, _packed(pairs)) for tag, pairs in valued.items()),
    ]


def _packed(pairs: list[tuple[int, int]]) -> bytes:
    """All hashes in order, 4 bytes each, then the offset of each, 2 bytes; little-endian."""
    hashes, offsets = zip(*sorted(pairs), strict=True)
    return (
        _little_endian(array("I", hashes)).tobytes() + _little_endian(array("H", offsets)).tobytes()
    )


def _unpacked(positions: bytes) -> tuple[Numbers, Numbers]:
    end = len(positions) // 6 * 4
    hashes, offsets = array("I", positions[:end]), array("H", positions[end:])
    return _little_endian(hashes), _little_endian(offsets)


def _little_endian(numbers: Numbers) -> Numbers:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
