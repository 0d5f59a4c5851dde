"""The chain of a log's commits: a commit's hash is over the one before it and the leaf hashes of its events. Pure."""

from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID


def genesis_hash(workspace_id: UUID) -> bytes:
    """What the first commit follows."""
    return sha256(f"genjin.log {workspace_id}".encode()).digest()


def commit_hash(previous: bytes, first: int, last: int, leaf_hashes: Sequence[bytes]) -> bytes:
    """The hash of the commit of the positions first to last."""
    place = first.to_bytes(8, "big") + last.to_bytes(8, "big")
    return sha256(previous + place + b"".join(leaf_hashes)).digest()
