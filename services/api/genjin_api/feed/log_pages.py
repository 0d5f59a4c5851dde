"""The log in pages of bounded size, for readers that read all of it and must not crowd out the requests."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from genjin.event import RecordedEvent
from genjin.log.checking import EXPECTED_TEXT, check_events
from genjin.log.reading import DamagedLogError, ForkedLogError
from genjin_api.history.places import Place

PAGE_EVENTS_MAX = 500
# Of the connections for reading, how many may read pages at once.
READS_MAX = 2

# The log after a position up to another one: at most so many events, and no more once they have so many bytes of text.
# Before them the hash of the event at the position itself, so that both are of one and the same log.
_PAGE = f"""
SELECT position, '' AS stream, 0 AS version, '' AS type, '' AS body, leaf_hash,
       '' AS beginning, '' AS role, '' AS correlation, '' AS ending, 0 AS bytes FROM genjin.event
 WHERE workspace_id = $1 AND position = $2
UNION ALL
SELECT *
  FROM (SELECT page.*, sum(octet_length(body)) OVER (ORDER BY position) AS bytes
          FROM (SELECT position, stream, version, type, body, leaf_hash, {EXPECTED_TEXT} FROM genjin.event
                 WHERE workspace_id = $1 AND position > $2 AND position <= $3 ORDER BY position LIMIT $4) AS page
       ) AS measured
 WHERE bytes - octet_length(body) < $5
 ORDER BY position
"""


@dataclass(frozen=True, slots=True)
class Page:
    """Events in order; more: it is full, so that others may follow. A page with an event has room for one at least."""

    events: list[RecordedEvent]
    more: bool


class LogPages:
    """bytes_max is how much text a page holds before it is full; its last event may go beyond."""

    def __init__(self, database: asyncpg.Pool, bytes_max: int) -> None:
        self.bytes_max = bytes_max
        self._database = database
        self._turns = asyncio.Semaphore(READS_MAX)

    async def read(self, workspace_id: UUID, after: Place, through: int) -> Page:
        """The next page after a place, its events found to be what was hashed. Raises ForkedLogError where the log does
        not have the place, DamagedLogError.
        """
        limits = PAGE_EVENTS_MAX, self.bytes_max
        async with self._turns:
            rows = await self._database.fetch(_PAGE, workspace_id, after.position, through, *limits)
        if after.position > 0:
            if not rows or rows[0]["position"] != after.position or not after.fits(rows[0][5]):
                raise ForkedLogError(after.position)
            del rows[0]
        for expected, row in enumerate(rows, after.position + 1):
            if row["position"] != expected:
                raise DamagedLogError(f"position {expected}: there is no event")
        await check_events(self._database, workspace_id, rows)
        full = len(rows) == PAGE_EVENTS_MAX or bool(rows and rows[-1]["bytes"] >= self.bytes_max)
        return Page([RecordedEvent(*row[:6]) for row in rows], full)
