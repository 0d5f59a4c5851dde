"""The rows of the audit index: for each block of positions and each tag, the positions in it that have the tag.

Small blocks keep the part of the log short that no row covers yet; large ones keep the number of rows small. Hashed
values share a row by the first bits of their hash, but a frequent one (null, true) has a row of its own: whoever asks
for another value need not read it, and it is stored as a set. Offsets in a block count from 0. Pure.
"""

import sys
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

import orjson
from pyroaring import BitMap

from genjin.history.tags import (
    VALUE_KINDS,
    Hashed,
    hash_of,
    is_hashed,
    mask,
    said_by,
    tags_of_said,
)

HASH_BITS, OFFSET_BITS = 32, 16
OFFSET_MASK = (1 << OFFSET_BITS) - 1
# As many positions of one value in a block take less room as a set.
FREQUENT_FROM = 64
# What reading a row that was never written like this brings about.
MALFORMED = (ValueError, IndexError, OverflowError)


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

    def span(self, block: int) -> tuple[int, int]:
        """The first and the last position of a block."""
        return self.first(block), self.first(block + 1) - 1

    def row_of(self, value: Hashed) -> str:
        """The tag of the row that holds a hashed value."""
        return self.row(value.kind, value.hash >> (HASH_BITS - self.bucket_bits))

    def row(self, kind: str, bucket: int) -> str:
        return f"{kind}#{bucket:03x}"

    def rows_of(self, value: Hashed) -> tuple[str, str]:
        """The tags of the two rows of which one may hold a hashed value."""
        return self.row_of(value), _frequent_row(value.kind, value.hash)


SMALL = Level(0, 10, 6)
LARGE = Level(1, 16, 12)
SMALL_IN_LARGE = LARGE.positions // SMALL.positions

Row = tuple[str, bytes]
Numbers: TypeAlias = "array[int]"


