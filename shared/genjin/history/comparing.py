"""Two versions of a block's rows held against each other: what its events come to, and what is stored. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from pyroaring import BitMap

from genjin.history.postings import MALFORMED, Row, pairs_of_row, positions_of


@dataclass(frozen=True, slots=True)
class RowDifference:
    """offset is the first in the block that the stored row of this tag does not lead to although it should (missing),
    or leads to although it should not (added); None: the row is not in the form that readers search.
    """

    tag: str
    offset: int | None
    kind: Literal["missing", "added", "malformed"]


def first_difference(wanted: Iterable[Row], stored: Mapping[str, bytes]) -> RowDifference | None:
    """In the order of the tags. Sets of positions may be stored in another form than they are made in."""
    told = dict(wanted)
    for tag in sorted(told.keys() | stored.keys()):
        ours, theirs = told.get(tag), stored.get(tag)
        if ours != theirs and (found := _in_row(tag, ours, theirs)):
            return found
    return None


def _in_row(tag: str, wanted: bytes | None, stored: bytes | None) -> RowDifference | None:
    try:
        if (pairs := pairs_of_row(tag, wanted or b"")) is None:
            ours, theirs = _set(wanted), _set(stored)
            return None if ours and ours == theirs else _told(tag, ours - theirs, theirs - ours)
        told = pairs_of_row(tag, stored or b"") or []
    except MALFORMED:
        return RowDifference(tag, None, "malformed")
    missing, added = set(pairs).difference(told), set(told).difference(pairs)
    return _told(tag, _offsets(missing), _offsets(added))


def _set(row: bytes | None) -> BitMap:
    return BitMap() if row is None else positions_of(row)


def _offsets(pairs: Iterable[tuple[int, int]]) -> BitMap:
    return BitMap([offset for _, offset in pairs])


def _told(tag: str, missing: BitMap, added: BitMap) -> RowDifference:
    if not missing and not added:
        return RowDifference(tag, None, "malformed")
    offset = (missing | added).min()
    return RowDifference(tag, offset, "missing" if offset in missing else "added")
