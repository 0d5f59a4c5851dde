"""The Merkle tree of RFC 9162 §2.1, pure: its hashes, and which parts of it a proof is made of.

A node (level, index) is a complete subtree of 2^level leaves, the index-th of its level. Every other part of the tree
that a proof needs is a range of leaves, which is a few nodes side by side.
"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256

HASH_BYTES = 32

Node = tuple[int, int]
Range = tuple[int, int]


def leaf_hash(body: bytes) -> bytes:
    return sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def complete_root(hashes: Sequence[bytes]) -> bytes:
    """The hash above 1, 2, 4, 8 … hashes of equal height."""
    row = hashes
    while len(row) > 1:
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]


def joined(roots: Sequence[bytes]) -> bytes:
    """The hash over complete subtrees side by side, the largest first. None at all: the empty tree."""
    if not roots:
        return sha256(b"").digest()
    root = roots[-1]
    for left in reversed(roots[:-1]):
        root = node_hash(left, root)
    return root


def nodes_of(leaves: Range) -> Iterator[Node]:
    """The complete subtrees that make up a range, the largest first. The range begins where such a subtree may."""
    start, end = leaves
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The ranges whose hashes are the inclusion path of a leaf, from the leaf up (§2.1.3.1)."""
    start, end = 0, size
    path = []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    return path[::-1]


def consistency_ranges(first: int, second: int) -> list[Range]:
    """The ranges whose hashes prove that the tree of size `second` begins with that of size `first`, 0 < first
    (§2.1.4.1).
    """
    start, end = 0, second
    path = []
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    if start > 0:  # the tree of size `first` is no complete subtree: its last part must be told
        path.append((start, end))
    return path[::-1]


def range_hash(leaves: Range, nodes: Mapping[Node, bytes]) -> bytes:
    """The hash of a range from the hashes of its nodes."""
    return joined([nodes[node] for node in nodes_of(leaves)])


def _split(count: int) -> int:
    """The largest power of two below a count of two or more."""
    return 1 << ((count - 1).bit_length() - 1)
