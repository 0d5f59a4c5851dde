"""The log in pages of bounded size, for readers that read all of it and must not crowd out the requests."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from genjin.event import RecordedEvent
from genjin.log.reading import DamagedLogError

PAGE_EVENTS_MAX = 500
# Of the connections for reading, how many may read pages at once.
READS_MAX = 2

# The log after a position up to another one: at most so many events, and no more once they have so many bytes of text.
_PAGE = """
SELECT position, stream, version, type, body, leaf_hash, bytes
  FROM (SELECT page.*, sum(octet_length(body)) OVER (ORDER BY position) AS bytes
          FROM (SELECT position, stream, version, type, body, leaf_hash FROM genjin.event
                 WHERE workspace_id = $1 AND position > $2 AND position <= $3 ORDER BY position LIMIT $4) AS page
       ) AS measured
 WHERE bytes - octet_length(body) < $5 ORDER BY position
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

    async def read(self, workspace_id: UUID, after: int, through: int) -> Page:
        """The next page after a position. Raises DamagedLogError."""
        limits = PAGE_EVENTS_MAX, self.bytes_max
        async with self._turns:
            rows = await self._database.fetch(_PAGE, workspace_id, after, through, *limits)
        for expected, row in enumerate(rows, after + 1):
            if row["position"] != expected:
                raise DamagedLogError(f"there is no event at position {expected}")
        full = len(rows) == PAGE_EVENTS_MAX or bool(rows and rows[-1]["bytes"] >= self.bytes_max)
        return Page([RecordedEvent(*row[:6]) for row in rows], full)
