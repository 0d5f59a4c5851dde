"""Evidence as the sealer stored it: checkpoints, keys, proofs made of the tree's tiles."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from genjin.evidence.proofs import consistency_path, inclusion_path, tree_root
from genjin.evidence.tiles import MissingNodeError
from genjin.evidence.verify import (
    BadEvidence,
    consistency_roots,
    inclusion_root,
    parse_note,
    verifier_key,
)
from genjin_api.evidence.state import evolve
from genjin_api.streams import StreamKind

LOG_KEY = StreamKind(
    noun="log_key",
    evolve=evolve,
    rows=lambda _before, _after: {},
    version=lambda rotations: rotations.version,
)

_COLUMNS = "size, root, commit_hash, key_number, sealed_at, note"

# Checkpoints, the newest first, below the size $2.
CHECKPOINTS = f"""
SELECT {_COLUMNS} FROM genjin.signed_checkpoint
 WHERE workspace_id = $1 AND ($2::bigint IS NULL OR size < $2) ORDER BY size DESC LIMIT $3
"""

LATEST = f"SELECT {_COLUMNS} FROM genjin.signed_checkpoint WHERE workspace_id = $1 ORDER BY size DESC LIMIT 1"

# The notes of checkpoints at just these sizes.
_NOTES = "SELECT size, note FROM genjin.signed_checkpoint WHERE workspace_id = $1 AND size = ANY ($2::bigint[])"

# Keys in the order of their numbers, after $2. A key stands until the next one does.
KEYS = """
SELECT number, name, public_key, created_at, from_size, lead(from_size) OVER (ORDER BY number) AS until_size, note
  FROM genjin.log_key WHERE workspace_id = $1 AND number > $2 ORDER BY number LIMIT $3
"""

# Where an event stands, by its position or its id, and its leaf hash.
EVENT_AT = """
SELECT position, leaf_hash FROM genjin.event WHERE workspace_id = $1 AND position = $2
"""

EVENT_BY_ID = """
SELECT position, leaf_hash FROM genjin.event WHERE workspace_id = $1 AND id = $2
"""


class LogDamagedError(Exception):
    """What is stored no longer fits the checkpoints that were signed: no proof of it can be given."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A workspace's tree as it was when its log had this size, with the checkpoint, if one was signed then."""

    size: int
    root: bytes
    note: str | None


def checkpoint_document(row: asyncpg.Record) -> dict[str, Any]:
    return {
        "size": row["size"],
        "root": row["root"].hex(),
        "commit_hash": row["commit_hash"].hex(),
        "key_number": row["key_number"],
        "sealed_at": row["sealed_at"],
        "note": row["note"],
    }


def key_document(row: asyncpg.Record) -> dict[str, Any]:
    return {
        "number": row["number"],
        "verifier_key": verifier_key(row["name"], row["public_key"]),
        "from_size": row["from_size"],
        "until_size": row["until_size"],
        "created_at": row["created_at"],
        "checkpoint": row["note"],
    }


async def inclusion(
    database: asyncpg.Pool, workspace_id: UUID, event: asyncpg.Record, size: int
) -> dict[str, Any]:
    """The proof that the event is in the tree of this size, which it is not larger than. Raises LogDamagedError."""
    position, leaf = event["position"], event["leaf_hash"]
    try:
        [tree] = await _trees(database, workspace_id, size)
        path = await inclusion_path(database, workspace_id, position, size)
        if inclusion_root(position - 1, size, leaf, path) != tree.root:
            raise LogDamagedError(f"the event at {position} is not the one that was sealed")
    except (MissingNodeError, BadEvidence) as error:
        raise LogDamagedError(str(error)) from error
    return {
        "position": position,
        "leaf_index": position - 1,
        "leaf_hash": leaf.hex(),
        "size": size,
        "root": tree.root.hex(),
        "path": [each.hex() for each in path],
        "checkpoint": tree.note,
    }


async def consistency(
    database: asyncpg.Pool, workspace_id: UUID, first: int, second: int
) -> dict[str, Any]:
    """The proof that the tree of size second begins with that of size first. Raises LogDamagedError."""
    try:
        sizes = (first, second) if first < second else (second,)
        trees = await _trees(database, workspace_id, *sizes)
        old, new = trees[0], trees[-1]
        path = await consistency_path(database, workspace_id, first, second)
        if consistency_roots(first, second, old.root, path) != (old.root, new.root):
            raise LogDamagedError(f"the tree of size {second} does not begin with that of {first}")
    except (MissingNodeError, BadEvidence) as error:
        raise LogDamagedError(str(error)) from error
    return {
        "from": first,
        "to": second,
        "from_root": old.root.hex(),
        "to_root": new.root.hex(),
        "path": [each.hex() for each in path],
        "from_checkpoint": old.note,
        "to_checkpoint": new.note,
    }


async def _trees(database: asyncpg.Pool, workspace_id: UUID, *sizes: int) -> list[Tree]:
    """With the roots that the stored tiles come to, which must be those that were signed, where one was."""
    notes = {row["size"]: row for row in await database.fetch(_NOTES, workspace_id, list(sizes))}
    trees = []
    for size in sizes:
        root = await tree_root(database, workspace_id, size)
        signed = notes.get(size)
        if signed is not None and parse_note(signed["note"]).root != root:
            raise LogDamagedError(f"the tree of size {size} is not the one that was signed")
        trees.append(Tree(size, root, signed["note"] if signed else None))
    return trees
