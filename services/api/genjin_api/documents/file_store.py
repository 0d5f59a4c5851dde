"""The files of workspaces: what they are, and where their content is, each once in a workspace by its hash."""

import asyncio
import hashlib
from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

import asyncpg

from genjin_api.documents.decider import StoredFile
from genjin_api.http.streams import Streams

# One content is one file, whoever brings it, and however often.
_KEEP = """
INSERT INTO genjin.file (workspace_id, sha256, media_type, size)
VALUES ($1, $2, $3, $4) ON CONFLICT (workspace_id, sha256) DO NOTHING
"""

_FIND = "SELECT size, media_type FROM genjin.file WHERE workspace_id = $1 AND sha256 = $2"

_KEEP_CONTENT = """
INSERT INTO genjin.file_content (workspace_id, sha256, content)
VALUES ($1, $2, $3) ON CONFLICT (workspace_id, sha256) DO NOTHING
"""

_CONTENT = "SELECT content FROM genjin.file_content WHERE workspace_id = $1 AND sha256 = $2"


class ContentStore(Protocol):
    """Keeps bytes by their hash. To keep again what is there changes nothing."""

    async def put(self, workspace_id: UUID, sha256: bytes, content: bytes) -> None: ...

    async def get(self, workspace_id: UUID, sha256: bytes, size: int) -> bytes | None:
        """None where it is not here. size is what the content should have; a longer one may be cut off behind it."""


class FileDamagedError(Exception):
    """What is kept under a hash has another one."""


class PostgresContent:
    """Content in a table."""

    def __init__(self, database: asyncpg.Pool) -> None:
        self._database = database

    async def put(self, workspace_id: UUID, sha256: bytes, content: bytes) -> None:
        await self._database.execute(_KEEP_CONTENT, workspace_id, sha256, content)

    async def get(self, workspace_id: UUID, sha256: bytes, size: int) -> bytes | None:
        content: bytes | None = await self._database.fetchval(_CONTENT, workspace_id, sha256)
        return content


class FileStore:
    """New content goes to the first of the stores; what was kept before may be in any. transfers are the uploads and
    downloads under way: each holds a whole file in memory.
    """

    def __init__(
        self, database: asyncpg.Pool, stores: Sequence[ContentStore], transfers_max: int
    ) -> None:
        self._database = database
        self._stores = stores
        self.transfers = Streams(transfers_max, max(1, transfers_max // 2))

    async def keep(self, workspace_id: UUID, content: bytes, media_type: str) -> StoredFile:
        """As it is known: where the content came before, with the media type of its first upload."""
        digest = await _digest(content)
        await self._stores[0].put(workspace_id, digest, content)
        await self._database.execute(_KEEP, workspace_id, digest, media_type, len(content))
        kept = await self.find(workspace_id, digest.hex())
        assert kept is not None, "the row is there before it is looked for"
        return kept

    async def find(self, workspace_id: UUID, sha256: str) -> StoredFile | None:
        row = await self._database.fetchrow(_FIND, workspace_id, bytes.fromhex(sha256))
        return StoredFile(sha256, row["size"], row["media_type"]) if row else None

    async def read(self, workspace_id: UUID, sha256: str, size: int) -> bytes | None:
        """The content, or None where it is not here; FileDamagedError where it is not what it was."""
        digest = bytes.fromhex(sha256)
        for store in self._stores:
            content = await store.get(workspace_id, digest, size)
            if content is not None:
                if await _digest(content) != digest:
                    raise FileDamagedError(sha256)
                return content
        return None


async def _digest(content: bytes) -> bytes:
    """In a thread: of ten megabytes it takes as long as many answers."""
    return await asyncio.to_thread(lambda: hashlib.sha256(content).digest())
