"""The newest signed checkpoint of each workspace that is delivered from, ready to be sent along: every receiver is then
a witness, who could show a log that was rewritten.
"""

import base64
from uuid import UUID

import asyncpg

_LATEST = """
SELECT note FROM genjin.signed_checkpoint WHERE workspace_id = $1 ORDER BY size DESC LIMIT 1
"""


class LatestCheckpoints:
    """In memory, so that a delivery costs no query."""

    def __init__(self) -> None:
        self._headers: dict[UUID, str | None] = {}

    async def watch(self, database: asyncpg.Pool, workspace_id: UUID) -> None:
        """From now on this workspace's newest is kept."""
        if workspace_id not in self._headers:
            self._headers[workspace_id] = None
            note = await database.fetchval(_LATEST, workspace_id)
            if note is not None and self._headers.get(workspace_id) is None:
                self._headers[workspace_id] = _header(note)

    def forget(self, workspace_id: UUID) -> None:
        self._headers.pop(workspace_id, None)

    def sealed(self, workspace_id: UUID, note: str) -> None:
        if workspace_id in self._headers:
            self._headers[workspace_id] = _header(note)

    def header(self, workspace_id: UUID) -> str | None:
        """The note in base64, which is one line; None where there is none yet."""
        return self._headers.get(workspace_id)


def _header(note: str) -> str:
    return base64.b64encode(note.encode()).decode()
