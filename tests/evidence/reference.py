"""RFC 9162 §2.1 as it is written there: recursive, on the whole list. Slow and plain, to compare with."""

from hashlib import sha256


def split(count: int) -> int:
    k = 1
    while k * 2 < count:
        k *= 2
    return k


def tree_hash(leaves: list[bytes]) -> bytes:
    """MTH, of leaf hashes."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return sha256(b"\x01" + tree_hash(leaves[:k]) + tree_hash(leaves[k:])).digest()


def path(index: int, leaves: list[bytes]) -> list[bytes]:
    """PATH."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return [*path(index, leaves[:k]), tree_hash(leaves[k:])]
    return [*path(index - k, leaves[k:]), tree_hash(leaves[:k])]


def proof(first: int, leaves: list[bytes]) -> list[bytes]:
    """PROOF."""
    return subproof(first, leaves, True)


def subproof(first: int, leaves: list[bytes], known: bool) -> list[bytes]:
    if first == len(leaves):
        return [] if known else [tree_hash(leaves)]
    k = split(len(leaves))
    if first <= k:
        return [*subproof(first, leaves[:k], known), tree_hash(leaves[k:])]
    return [*subproof(first - k, leaves[k:], False), tree_hash(leaves[:k])]