class Postings:
    """What is known of the events of one block, gathered part by part."""

    def __init__(self) -> None:
        self._tagged: defaultdict[str, BitMap] = defaultdict(BitMap)
        self._valued: dict[str, array[int]] = {kind: array("Q") for kind in VALUE_KINDS}

    def add_events(self, bodies: Sequence[str], start: int) -> None:
        """The stored bodies of events from an offset on."""
        said: dict[str, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for offset, body in enumerate(bodies, start):
            for kind, text in said_by(orjson.loads(body)):
                said[kind][text].append(offset)
        for path, offsets in said.pop("path", {}).items():
            masked, keys = mask(path)
            said["masked_path"][masked] += offsets
            for key in keys:
                said["key"][key] += offsets
        tagged: defaultdict[str, list[int]] = defaultdict(list)
        for kind, of_kind in said.items():
            for text, offsets in of_kind.items():
                if is_hashed(kind, text):
                    self._add_value(kind, text, offsets)
                    continue
                for tag in tags_of_said(kind, text):
                    tagged[tag] += offsets
        for tag, offsets in tagged.items():
            self._tagged[tag] |= BitMap(offsets)

    def _add_value(self, kind: str, text: str, offsets: list[int]) -> None:
        high = hash_of(kind, text) << OFFSET_BITS
        if len(offsets) == 1:
            self._valued[kind].append(high | offsets[0])
        else:
            self._valued[kind].extend([high | offset for offset in offsets])

    def add_rows(self, rows: Iterable[tuple[int, str, bytes]]) -> None:
        """Rows of small blocks: (number of the small block in this one, tag, positions)."""
        for number, tag, positions in rows:
            start = number * SMALL.positions
            kind, frequent = _value_row(tag)
            if kind is None:
                self._tagged[tag] |= BitMap.deserialize(positions).shift(start)
            elif frequent is not None:
                offsets = BitMap.deserialize(positions).shift(start)
                self._valued[kind].extend([frequent << OFFSET_BITS | each for each in offsets])
            else:
                pairs = zip(*_unpacked(positions), strict=True)
                self._valued[kind].extend(
                    [hash_ << OFFSET_BITS | start + offset for hash_, offset in pairs]
                )

    def rows(self, level: Level) -> list[Row]:
        rows = []
        for tag, positions in self._tagged.items():
            positions.run_optimize()
            rows.append((tag, positions.serialize()))
        for kind, pairs in self._valued.items():
            rows += _value_rows(level, kind, sorted(set(pairs)))
        return rows


def small_block(bodies: Sequence[str]) -> list[Row]:
    """The rows of a small block, by the stored bodies of its events."""
    postings = Postings()
    postings.add_events(bodies, 0)
    return postings.rows(SMALL)


def large_block(small_rows: Iterable[tuple[int, str, bytes]]) -> list[Row]:
    """The rows of a large block, made of those of its small ones: (number of the small block in it, tag, positions)."""
    postings = Postings()
    postings.add_rows(small_rows)
    return postings.rows(LARGE)


def positions_of(positions: bytes) -> BitMap:
    """The offsets in a tag's row."""
    return BitMap.deserialize(positions)


def positions_of_value(positions: bytes, value: Hashed) -> BitMap:
    """The offsets of one value in the row that it shares."""
    hashes, offsets = _unpacked(positions)
    start = bisect_left(hashes, value.hash)
    return BitMap(list(offsets[start : bisect_right(hashes, value.hash, start)]))


def pairs_of_row(tag: str, positions: bytes) -> list[tuple[int, int]] | None:
    """The hashes and offsets in a row that values share; None: the tag's row is a set of offsets."""
    kind, frequent = _value_row(tag)
    if kind is None or frequent is not None:
        return None
    return list(zip(*_unpacked(positions), strict=True))


def _value_row(tag: str) -> tuple[str | None, int | None]:
    """Of a row of hashed values: their kind, and the hash where it is a row of one alone. Its tag is kind#bucket or
    kind#=hash. Every other tag has a colon after its kind.
    """
    kind, sign, rest = tag.partition("#")
    if not sign or ":" in kind:
        return None, None
    return kind, int(rest[1:], 16) if rest.startswith("=") else None


def _value_rows(level: Level, kind: str, pairs: list[int]) -> Iterator[Row]:
    """pairs in ascending order, each a hash and an offset behind it."""
    bucket_shift = HASH_BITS + OFFSET_BITS - level.bucket_bits
    start = 0
    while start < len(pairs):
        bucket = pairs[start] >> bucket_shift
        end = bisect_left(pairs, (bucket + 1) << bucket_shift, start)
        rare = []
        for hash_, of_value in groupby(pairs[start:end], key=_hash_of):
            found = list(of_value)
            if len(found) < FREQUENT_FROM:
                rare += found
            else:
                offsets = BitMap([pair & OFFSET_MASK for pair in found])
                yield _frequent_row(kind, hash_), offsets.serialize()
        if rare:
            yield level.row(kind, bucket), _packed(rare)
        start = end


def _hash_of(pair: int) -> int:
    return pair >> OFFSET_BITS


def _frequent_row(kind: str, hash_: int) -> str:
    return f"{kind}#={hash_:08x}"


def _packed(pairs: list[int]) -> bytes:
    """All hashes in order, 4 bytes each, then the offset of each, 2 bytes; little-endian."""
    hashes = array("I", [pair >> OFFSET_BITS for pair in pairs])
    offsets = array("H", [pair & OFFSET_MASK for pair in pairs])
    return _little_endian(hashes).tobytes() + _little_endian(offsets).tobytes()


def _unpacked(positions: bytes) -> tuple[Numbers, Numbers]:
    end = len(positions) // 6 * 4
    hashes, offsets = array("I", positions[:end]), array("H", positions[end:])
    return _little_endian(hashes), _little_endian(offsets)


def _little_endian(numbers: Numbers) -> Numbers:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
