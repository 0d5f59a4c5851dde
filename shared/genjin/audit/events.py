"""Facts of the reading of history (stream audit-<person id>): who looked at what is restricted."""

from typing import ClassVar, Literal

from genjin.event import Fact


class HistoryRead(Fact):
    """A page of history with restricted content was shown: what was asked and how much was seen, never the content.

    phrase is the filter in its canonical form; restricted_events counts those of events that hold restricted values.
    """

    type: ClassVar[str] = "audit.read"
    phrase: str
    order: Literal["asc", "desc"]
    events: int
    restricted_events: int
    first_position: int
    last_position: int


AuditFact = HistoryRead
