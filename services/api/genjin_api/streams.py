"""What handle() must know of a noun that has streams of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import orjson

from genjin.catalog import decode
from genjin.event import RecordedEvent, Stamp, stamp_of

State = TypeVar("State")

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class StreamKind(Generic[State]):
    """A noun with streams of its own.

    evolve folds one fact. rows are the read-model rows that differ between two states, by table. claims are the values
    that no other stream of the workspace may hold. past_rows are what one event adds to a table of the past; they hold
    the version, and append() puts the position to it. state_type is the type that snapshots are read back into; without
    it there are none, for the noun's streams stay short.
    """

    noun: str
    evolve: Callable[[State | None, Any, Stamp], State]
    rows: Callable[[State | None, State], Rows]
    version: Callable[[State], int]
    claims: Callable[[State | None, State], Sequence[tuple[str, str]]] = lambda _before, _after: ()
    past_rows: Callable[[State | None, State], Rows] = lambda _before, _after: {}
    state_type: type[State] | None = None

    def fold(self, state: State | None, events: Sequence[RecordedEvent]) -> State | None:
        for event in events:
            state = self._after(state, event)
        return state

    def _after(self, state: State | None, event: RecordedEvent) -> State:
        document = orjson.loads(event.body)
        fact = decode(event.type, document["schema_version"], document["data"])
        return self.evolve(state, fact, stamp_of(document))

    def fold_with_past(
        self, state: State | None, events: Sequence[RecordedEvent]
    ) -> tuple[State | None, Rows]:
        """The state after the events, and the rows of the past that each of them adds, with its position."""
        past: Rows = {}
        for event in events:
            after = self._after(state, event)
            for table, rows in self.past_rows(state, after).items():
                placed = ({**row, "position": event.position} for row in rows)
                past.setdefault(table, []).extend(placed)
            state = after
        return state, past
