"""Places in a log that readers keep and come back with: a position, and the hash of the event that stood there.

A position alone says nothing of the log: after a restore from a backup other events may stand at it, and who goes on
from there has skipped them. So every id and cursor that is given out carries the first digits of its event's leaf_hash.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from genjin.event import RecordedEvent
from genjin.log.reading import ForkedLogError
from genjin_api.http.problems import ProblemError

HASH_DIGITS = 16
PATTERN = f"[0-9]{{1,18}}(-[0-9a-f]{{{HASH_DIGITS}}})?"

_LEAF_HASH = "SELECT leaf_hash FROM genjin.event WHERE workspace_id = $1 AND position = $2"

# The end of each of some logs that are not empty.
_NEWEST = """
SELECT asked.workspace_id, newest.position, newest.leaf_hash FROM unnest($1::uuid[]) AS asked (workspace_id)
 CROSS JOIN LATERAL (SELECT e.position, e.leaf_hash FROM genjin.event e
                      WHERE e.workspace_id = asked.workspace_id ORDER BY e.position DESC LIMIT 1) newest
"""

Reading = asyncpg.Pool | asyncpg.Connection | PoolConnectionProxy


@dataclass(frozen=True, slots=True)
class Place:
    """As text 4711-9f2c4e0b6a1d8835. hash is empty at position 0, and where a client came with a bare position."""

    position: int
    hash: str = ""

    def __str__(self) -> str:
        return f"{self.position}-{self.hash}" if self.hash else str(self.position)

    @classmethod
    def of(cls, event: RecordedEvent) -> Self:
        return cls._at(event.position, event.leaf_hash)

    @classmethod
    def _at(cls, position: int, leaf_hash: bytes) -> Self:
        return cls(position, leaf_hash.hex()[:HASH_DIGITS])

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """None: it is no place."""
        if not re.fullmatch(PATTERN, text):
            return None
        position, _, digits = text.partition("-")
        return cls(int(position), digits)

    @classmethod
    def in_cursor(cls, keys: list[Any] | None) -> Self | None:
        """What a cursor of the history holds. Those of earlier releases hold a bare position."""
        return cls.parse(str(keys[0])) if keys else None

    def fits(self, leaf_hash: bytes) -> bool:
        return leaf_hash.hex().startswith(self.hash)


async def newest_places(database: Reading, workspaces: Sequence[UUID]) -> dict[UUID, Place]:
    """Where each of the logs ends."""
    rows = await database.fetch(_NEWEST, workspaces)
    return {id_: Place(0) for id_ in workspaces} | {id_: Place._at(*end) for id_, *end in rows}


async def newest_place(database: Reading, workspace_id: UUID) -> Place:
    return (await newest_places(database, [workspace_id]))[workspace_id]


async def checked_place(database: Reading, workspace_id: UUID, place: Place) -> Place:
    """The place with its hash. Raises ForkedLogError where the log has another event there, or none; ProblemError where
    a bare position lies behind its end.
    """
    if place == Place(0):
        return place
    leaf_hash = await database.fetchval(_LEAF_HASH, workspace_id, place.position)
    if leaf_hash is not None and place.fits(leaf_hash):
        return Place._at(place.position, leaf_hash)
    if place.hash:
        raise ForkedLogError(place.position)
    detail = f"the log ends before {place.position}: it was put back to an earlier state"
    raise ProblemError("position_gone", detail)
