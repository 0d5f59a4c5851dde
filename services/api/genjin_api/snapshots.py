"""Snapshots of long streams: derived data that may be deleted at any time, written behind whoever needed the state.

A snapshot is good for the code that made it alone: its fingerprint is that of the fold's own source, so a release
that folds otherwise, or has other states, does not see the snapshots of the release before it. It leaves them, for both
run side by side while one takes over from the other; the release after it clears them away.
"""

import asyncio
import inspect
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg
import pydantic
import structlog
from pydantic import TypeAdapter, ValidationError

from genjin.canonical import plain_json
from genjin.log.reading import Reading
from genjin_api.streams import State, StreamKind

# Of each stretch of so many versions one snapshot is kept, for questions about the past, and the newest of all.
SPACING_VERSIONS = 500
WAITING_STREAMS_MAX = 16

_log = structlog.get_logger(__name__)

# The newest snapshot that this code made, at or below a version.
_NEWEST = """
SELECT version, body FROM genjin.stream_snapshot
 WHERE workspace_id = $1 AND stream = $2 AND fingerprint = $3 AND version <= $4 ORDER BY version DESC LIMIT 1
"""

_INSERT = """
INSERT INTO genjin.stream_snapshot (workspace_id, stream, fingerprint, version, body)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
"""

# Snapshots that nobody needs: of the releases other than this one all but those of the one that wrote last, for it may
# run beside this one; of this one's all but the first of each stretch and the newest.
_THIN_OUT = """
DELETE FROM genjin.stream_snapshot s
 WHERE s.workspace_id = $1 AND s.stream = $2
   AND (s.fingerprint <> $3
        AND s.fingerprint <> (SELECT other.fingerprint FROM genjin.stream_snapshot other
                               WHERE other.workspace_id = $1 AND other.stream = $2 AND other.fingerprint <> $3
                               ORDER BY other.created_at DESC, other.fingerprint LIMIT 1)
        OR s.fingerprint = $3
       AND EXISTS (SELECT FROM genjin.stream_snapshot later
                    WHERE later.workspace_id = $1 AND later.stream = $2 AND later.fingerprint = $3
                      AND later.version > s.version)
       AND EXISTS (SELECT FROM genjin.stream_snapshot earlier
                    WHERE earlier.workspace_id = $1 AND earlier.stream = $2 AND earlier.fingerprint = $3
                      AND earlier.version < s.version AND earlier.version / $4 = s.version / $4))
"""

_FORGET = "DELETE FROM genjin.stream_snapshot WHERE workspace_id = $1"

Versioned = tuple[int, Any]


class Snapshots:
    """One writer per process. What it has no room for is not written: the next load will ask again."""

    def __init__(self, database: Reading) -> None:
        self._database = database
        self._waiting: OrderedDict[
            tuple[UUID, str], tuple[int, StreamKind[Any], Sequence[Versioned]]
        ] = OrderedDict()
        self._writer: asyncio.Task[None] | None = None
        self._table = asyncio.Lock()
        # Raised whenever a log was another one: what was folded before may be of the old log. One number for all
        # workspaces, for it is rare, and what is not kept in vain is folded again.
        self.generation = 0

    async def newest(
        self, kind: StreamKind[State], workspace_id: UUID, stream: str, at_most: int
    ) -> tuple[int, State | None]:
        """Version and state of the newest snapshot at or below a version; 0 and None where there is none."""
        state_type: Any = kind.state_type
        if state_type is None:
            return 0, None
        mark = fold_fingerprint(kind.evolve)
        row = await self._database.fetchrow(_NEWEST, workspace_id, stream, mark, at_most)
        if row is None:
            return 0, None
        try:
            state: State = _adapter(state_type).validate_json(row["body"])
        except ValidationError as error:
            _log.warning("snapshot_unusable", stream=stream, errors=error.error_count())
            return 0, None
        return row["version"], state

    def write_behind(
        self,
        kind: StreamKind[Any],
        workspace_id: UUID,
        stream: str,
        states: Sequence[Versioned],
    ) -> None:
        """Write a stream's states at some versions, soon."""
        if kind.state_type is None or len(self._waiting) >= WAITING_STREAMS_MAX:
            return
        self._waiting[workspace_id, stream] = self.generation, kind, states
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())

    async def _write(self) -> None:
        while self._waiting:
            place, (generation, kind, states) = self._waiting.popitem(last=False)
            workspace_id, stream = place
            mark = fold_fingerprint(kind.evolve)
            try:
                for version, state in states:
                    body = plain_json(state).decode()
                    async with self._table:
                        if generation != self.generation:
                            break
                        await self._database.execute(
                            _INSERT, workspace_id, stream, mark, version, body
                        )
                await self._database.execute(
                    _THIN_OUT, workspace_id, stream, mark, SPACING_VERSIONS
                )
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                _log.warning("snapshot_not_written", stream=stream, reason=str(error))

    async def forget(self, workspace_id: UUID) -> None:
        """Those of a whole workspace: they are of another log. Afterwards none is written that was folded before."""
        self.generation += 1
        async with self._table:
            await self._database.execute(_FORGET, workspace_id)
            self.generation += (
                1  # a fold that began meanwhile may rest on a snapshot that was still there
            )

    async def settle(self) -> None:
        """Wait until nothing is left to write."""
        if self._writer is not None:
            await asyncio.wait([self._writer])

    async def close(self) -> None:
        if self._writer is not None:
            self._writer.cancel()
            await asyncio.wait([self._writer])


@cache
def _adapter(state_type: Any) -> TypeAdapter[Any]:
    return TypeAdapter(state_type)


@cache
def fold_fingerprint(evolve: Callable[..., Any]) -> str:
    """SHA-256, in hex, of the source of every module that a fold is made of, and of what reads its JSON back."""
    sources = [inspect.getsource(sys.modules[name]) for name in sorted(fold_modules(evolve))]
    return sha256("\n".join((pydantic.VERSION, *sources)).encode()).hexdigest()


def fold_modules(evolve: Callable[..., Any]) -> set[str]:
    """Our own modules that a fold is made of."""
    names = {evolve.__module__, "genjin.catalog", StreamKind.__module__}
    while missing := {found for name in names for found in _imported(name)} - names:
        names |= missing
    return names


def _imported(name: str) -> Iterator[str]:
    """Our own modules whose classes and functions a module uses."""
    for value in vars(sys.modules[name]).values():
        home = value.__module__ if inspect.isclass(value) or inspect.isfunction(value) else ""
        if home.partition(".")[0] in ("genjin", "genjin_api"):
            yield home
