"""Looks whether the logs whose states are kept in memory are still those that they were folded from.

A log that was cut off and grew again, as on a standby that took over without the newest events, has other events at the
versions that were folded: decisions on what is kept would rest on what never was. What is kept of it is forgotten.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from itertools import islice
from uuid import UUID

import asyncpg
import structlog

from genjin.log.reading import Head
from genjin.postgres import DATABASE_ERRORS

LOOK_SECONDS = 1.0
LOGS_AT_ONCE_MAX = 500

# Where logs end now, and whether each still has the commit that was its end at the last look. Null: there was none.
_LOOK = """
SELECT asked.workspace_id, head.last_position, head.hash,
       asked.position IS NULL OR EXISTS (
           SELECT FROM genjin.commit c
            WHERE c.workspace_id = asked.workspace_id AND c.last_position = asked.position AND c.hash = asked.hash
       ) AS same
  FROM unnest($1::uuid[], $2::bigint[], $3::bytea[]) AS asked (workspace_id, position, hash)
  LEFT JOIN LATERAL (SELECT c.last_position, c.hash FROM genjin.commit c
                      WHERE c.workspace_id = asked.workspace_id ORDER BY c.last_position DESC LIMIT 1) head ON true
"""

_log = structlog.get_logger(__name__)


class ForkWatch:
    """kept tells of which workspaces something is kept; forget lets go of what is kept of one."""

    def __init__(
        self,
        database: asyncpg.Pool,
        kept: Callable[[], set[UUID]],
        forget: Callable[[UUID], Awaitable[None]],
    ) -> None:
        self._database = database
        self._kept = kept
        self._forget = forget
        self._ends: dict[UUID, Head] = {}

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            try:
                await self.look()
            except DATABASE_ERRORS as error:
                _log.warning("fork_watch_waits", reason=repr(error)[:300])
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """At every log of which something is kept."""
        kept = self._kept()
        self._ends = {id_: end for id_, end in self._ends.items() if id_ in kept}
        waiting = iter(kept)
        while part := list(islice(waiting, LOGS_AT_ONCE_MAX)):
            await self._look_at(part)

    async def _look_at(self, workspaces: Sequence[UUID]) -> None:
        ends = [self._ends.get(id_) for id_ in workspaces]
        positions = [end and end.position for end in ends]
        hashes = [end and end.commit_hash for end in ends]
        rows = await self._database.fetch(_LOOK, workspaces, positions, hashes)
        for workspace_id, position, hash_, same in rows:
            if not same:
                _log.error("log_forked", workspace_id=str(workspace_id))
                await self._forget(workspace_id)
            if position is None:
                self._ends.pop(workspace_id, None)
            else:
                self._ends[workspace_id] = Head(position, hash_)
