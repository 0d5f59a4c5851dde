"""The one command on readings: record that a page of history was shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from genjin.audit.events import HistoryRead
from genjin.history.filter import Document, EventFilter
from genjin.history.phrase import to_phrase
from genjin_api.acting import Decided, Decision


@dataclass(frozen=True, slots=True)
class RecordReading:
    """positions are those of the page's events; restricted are the events of it that hold restricted values."""

    asked: EventFilter
    descending: bool
    positions: Sequence[int]
    restricted: Sequence[Document]


def record(command: RecordReading) -> Decision:
    """Nothing where nothing restricted was seen: so reading these facts makes no new ones."""
    if not command.restricted:
        return Decided([])
    fact = HistoryRead(
        phrase=to_phrase(command.asked),
        order="desc" if command.descending else "asc",
        events=len(command.positions),
        restricted_events=len(command.restricted),
        first_position=min(command.positions),
        last_position=max(command.positions),
    )
    return Decided([fact])
