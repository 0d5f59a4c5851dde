"""Folded states in memory: those used last, within a number of bytes."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from prometheus_client import Counter, Gauge

from genjin.canonical import plain_json

# A state's objects take two to three times the bytes of its JSON, measured on random projects.
MEMORY_PER_JSON_BYTE = 3
# A state that has gone on this far is measured anew: measuring takes as long as writing its JSON. So is one whose
# events since were as large as itself, for it may have doubled; until then it counts with all that they brought.
MEASURED_EVERY_VERSIONS = 50

_STATES = Gauge("genjin_state_cache_states", "Folded states kept in memory")
_BYTES = Gauge("genjin_state_cache_bytes", "Bytes of folded states kept in memory, as estimated")
_HITS = Counter("genjin_state_cache_hits", "States that were found in memory")
_MISSES = Counter("genjin_state_cache_misses", "States that had to be folded from the log")

LeafHash = bytes
# A workspace first.
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """bytes are measured_bytes, those at measured_version, and what the events since may have added. snapshot_version
    is that of the newest snapshot of the stream that this process knows of, 0: none. leaf_hash is that of the stream's
    event at the version, empty where it was not seen.
    """

    state: Any
    version: int
    bytes: int
    measured_bytes: int
    measured_version: int
    snapshot_version: int
    leaf_hash: LeafHash = b""


class StateCache:
    def __init__(self, bytes_max: int) -> None:
        self._bytes_max = bytes_max
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._bytes = 0
        _STATES.set_function(lambda: len(self._kept))
        _BYTES.set_function(lambda: self._bytes)

    def peek(self, key: Key) -> Kept | None:
        """As find, for a second guess: it counts neither as hit nor as miss."""
        return self._kept.get(key)

    def find(self, key: Key) -> Kept | None:
        kept = self._kept.get(key)
        if kept is None:
            _MISSES.inc()
            return None
        _HITS.inc()
        self._kept.move_to_end(key)
        return kept

    def keep(
        self,
        key: Key,
        state: Any,
        version: int,
        snapshot_version: int = 0,
        leaf_hash: bytes = b"",
        written: int = 0,
    ) -> Kept:
        """Keep a state, unless a newer one is there. What was used longest ago makes room for it. written are the bytes
        of the events since what is kept.
        """
        known = self._kept.get(key)
        if known is not None and known.version > version:
            return known
        sizes = _sizes(known, state, version, written)
        snapshot_version = max(snapshot_version, known.snapshot_version if known else 0)
        kept = Kept(state, version, *sizes, snapshot_version, leaf_hash)
        self._kept[key] = kept
        self._kept.move_to_end(key)
        self._bytes += kept.bytes - (known.bytes if known else 0)
        self._make_room()
        return kept

    def workspaces(self) -> set[UUID]:
        """Those of which there are states."""
        return {key[0] for key in self._kept}

    def forget(self, workspace_id: UUID) -> None:
        """Every state of a workspace."""
        for key in [key for key in self._kept if key[0] == workspace_id]:
            self._bytes -= self._kept.pop(key).bytes

    def _make_room(self) -> None:
        while self._bytes > self._bytes_max:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= dropped.bytes


def _sizes(known: Kept | None, state: Any, version: int, written: int) -> tuple[int, int, int]:
    """The estimated bytes, those that were measured, and at which version."""
    if known is not None and version - known.measured_version < MEASURED_EVERY_VERSIONS:
        size = known.bytes + written * MEMORY_PER_JSON_BYTE
        if size <= 2 * known.measured_bytes:
            return size, known.measured_bytes, known.measured_version
    measured = estimated_bytes(state)
    return measured, measured, version


def estimated_bytes(state: Any) -> int:
    return len(plain_json(state)) * MEMORY_PER_JSON_BYTE
