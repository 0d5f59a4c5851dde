"""Seals the logs of all workspaces, behind the write path: about one checkpoint a second for each while events come.

It runs in the term beside the dispatchers. Whatever goes wrong with one workspace is logged and costs neither the
others nor the deliveries anything; that workspace's log stays unsealed until it can be sealed again.
"""

import asyncio
from collections import OrderedDict
from time import monotonic
from uuid import UUID

import asyncpg
import structlog

from genjin.log.reading import DamagedLogError
from genjin.settings import NotifierSettings
from genjin_notifier.latest_checkpoints import LatestCheckpoints
from genjin_notifier.log_sealer import LogSealer
from genjin_notifier.stored_log import LOGGED

SCAN_SECONDS = 10.0
LOGS_KNOWN_MAX = 1000

# Every log whose end is not its last checkpoint's: new events, or a log that was cut off or forked.
_UNSEALED = f"""
WITH RECURSIVE {LOGGED}, sealed AS (
    (SELECT workspace_id FROM genjin.signed_checkpoint ORDER BY workspace_id LIMIT 1)
    UNION ALL
    SELECT (SELECT c.workspace_id FROM genjin.signed_checkpoint c WHERE c.workspace_id > s.workspace_id
             ORDER BY c.workspace_id LIMIT 1)
      FROM sealed s WHERE s.workspace_id IS NOT NULL
), known AS (
    SELECT workspace_id FROM logged UNION SELECT workspace_id FROM sealed
)
SELECT k.workspace_id FROM known k
  LEFT JOIN LATERAL (SELECT c.last_position, c.hash FROM genjin.commit c
                      WHERE c.workspace_id = k.workspace_id ORDER BY c.last_position DESC LIMIT 1) head ON true
  LEFT JOIN LATERAL (SELECT s.size, s.commit_hash FROM genjin.signed_checkpoint s
                      WHERE s.workspace_id = k.workspace_id ORDER BY s.size DESC LIMIT 1) latest ON true
 WHERE k.workspace_id IS NOT NULL
   AND (head.last_position, head.hash) IS DISTINCT FROM (latest.size, latest.commit_hash)
"""

_log = structlog.get_logger(__name__)


class Sealer:
    """Runs until it is cancelled; no fault of a log or of the database ends it."""

    def __init__(
        self, settings: NotifierSettings, database: asyncpg.Pool, latest: LatestCheckpoints
    ) -> None:
        self._settings = settings
        self._database = database
        self._latest = latest
        self._logs: OrderedDict[UUID, LogSealer] = OrderedDict()
        self._waiting: set[UUID] = set()
        self._behind: set[UUID] = set()
        self._complaints: dict[UUID, str] = {}

    def wake(self, workspace_id: UUID) -> None:
        """The log has new events."""
        self._waiting.add(workspace_id)

    async def run(self) -> None:
        next_scan = next_turn = 0.0
        while True:
            due, self._behind = self._behind, set()
            if monotonic() >= next_scan:
                next_scan = monotonic() + SCAN_SECONDS
                await self._scan()
            if monotonic() >= next_turn:
                next_turn = monotonic() + self._settings.seal_seconds
                due, self._waiting = due | self._waiting, set()
            for workspace_id in due:
                await self.seal(workspace_id)
            if not self._behind:
                await asyncio.sleep(max(0.0, next_turn - monotonic()))

    async def _scan(self) -> None:
        """The backstop for a wake-up that was lost, and a second look at what could not be sealed."""
        try:
            self._waiting |= {row["workspace_id"] for row in await self._database.fetch(_UNSEALED)}
        except Exception as error:  # if the database is gone, its other users say so
            _log.warning("seal_scan_failed", reason=f"{type(error).__name__}: {error}")

    async def seal(self, workspace_id: UUID) -> None:
        """One checkpoint, if there is something new."""
        log = self._logs.pop(workspace_id, None)
        try:
            if log is None:
                log = LogSealer(self._database, workspace_id, self._settings.secret_key_bytes)
                await log.open()
            sealed = await log.seal(self._settings.log_origin)
        except Exception as error:
            self._complain(workspace_id, error)
            return
        self._complaints.pop(workspace_id, None)
        self._logs[workspace_id] = log
        if len(self._logs) > LOGS_KNOWN_MAX:
            self._logs.popitem(last=False)
        if sealed is not None:
            self._latest.sealed(workspace_id, sealed.note)
            if sealed.more:
                self._behind.add(workspace_id)

    def _complain(self, workspace_id: UUID, error: Exception) -> None:
        """Once per log and reason, for the scan will bring it here again and again."""
        reason = f"{type(error).__name__}: {error}"
        if self._complaints.get(workspace_id) == reason:
            return
        self._complaints[workspace_id] = reason
        say = _log.error if isinstance(error, DamagedLogError) else _log.warning
        say("log_not_sealed", workspace_id=str(workspace_id), reason=reason)
