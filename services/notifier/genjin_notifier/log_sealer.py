"""Seals one workspace's log: grows its Merkle tree by the newest commits and signs a checkpoint of it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import asyncpg

from genjin.evidence.edge import Edge, Tile, edge_rows
from genjin.evidence.note import (
    ROTATION_REQUESTED,
    Checkpoint,
    SigningKey,
    origin_of,
    sign,
    signed_by,
)
from genjin.evidence.tiles import MissingNodeError, read_roots
from genjin.evidence.verify import BadEvidence, parse_note
from genjin.log.chain import genesis_hash
from genjin.log.reading import DamagedLogError
from genjin_notifier.log_keys import add_key, destroy_secret, newest_key
from genjin_notifier.stored_log import Stretch, read_leaves, read_stretch

EVENTS_MAX = 2000

_LATEST = """
SELECT c.size, c.root, c.commit_hash, c.note, k.name, k.public_key
  FROM genjin.signed_checkpoint c
  LEFT JOIN genjin.log_key k ON k.workspace_id = c.workspace_id AND k.number = c.key_number
 WHERE c.workspace_id = $1 ORDER BY c.size DESC LIMIT 1
"""

_ADD_TILES = """
INSERT INTO genjin.evidence_tile (workspace_id, level, index, root, hashes)
SELECT $1, * FROM unnest($2::smallint[], $3::bigint[], $4::bytea[], $5::bytea[])
"""

_ADD_CHECKPOINT = """
INSERT INTO genjin.signed_checkpoint (workspace_id, size, root, commit_hash, key_number, sealed_at, note)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A checkpoint that is durable. more: events behind it wait."""

    size: int
    note: str
    more: bool


class LogSealer:
    """Keeps the tree's right edge between calls. After an error it is of no use any more: begin again with open()."""

    def __init__(self, database: asyncpg.Pool, workspace_id: UUID, secret_key: bytes) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._secret_key = secret_key
        self._edge = Edge()
        self._commit_hash = genesis_hash(workspace_id)

    async def open(self) -> None:
        """Where the last checkpoint left off, which must be signed and fit the log. Raises DamagedLogError."""
        row = await self._database.fetchrow(_LATEST, self._workspace_id)
        if row is None:
            return
        _check_signed(row)
        self._commit_hash = row["commit_hash"]
        self._edge = await self._read_edge(row["size"])
        if self._edge.root() != row["root"]:
            raise DamagedLogError(f"position {row['size']}: the tree up to here is not the sealed")

    async def _read_edge(self, size: int) -> Edge:
        """Leaf hashes from the events' bytes, what is above them from the tiles."""
        rows: list[list[bytes]] = []
        for level, (first, end) in enumerate(edge_rows(size)):
            if level == 0:
                rows.append(await read_leaves(self._database, self._workspace_id, first, end))
                continue
            try:
                place = self._workspace_id, level - 1, first, end
                rows.append(await read_roots(self._database, *place))
            except MissingNodeError as error:
                raise DamagedLogError(f"position {size}: {error}") from error
        return Edge.of_rows(size, rows)

    async def seal(self, origin: str) -> Sealed | None:
        """The next checkpoint, over about EVENTS_MAX more events; None when nothing is new. origin is the first part of
        the log's name, should it have none yet. Raises DamagedLogError, WrongKeyError.
        """
        place = self._edge.size, self._commit_hash
        stretch = await read_stretch(self._database, self._workspace_id, *place, EVENTS_MAX)
        if stretch is None:
            return None
        tiles = self._edge.add(stretch.leaf_hashes)
        self._commit_hash = stretch.commit_hash
        async with self._database.acquire() as connection, connection.transaction():
            key = await newest_key(connection, self._workspace_id, self._secret_key)
            if key is None:
                key = SigningKey.generate(1, origin_of(origin, self._workspace_id))
                await self._add_key(connection, key, 0, datetime.now(UTC), None)
            note = await self._sign(connection, key, stretch)
            await self._add_tiles(connection, tiles)
        return Sealed(self._edge.size, note, stretch.more)

    async def _sign(
        self, connection: asyncpg.pool.PoolConnectionProxy, key: SigningKey, stretch: Stretch
    ) -> str:
        """Where a new key was asked for, the one in use names it, both sign, and the old private half is destroyed."""
        heir = None
        if ROTATION_REQUESTED in stretch.event_types:
            heir = SigningKey.generate(key.number + 1, key.name)
        checkpoint = Checkpoint(
            origin=key.name,
            size=self._edge.size,
            root=self._edge.root(),
            commit_hash=stretch.commit_hash,
            sealed_at=datetime.now(UTC),
            next_key=heir.verifier_key if heir else None,
        )
        note = sign(checkpoint, [key, heir] if heir else [key])
        if heir is not None:
            await self._add_key(connection, heir, checkpoint.size, checkpoint.sealed_at, note)
            await destroy_secret(connection, self._workspace_id, key.number)
        await connection.execute(
            _ADD_CHECKPOINT,
            self._workspace_id,
            checkpoint.size,
            checkpoint.root,
            checkpoint.commit_hash,
            key.number,
            checkpoint.sealed_at,
            note,
        )
        return note

    async def _add_key(
        self,
        connection: asyncpg.pool.PoolConnectionProxy,
        key: SigningKey,
        from_size: int,
        created_at: datetime,
        note: str | None,
    ) -> None:
        await add_key(
            connection,
            self._workspace_id,
            self._secret_key,
            key,
            from_size=from_size,
            created_at=created_at,
            note=note,
        )

    async def _add_tiles(
        self, connection: asyncpg.pool.PoolConnectionProxy, tiles: list[Tile]
    ) -> None:
        if tiles:
            columns = zip(
                *((tile.level, tile.index, tile.root, tile.hashes) for tile in tiles), strict=True
            )
            await connection.execute(_ADD_TILES, self._workspace_id, *map(list, columns))


def _check_signed(row: asyncpg.Record) -> None:
    """The columns say what the note says, and the note is signed by the key of its number."""
    size = row["size"]
    try:
        note = parse_note(row["note"])
    except BadEvidence as error:
        raise DamagedLogError(f"position {size}: {error}") from error
    said = note.size, note.root, note.extensions.get("commit")
    if said != (size, row["root"], row["commit_hash"].hex()):
        raise DamagedLogError(
            f"position {size}: the checkpoint's columns are not those of its note"
        )
    if row["name"] is None or not signed_by(note, row["name"], row["public_key"]):
        raise DamagedLogError(f"position {size}: the checkpoint is not signed by its key")
