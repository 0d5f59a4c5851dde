"""A log as JSON lines: a line that says what it is, the events, each commit behind its events, a line that ends it.

An export that was cut off has no end line. Events are written as they are served everywhere; without the member
leaf_hash at its end an event's line is the bytes that were hashed. Where a filter finds nothing for a while, lines of
progress tell how far it has looked.

That of a damaged log goes as far as its events and commits are sound. In the place of the end line it has one that says
why it was cut short, and of what is there all that an end line says: so the sound part can be checked.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import structlog

from genjin.canonical import instant
from genjin.event import RecordedEvent
from genjin.evidence.edge import Edge
from genjin.history.filter import EventFilter
from genjin.history.phrase import to_phrase
from genjin_api.feed.log_pages import LogPages
from genjin_api.history.places import Place
from genjin_api.http.streams import CutOffError
from genjin_api.transfer.earlier_checkpoints import read_earlier
from genjin_api.transfer.sound_commits import CommitChain, last_of_log
from genjin_api.transfer.sound_part import read_sound

FORMAT = "genjin.log/1"
MEDIA_TYPE = "application/jsonl"
# The member of the last line in the place of "end".
CUT_SHORT = "cut_short"

SILENCE_SECONDS_MAX = 5.0
# How often it is asked whether the client may still read.
WELCOME_SECONDS = 5.0

# The newest signed checkpoint of no more than so many events.
_CHECKPOINT = """
SELECT note FROM genjin.signed_checkpoint WHERE workspace_id = $1 AND size <= $2 ORDER BY size DESC LIMIT 1
"""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Client:
    """Who reads an export. shown is told of events before they are sent; is_welcome is asked every welcome_seconds.
    After silence_seconds without a line that belongs to the log there is one that tells the progress.
    """

    shown: Callable[[Sequence[RecordedEvent]], Awaitable[None]]
    is_welcome: Callable[[], Awaitable[bool]]
    silence_seconds: float = SILENCE_SECONDS_MAX
    welcome_seconds: float = WELCOME_SECONDS


async def export(
    database: asyncpg.Pool,
    pages: LogPages,
    workspace_id: UUID,
    last: int,
    asked: EventFilter,
    client: Client,
) -> AsyncGenerator[bytes, None]:
    """The lines of the log up to a position at which a commit ends, joined to pieces of about a page. The root is that
    of the whole log up to there, also where a filter leaves events out. Raises ForkedLogError, and CutOffError when the
    client is no longer welcome.
    """
    filters = {"phrase": to_phrase(asked)} if asked.terms else None
    edge, count, place = Edge(), 0, Place(0)
    last = await last_of_log(database, workspace_id, last)
    chain = CommitChain.begin(database, workspace_id)
    clock = asyncio.get_running_loop().time
    yield _line(_opening(workspace_id, last, filters))
    spoken = welcomed = clock()
    while place.position < last:
        if clock() - welcomed >= client.welcome_seconds:
            if not await client.is_welcome():
                raise CutOffError("the client may no longer read")
            welcomed = clock()
        part, commits = await chain.follow(await read_sound(pages, workspace_id, place, last))
        if part.events:
            place = Place.of(part.events[-1])
        edge.add([event.leaf_hash for event in part.events])
        if filters:
            events = [event for event in part.events if _matches(asked, event)]
            lines = [_event_line(event) for event in events]
        else:
            events = part.events
            lines = _with_commits(events, commits)
        count += len(events)
        await client.shown(events)
        if not lines and clock() - spoken >= client.silence_seconds:
            lines = [_line({"progress": {"position": place.position}})]
        if lines:
            yield b"".join(lines)
            spoken = clock()
        if part.damage is not None:
            _log.error("export_cut_short", workspace_id=str(workspace_id), reason=part.damage)
            why = {"position": edge.size + 1, "reason": part.damage}
            yield _line({CUT_SHORT: await _end(database, workspace_id, edge, count) | why})
            return
    yield _line({"end": await _end(database, workspace_id, edge, count)})


async def _end(
    database: asyncpg.Pool, workspace_id: UUID, edge: Edge, count: int
) -> dict[str, Any]:
    return {
        "count": count,
        "last_position": edge.size,
        "root": edge.root().hex(),
        "checkpoint": await _checkpoint(database, workspace_id, edge.size),
        "earlier_checkpoints": await read_earlier(database, workspace_id, edge.size),
    }


async def _checkpoint(database: asyncpg.Pool, workspace_id: UUID, last: int) -> str | None:
    note: str | None = await database.fetchval(_CHECKPOINT, workspace_id, last)
    return note


def _opening(workspace_id: UUID, last: int, filters: dict[str, str] | None) -> dict[str, Any]:
    return {
        "export": FORMAT,
        "workspace_id": str(workspace_id),
        "first_position": 1,
        "last_position": last,
        "filters": filters,
        "exported_at": instant(datetime.now(UTC)),
    }


def _matches(asked: EventFilter, event: RecordedEvent) -> bool:
    return asked.matches(orjson.loads(event.body))


def _with_commits(
    events: Sequence[RecordedEvent], commits: Sequence[asyncpg.Record]
) -> list[bytes]:
    ending = {commit["last_position"]: commit for commit in commits}
    lines = []
    for event in events:
        lines.append(_event_line(event))
        if event.position in ending:
            lines.append(_line(_commit(ending[event.position])))
    return lines


def _commit(row: asyncpg.Record) -> dict[str, Any]:
    return {
        "commit": {
            "first_position": row["first_position"],
            "last_position": row["last_position"],
            "recorded_at": instant(row["recorded_at"]),
            "previous_hash": row["previous_hash"].hex(),
            "hash": row["hash"].hex(),
        }
    }


def _event_line(event: RecordedEvent) -> bytes:
    return f"{event.public_json()}\n".encode()


def _line(document: dict[str, Any]) -> bytes:
    return orjson.dumps(document) + b"\n"
