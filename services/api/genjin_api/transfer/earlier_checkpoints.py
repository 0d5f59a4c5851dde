"""Checkpoints that were signed of a log where it was before. They come in with it and go out with it: whoever has the
keys of before and after follows the log over its moves.

Their roots are compared as they come in. Their signatures cannot be: only an auditor knows whose keys to trust.
"""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from genjin.evidence.edge import Edge
from genjin.evidence.verify import Note, parse_note

# The newest of so many places are kept.
PLACES_MAX = 20
PAGE_EVENTS = 10_000

_NOTES = """
SELECT note FROM genjin.earlier_checkpoint WHERE workspace_id = $1 AND size <= $2 ORDER BY number
"""

_LEAVES = """
SELECT leaf_hash FROM genjin.event WHERE workspace_id = $1 AND position > $2 AND position <= $3 ORDER BY position
"""

_ADD = """
INSERT INTO genjin.earlier_checkpoint (workspace_id, number, size, note) VALUES ($1, $2, $3, $4)
"""


class OtherHistoryError(Exception):
    """A checkpoint that was signed of other events."""


async def read_earlier(database: asyncpg.Pool, workspace_id: UUID, size_max: int) -> list[str]:
    """Notes of no more than so many events, in the order of the places."""
    return [row["note"] for row in await database.fetch(_NOTES, workspace_id, size_max)]


async def bring_earlier(
    connection: asyncpg.Connection, workspace_id: UUID, notes: Sequence[str]
) -> None:
    """Store them of a log that is here already. Raises OtherHistoryError."""
    kept = notes[-PLACES_MAX:]
    parsed = [parse_note(note) for note in kept]
    await _compare(connection, workspace_id, parsed)
    rows = [
        (workspace_id, number, note.size, text)
        for number, (note, text) in enumerate(zip(parsed, kept, strict=True), start=1)
    ]
    await connection.executemany(_ADD, rows)


async def _compare(
    connection: asyncpg.Connection, workspace_id: UUID, notes: Sequence[Note]
) -> None:
    edge = Edge()
    for note in sorted(notes, key=lambda note: note.size):
        while edge.size < note.size:
            place = edge.size, min(edge.size + PAGE_EVENTS, note.size)
            rows = await connection.fetch(_LEAVES, workspace_id, *place)
            edge.add([row["leaf_hash"] for row in rows])
        if edge.root() != note.root:
            said = (
                f"the checkpoint of size {note.size} that {note.origin} signed is of other events"
            )
            raise OtherHistoryError(said)
