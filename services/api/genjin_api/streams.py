"""What handle() must know of a noun that has streams of its own, and the states of streams kept in memory."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

import orjson

from genjin.catalog import decode
from genjin.event import RecordedEvent, Stamp, stamp_of, stream_of
from genjin.log.reading import Reading, read_stream

State = TypeVar("State")

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class StreamKind(Generic[State]):
    """A noun with streams of its own.

    evolve folds one fact. rows are the read-model rows that differ between two states, by table. claims are the values
    that no other stream of the workspace may hold.
    """

    noun: str
    evolve: Callable[[State | None, Any, Stamp], State]
    rows: Callable[[State | None, State], Rows]
    version: Callable[[State], int]
    claims: Callable[[State | None, State], Sequence[tuple[str, str]]] = lambda _before, _after: ()

    def fold(self, state: State | None, events: Sequence[RecordedEvent]) -> State | None:
        for event in events:
            document = orjson.loads(event.body)
            fact = decode(event.type, document["schema_version"], document["data"])
            state = self.evolve(state, fact, stamp_of(document))
        return state


class States:
    """Folded states of the streams used last, each brought up to date by reading what came after it.

    Another process may have written meanwhile, so every load asks the log; a kept state is only a head start.
    """

    def __init__(self, database: Reading, states_max: int = 2000) -> None:
        self._database = database
        self._states_max = states_max
        self._states: OrderedDict[tuple[UUID, str], Any] = OrderedDict()

    async def load(
        self, kind: StreamKind[State], workspace_id: UUID, identifier: UUID
    ) -> State | None:
        """The state after the stream's last event; None when there is no such stream in this workspace."""
        stream = stream_of(kind.noun, identifier)
        known: State | None = self._states.get((workspace_id, stream))
        version = kind.version(known) if known is not None else 0
        events = await read_stream(self._database, workspace_id, stream, version)
        state = kind.fold(known, events)
        if state is not None:
            self.keep(workspace_id, stream, state)
        return state

    def last_seen(
        self, kind: StreamKind[State], workspace_id: UUID, identifier: UUID
    ) -> State | None:
        """The state as it was kept, which may be an old one."""
        state: State | None = self._states.get((workspace_id, stream_of(kind.noun, identifier)))
        return state

    def keep(self, workspace_id: UUID, stream: str, state: Any) -> None:
        self._states[workspace_id, stream] = state
        self._states.move_to_end((workspace_id, stream))
        if len(self._states) > self._states_max:
            self._states.popitem(last=False)


def changed_rows(
    table: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    row: Callable[[Any], dict[str, Any]],
) -> Rows:
    """The rows of the items that are new or another than before."""
    rows = [row(item) for key, item in after.items() if before.get(key) is not item]
    return {table: rows} if rows else {}
