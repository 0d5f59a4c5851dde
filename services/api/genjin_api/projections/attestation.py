"""State attestation: at which position, under which log, a projection's rows had which content. See content.py.

Whoever has the log up to that position can fold it, and must come to the same hash: the state is that of the history.
"""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from genjin.identifiers import new_id
from genjin.log.reading import Head, Reading, read_head
from genjin_api.projections.content import row_line
from genjin_api.projections.folding import read_heads
from genjin_api.projections.tables import PROJECTIONS, Projection

PAGE_ROWS = 1000

_TEXTS = """
SELECT column_name FROM information_schema.columns
 WHERE table_schema = 'genjin' AND table_name = $1 AND data_type = 'text'
"""

_STORE = """
INSERT INTO genjin.projection_attestation (workspace_id, id, projection, position, commit_hash, row_count, content_hash)
VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING attested_at
"""

# The first signed tree that a position is in.
_SIGNED_TREE = """
SELECT size, root FROM genjin.signed_checkpoint
 WHERE workspace_id = $1 AND size >= $2 ORDER BY size LIMIT 1
"""

# The last attestation of each projection, by name, each with the first signed tree that its position is in.
_LATEST = """
SELECT a.workspace_id, a.projection, a.position, a.commit_hash, a.row_count, a.content_hash, a.attested_at,
       tree.size, tree.root
  FROM unnest($2::text[]) AS asked (projection), LATERAL (
    SELECT * FROM genjin.projection_attestation l
     WHERE l.workspace_id = $1 AND l.projection = asked.projection ORDER BY l.id DESC LIMIT 1
  ) a
  LEFT JOIN LATERAL (
    SELECT s.size, s.root FROM genjin.signed_checkpoint s
     WHERE s.workspace_id = $1 AND s.size >= a.position ORDER BY s.size LIMIT 1
  ) tree ON true
 ORDER BY a.projection
"""


@dataclass(frozen=True, slots=True)
class Attestation:
    workspace_id: UUID
    projection: str
    position: int
    commit_hash: bytes
    row_count: int
    content_hash: bytes
    attested_at: datetime
    tree_size: int | None
    tree_root: bytes | None

    def document(self) -> dict[str, Any]:
        """commit_hash is that of the commit that ends at position; signed_tree null until the sealer has come there."""
        tree = self.tree_root and {"size": self.tree_size, "root": self.tree_root.hex()}
        return {
            "projection": self.projection,
            "position": self.position,
            "commit_hash": self.commit_hash.hex(),
            "signed_tree": tree,
            "rows": self.row_count,
            "content_hash": self.content_hash.hex(),
            "attested_at": self.attested_at,
        }


async def attest(
    connection: asyncpg.Connection, workspace_id: UUID | None = None
) -> AsyncIterator[Attestation]:
    """Attest and store every projection of a workspace, or of all; one snapshot for each workspace.

    The connection is the owner's, and is left reading jsonb as parsed documents.
    """
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=bytes.decode, decoder=orjson.loads
    )
    workspaces = [workspace_id] if workspace_id else list(await read_heads(connection))
    for one in workspaces:
        async with connection.transaction(isolation="repeatable_read"):
            head = await read_head(connection, one)
            if head.position == 0:
                continue
            made = [await _attest(connection, one, head, projection) for projection in PROJECTIONS]
        for attestation in made:
            yield attestation


async def latest_attestations(database: Reading, workspace_id: UUID) -> list[Attestation]:
    rows = await database.fetch(_LATEST, workspace_id, [one.table for one in PROJECTIONS])
    return [Attestation(*row) for row in rows]


async def _attest(
    connection: asyncpg.Connection, workspace_id: UUID, head: Head, projection: Projection
) -> Attestation:
    digest, count = hashlib.sha256(), 0
    order = await _order(connection, projection)
    query = f"SELECT * FROM genjin.{projection.table} WHERE workspace_id = $1 ORDER BY {order}"
    async for row in connection.cursor(query, workspace_id, prefetch=PAGE_ROWS):
        digest.update(row_line(dict(row)))
        count += 1
    said = projection.table, head.position, head.commit_hash, count, digest.digest()
    attested_at = await connection.fetchval(_STORE, workspace_id, new_id(), *said)
    tree = await connection.fetchrow(_SIGNED_TREE, workspace_id, head.position) or (None, None)
    return Attestation(workspace_id, *said, attested_at, *tree)


async def _order(connection: asyncpg.Connection, projection: Projection) -> str:
    """The primary key, texts by code point whatever the database's collation."""
    texts = {row[0] for row in await connection.fetch(_TEXTS, projection.table)}
    return ", ".join(f'{name} COLLATE "C"' if name in texts else name for name in projection.key)
