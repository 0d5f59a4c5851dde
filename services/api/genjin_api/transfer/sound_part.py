"""What is sound of a log that is damaged: everything before the first event that cannot be read or is not what was
hashed.
"""

from dataclasses import dataclass
from uuid import UUID

import asyncpg

from genjin.event import RecordedEvent
from genjin.log.reading import DamagedLogError, ForkedLogError
from genjin_api.feed.log_pages import PAGE_EVENTS_MAX, LogPages
from genjin_api.history.places import Place

# What cannot be read is as much damage as what was changed: a page with a wrong checksum, bytes that are no text.
DAMAGE = (DamagedLogError, asyncpg.DataCorruptedError, UnicodeDecodeError)


@dataclass(frozen=True, slots=True)
class SoundPart:
    """Events in order. damage: what is wrong with the event behind them, if something is."""

    events: list[RecordedEvent]
    damage: str | None


async def read_sound(pages: LogPages, workspace_id: UUID, after: Place, last: int) -> SoundPart:
    """About a page after a place, up to a position. Where a part of it cannot be read, ever smaller ones are, down to
    one event. Raises ForkedLogError.
    """
    events: list[RecordedEvent] = []
    place, step, damage = after, PAGE_EVENTS_MAX, ""
    while step and place.position < last and len(events) < PAGE_EVENTS_MAX:
        try:
            page = await pages.read(workspace_id, place, min(place.position + step, last))
            if not page.events:
                raise DamagedLogError(f"position {place.position + 1}: there is no event")
        except ForkedLogError:
            raise
        except DAMAGE as error:
            damage, step = str(error), step // 2
            continue
        events += page.events
        place = Place.of(events[-1])
        if not damage:
            break
    return SoundPart(events, None if step else damage)
