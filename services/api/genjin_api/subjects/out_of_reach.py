"""What no erasure reaches: personal values that were never sealed, in events of before there was sealing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from genjin.event import identifier_in
from genjin.history.filter import EventFilter, Term
from genjin_api.history.search import find

EVENTS_MAX = 2000
PAGES_MAX = 40
PROJECTS_MAX = 50
# From this schema_version on the events of forms are sealed.
SEALED_VERSION = 2

_SAVED = EventFilter((Term("type", ("form.completed", "form.drafted", "form.revised")),))


@dataclass(frozen=True, slots=True)
class OutOfReach:
    """Events that hold personal values of customers' staff in the clear, and stay in the log as they are. They name
    nobody: whether the erased person is in them, only who reads them can tell. projects are those that have such
    events, 50 at most. all_looked_at false: there may be more, for only the oldest 2000 events of forms were looked at.
    """

    events: int
    projects: list[UUID]
    all_looked_at: bool


async def out_of_reach(database: asyncpg.Pool, workspace_id: UUID) -> OutOfReach:
    """Of a whole workspace, the oldest events first: those of before the sealing are there."""
    seen, place = _Seen(), None
    for _ in range(PAGES_MAX):
        limit = min(200, EVENTS_MAX - seen.events)
        page = await find(database, workspace_id, _SAVED, "asc", place, limit)
        seen.add(orjson.loads(event.body) for event in page.events)
        place = page.place
        if place is None or seen.events == EVENTS_MAX:
            break
    return seen.told(all_looked_at=place is None)


@dataclass(slots=True)
class _Seen:
    events: int = 0
    _plain: int = 0
    _projects: dict[UUID, None] = field(default_factory=dict)
    # Copies of forms whose newest event so far is in the clear.
    _open: set[tuple[str, str, int]] = field(default_factory=set)

    def add(self, documents: Iterable[dict[str, Any]]) -> None:
        for document in documents:
            self.events += 1
            data = document["data"]
            copy = document["stream"], data["form"], data["copy_number"]
            plain = data["restricted"] and document["schema_version"] < SEALED_VERSION
            # The first sealed one has the values of before in its changes.
            if plain or copy in self._open:
                self._plain += 1
                self._projects[identifier_in(document["stream"])] = None
            (self._open.add if plain else self._open.discard)(copy)

    def told(self, *, all_looked_at: bool) -> OutOfReach:
        return OutOfReach(self._plain, list(self._projects)[:PROJECTS_MAX], all_looked_at)
