"""The state of a stream, newest or past: from memory, from the nearest snapshot, from the events after it."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import structlog

from genjin.event import RecordedEvent, stream_of
from genjin.log.reading import (
    ForkedStreamError,
    Reading,
    read_stream_part,
    read_stream_part_proven,
)
from genjin_api.snapshots import SPACING_VERSIONS, Snapshots, Versioned
from genjin_api.state_cache import StateCache
from genjin_api.streams import State, StreamKind

# A stream that had to be folded from further back than this gets a snapshot.
SNAPSHOT_AFTER_EVENTS = 200
# Then others get their turn: a long fold must not hold up everybody's answers.
FOLDED_AT_ONCE = 50
VERSION_MAX = 2**31 - 1

_log = structlog.get_logger(__name__)


class States:
    """Folded states. Another process may have written meanwhile, so every load of the newest asks the log; a kept state
    is only a head start. A past state never changes, so a kept one is the answer.
    """

    def __init__(self, database: Reading, snapshots: Snapshots, cache: StateCache) -> None:
        self._database = database
        self._snapshots = snapshots
        self._cache = cache
        self.events_read = 0

    async def load(
        self, kind: StreamKind[State], workspace_id: UUID, identifier: UUID
    ) -> State | None:
        """The state after the stream's last event; None when there is no such stream in this workspace."""
        try:
            return await self._load(kind, workspace_id, identifier)
        except ForkedStreamError as error:
            _log.error("log_forked", workspace_id=str(workspace_id), reason=str(error))
            await self.forget(workspace_id)
            return await self._load(kind, workspace_id, identifier)

    async def _load(
        self, kind: StreamKind[State], workspace_id: UUID, identifier: UUID
    ) -> State | None:
        stream, generation = stream_of(kind.noun, identifier), self.generation
        kept = self._cache.find((workspace_id, stream))
        state: State | None
        leaf_hash = b""
        if kept is not None:
            version, state, snapshot_version = kept.version, kept.state, kept.snapshot_version
            leaf_hash = kept.leaf_hash
        else:
            found = await self._snapshots.newest(kind, workspace_id, stream, VERSION_MAX)
            version, state = found
            snapshot_version = version
        base = version, state, leaf_hash
        folded = await self._fold(kind, workspace_id, stream, base, VERSION_MAX)
        state, leaf_hash, passed, written = folded
        if state is None or generation != self.generation:
            return state
        now = kind.version(state)
        if now - snapshot_version > SNAPSHOT_AFTER_EVENTS:
            states = [*passed, (now, state)]
            self._snapshots.write_behind(kind, workspace_id, stream, states)
            snapshot_version = now
        place = workspace_id, stream
        self._cache.keep(place, state, now, snapshot_version, leaf_hash, written)
        return state

    async def at(
        self, kind: StreamKind[State], workspace_id: UUID, identifier: UUID, version: int
    ) -> State | None:
        """The state after the stream's event of this version, which has been written."""
        stream, generation = stream_of(kind.noun, identifier), self.generation
        state: State | None
        newest = self._cache.peek((workspace_id, stream))
        if newest is not None and newest.version == version:
            state = newest.state
            return state
        kept = self._cache.find((workspace_id, stream, version))
        if kept is not None:
            state = kept.state
            return state
        found = await self._snapshots.newest(kind, workspace_id, stream, version)
        base, nearest = found
        folded = await self._fold(kind, workspace_id, stream, (base, nearest, b""), version)
        state, _, passed, _ = folded
        if generation != self.generation:
            return state
        if version - base > SNAPSHOT_AFTER_EVENTS and passed:
            self._snapshots.write_behind(kind, workspace_id, stream, passed)
        if state is not None:
            self._cache.keep((workspace_id, stream, version), state, version)
        return state

    async def _fold(
        self,
        kind: StreamKind[State],
        workspace_id: UUID,
        stream: str,
        base: tuple[int, State | None, bytes],
        to_version: int,
    ) -> tuple[State | None, bytes, list[Versioned], int]:
        """Fold what comes after a version, stretch by stretch: the state, the leaf hash of its last event, the states
        at the stretches' ends, and the events' bytes. Raises ForkedStreamError where the base has a leaf hash and is
        not in the log.
        """
        passed: list[Versioned] = []
        written = 0
        version, state, leaf_hash = base
        while version < to_version:
            end = min((version // SPACING_VERSIONS + 1) * SPACING_VERSIONS, to_version)
            part = self._database, workspace_id, stream
            if leaf_hash:
                events = await read_stream_part_proven(*part, (version, leaf_hash), end)
            else:
                events = await read_stream_part(*part, version, end)
            self.events_read += len(events)
            written += _bytes_of(events)
            for first in range(0, len(events), FOLDED_AT_ONCE):
                state = kind.fold(state, events[first : first + FOLDED_AT_ONCE])
                await asyncio.sleep(0)
            version += len(events)
            leaf_hash = events[-1].leaf_hash if events else leaf_hash
            if version < end:
                break
            if version % SPACING_VERSIONS == 0:
                passed.append((version, state))
        return state, leaf_hash, passed, written

    def last_seen(
        self, kind: StreamKind[State], workspace_id: UUID, identifier: UUID
    ) -> State | None:
        """The state as it was kept, which may be an old one."""
        kept = self._cache.find((workspace_id, stream_of(kind.noun, identifier)))
        state: State | None = kept.state if kept is not None else None
        return state

    def event_of(
        self, kind: StreamKind[State], workspace_id: UUID, identifier: UUID, state: State | None
    ) -> bytes:
        """The leaf hash of the event that made the state; empty where that is not known."""
        kept = self._cache.peek((workspace_id, stream_of(kind.noun, identifier)))
        return kept.leaf_hash if kept is not None and kept.state is state else b""

    def keep(
        self,
        kind: StreamKind[State],
        workspace_id: UUID,
        stream: str,
        state: State,
        events: Sequence[RecordedEvent],
        generation: int,
    ) -> None:
        """The state after an append of some events. A long stream gets its snapshot here too. generation is that of
        before the state was asked for from which it came: where a log was forgotten since, it is not kept.
        """
        if generation != self.generation:
            return
        place, version = (workspace_id, stream), kind.version(state)
        leaf_hash, written = events[-1].leaf_hash, _bytes_of(events)
        kept = self._cache.keep(place, state, version, leaf_hash=leaf_hash, written=written)
        if version - kept.snapshot_version > SNAPSHOT_AFTER_EVENTS:
            self._snapshots.write_behind(kind, workspace_id, stream, [(version, state)])
            self._cache.keep(place, state, version, version, leaf_hash)

    @property
    def generation(self) -> int:
        """Another number after a log was forgotten: what was read before may be of the log that was."""
        return self._snapshots.generation

    def workspaces(self) -> set[UUID]:
        """Those of which states are kept."""
        return self._cache.workspaces()

    async def forget(self, workspace_id: UUID) -> None:
        """What was folded of a log that is another one now, snapshots too; what is being folded is not kept."""
        self._cache.forget(workspace_id)
        await self._snapshots.forget(workspace_id)
        self._cache.forget(workspace_id)  # what was kept meanwhile may rest on an old snapshot


def _bytes_of(events: Sequence[RecordedEvent]) -> int:
    return sum(len(event.body.encode()) for event in events)
