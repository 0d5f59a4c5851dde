"""The audit index's reader: writes it behind the write path, one task for all workspaces.

It is never waited for: what it has not come to is read from the log by whoever asks.
"""

import asyncio
from functools import partial
from uuid import UUID

import asyncpg
import structlog

from genjin.event_index.checking import Difference, difference_of_bounds
from genjin.event_index.halting import halt_where
from genjin.event_index.writing import OvertakenError, UnsoundIndexError, index_block
from genjin.history.postings import SMALL
from genjin.postgres import DATABASE_ERRORS

POLL_SECONDS = 1.0
# Between blocks and between the parts of one, so that deliveries come first while a long log is indexed.
PAUSE_SECONDS = 0.02
RETRY_SECONDS = 5.0
# After which a workspace whose index could not go on is tried again: its log may have been mended.
STOPPED_SECONDS = 600.0

# Workspaces whose log has a full block that is not indexed, and whose index is not halted.
_BEHIND = """
SELECT w.workspace_id
  FROM genjin.workspace w
  LEFT JOIN genjin.event_tag_reader r USING (workspace_id)
 WHERE (SELECT c.last_position FROM genjin.commit c
         WHERE c.workspace_id = w.workspace_id ORDER BY c.last_position DESC LIMIT 1)
       >= coalesce(r.position, 0) + $1
   AND NOT EXISTS (SELECT FROM genjin.event_tag_halt h WHERE h.workspace_id = w.workspace_id)
"""

_log = structlog.get_logger(__name__)


class EventIndex:
    """Runs until it is cancelled. A workspace whose index cannot go on is left alone: one that is halted until it is
    built anew, one with another fault for some minutes.
    """

    def __init__(self, database: asyncpg.Pool) -> None:
        self._database = database
        # Until when, by the event loop's clock.
        self._stopped: dict[UUID, float] = {}

    async def run(self) -> None:
        while True:
            wait = POLL_SECONDS
            try:
                for row in await self._database.fetch(_BEHIND, SMALL.positions):
                    if not self._is_stopped(row["workspace_id"]):
                        await self._index(row["workspace_id"])
                        wait = PAUSE_SECONDS
            except DATABASE_ERRORS as error:  # whether the database is lost, the lock will say
                _log.warning("event_index_waits", reason=str(error))
                wait = RETRY_SECONDS
            await asyncio.sleep(wait)

    async def _index(self, workspace_id: UUID) -> None:
        """One block, so that every workspace gets its turn."""
        name = str(workspace_id)
        try:
            await index_block(self._database, workspace_id, PAUSE_SECONDS)
        except OvertakenError:
            _log.info("event_index_overtaken", workspace_id=name)
        except DATABASE_ERRORS:
            raise
        except UnsoundIndexError as error:
            await self._halt(workspace_id, error)
        except Exception:
            self._stopped[workspace_id] = asyncio.get_running_loop().time() + STOPPED_SECONDS
            _log.exception("event_index_failed", workspace_id=name)

    def _is_stopped(self, workspace_id: UUID) -> bool:
        until = self._stopped.get(workspace_id)
        if until is not None and asyncio.get_running_loop().time() >= until:
            del self._stopped[workspace_id]
            return False
        return until is not None

    async def _halt(self, workspace_id: UUID, error: UnsoundIndexError) -> None:
        look = partial(difference_of_bounds, workspace_id=workspace_id)
        found = await halt_where(self._database, workspace_id, look)
        if found is None:
            _log.warning("event_index_waits", workspace_id=str(workspace_id), reason=str(error))
        else:
            tell_halt(workspace_id, found)


def tell_halt(workspace_id: UUID, found: Difference) -> None:
    name = str(workspace_id)
    _log.error(
        "event_index_halted",
        workspace_id=name,
        tag=found.tag,
        position=found.position,
        trusted_position=found.trusted_position,
        reason=found.reason,
        remedy=f"genjin-api index rebuild --workspace {name}",
    )
