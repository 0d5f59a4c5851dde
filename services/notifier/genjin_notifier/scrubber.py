"""Reads every log again, bit by bit and for ever, and checks what is stored: a body that was changed long after it was
sealed, or a column beside it, is found although nobody asks for it.

It changes nothing and halts nothing. The signed tree was made of the bytes as they were, so to go on sealing and
delivering new events signs no untruth; to stop would leave them without evidence. Who is told is the operator.
"""

import asyncio
from random import randint, shuffle
from time import monotonic
from uuid import UUID

import asyncpg
import structlog

from genjin.log.chain import genesis_hash
from genjin.log.reading import DamagedLogError
from genjin.postgres import DATABASE_ERRORS
from genjin.settings import NotifierSettings
from genjin_notifier.stored_log import LOGGED, read_stretch

# Short logs are not read over and over.
PASS_SECONDS_MIN = 600.0
# What a look at a log costs at the least, however few events it finds there: many short logs need pauses too.
LOOK_COSTS_EVENTS = 50

# Every log.
_LOGS = f"""
WITH RECURSIVE {LOGGED}
SELECT workspace_id FROM logged WHERE workspace_id IS NOT NULL
"""

_END = "SELECT max(last_position) FROM genjin.commit WHERE workspace_id = $1"

# The commit in which a position is, or the next one.
_COMMIT = """
SELECT last_position, hash FROM genjin.commit
 WHERE workspace_id = $1 AND last_position >= $2 ORDER BY last_position LIMIT 1
"""

# What cannot be read is as much a finding as what was changed: a page with a wrong checksum, bytes that are no text, a
# number that is no position.
DAMAGE = (DamagedLogError, asyncpg.DataCorruptedError, UnicodeDecodeError, OverflowError)

Place = tuple[int, bytes]  # a commit's last position and its hash

_log = structlog.get_logger(__name__)


class Scrubber:
    """Runs until it is cancelled; no fault of a log or of the database ends it. A finding is said once in each pass.

    It keeps no place over a restart: each pass takes the logs in another order, and each log from a place by chance to
    its end and then from its start. So also a process that never lives through a whole pass reads everything in time.
    """

    def __init__(self, settings: NotifierSettings, database: asyncpg.Pool) -> None:
        self._events_max = settings.scrub_events_max
        self._pause_seconds = settings.scrub_pause_seconds
        self._database = database
        self._since_pause = 0

    async def run(self) -> None:
        while True:
            next_pass = monotonic() + PASS_SECONDS_MIN
            await asyncio.sleep(self._pause_seconds)
            try:
                await self._scrub_all()
            except DATABASE_ERRORS as error:  # whether the database is lost, the lock will say
                _log.warning("scrub_ended", reason=f"{type(error).__name__}: {error}")
            await asyncio.sleep(max(0.0, next_pass - monotonic()))

    async def _scrub_all(self) -> None:
        logs = [row["workspace_id"] for row in await self._database.fetch(_LOGS)]
        shuffle(logs)
        for workspace_id in logs:
            try:
                await self.scrub(workspace_id)
            except DATABASE_ERRORS:
                raise
            except Exception:
                _log.exception("log_not_scrubbed", workspace_id=str(workspace_id))
        _log.info("logs_scrubbed", logs=len(logs))

    async def scrub(self, workspace_id: UUID) -> None:
        """One log, as long as it is now, in stretches of about scrub_events_max events with pauses between them."""
        end = await self._database.fetchval(_END, workspace_id)
        if end is not None:
            start = await self._commit_at(workspace_id, randint(1, end))
            await self._read(workspace_id, start, end)
            await self._read(workspace_id, (0, genesis_hash(workspace_id)), start[0])

    async def _read(self, workspace_id: UUID, place: Place, end: int) -> None:
        """What is after a place, until end is reached. Behind a damaged stretch it goes on."""
        while place[0] < end:
            after = place[0]
            try:
                place = await self._read_stretch(workspace_id, place)
            except DAMAGE as error:
                reason = f"{type(error).__name__}: {error}"
                name = str(workspace_id)
                _log.error("log_damaged", workspace_id=name, after_position=after, reason=reason)
                place = await self._commit_at(workspace_id, min(after + self._events_max, end))
            await self._pause(place[0] - after)

    async def _read_stretch(self, workspace_id: UUID, place: Place) -> Place:
        found = await read_stretch(self._database, workspace_id, *place, self._events_max)
        if found is None:
            raise DamagedLogError(f"position {place[0] + 1}: there is no commit")
        return found.last_position, found.commit_hash

    async def _commit_at(self, workspace_id: UUID, position: int) -> Place:
        row = await self._database.fetchrow(_COMMIT, workspace_id, position)
        return (position, b"") if row is None else (row["last_position"], row["hash"])

    async def _pause(self, events: int) -> None:
        self._since_pause += max(LOOK_COSTS_EVENTS, events)
        if self._since_pause >= self._events_max:
            self._since_pause = 0
            await asyncio.sleep(self._pause_seconds)
