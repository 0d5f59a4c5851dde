"""One client's live feed as text/event-stream: events in order, and signs of life while there are none."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import orjson
import structlog

from genjin.event import RecordedEvent
from genjin.history.filter import EventFilter
from genjin.log.reading import DamagedLogError, ForkedLogError
from genjin.postgres import DATABASE_ERRORS
from genjin_api.action import Request
from genjin_api.feed.feed import Feed
from genjin_api.feed.tail import Entry, PutBackError
from genjin_api.forms.withholding import FULL, Sight
from genjin_api.history.places import Place
from genjin_api.http.problems import Code, problem

RETRY_MILLISECONDS = 2000
# How often it is asked whether the client may still listen.
WELCOME_SECONDS = 5.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """buffer_bytes is how much text is handed to the socket at once; an event may go beyond."""

    heartbeat_seconds: float
    life_seconds: float
    buffer_bytes: int


async def live(
    feed: Feed,
    read: Request,
    asked: EventFilter,
    start: Place,
    head: Place,
    limits: Limits,
    is_welcome: Callable[[], Awaitable[bool]],
    shown: Callable[[Sequence[RecordedEvent]], Awaitable[None]],
    sight: Sight = FULL,
) -> AsyncGenerator[bytes, None]:
    """Everything that matches after the place start, which is in the log. It ends when the time is up, the client is
    no longer welcome, the process closes, or the log cannot be read: the client goes on from the last id that it saw.
    Where the log no longer has that one, or is damaged behind it, the last message says so. shown is told of events
    before they are sent.
    """
    yield f"retry: {RETRY_MILLISECONDS}\nid: {start}\n\n".encode()
    try:
        async with feed.tails.tail(read.caller.workspace_id, head) as tail:
            clock = asyncio.get_running_loop().time
            end, check = clock() + limits.life_seconds, clock() + WELCOME_SECONDS
            beat = clock() + limits.heartbeat_seconds
            place = start
            while not feed.streams.closing.is_set() and clock() < end:
                if clock() >= check:
                    if not await is_welcome():
                        return
                    check = clock() + WELCOME_SECONDS
                entries = await tail.read(place)
                seen = [each.seen(sight) for each in entries]
                matching = [each for each in seen if _matches(asked, each)]
                await shown([entry.event for entry in matching])
                for piece in _pieces((entry.message for entry in matching), limits.buffer_bytes):
                    yield piece
                    beat = clock() + limits.heartbeat_seconds
                if entries:
                    place = entries[-1].place
                if clock() >= beat:
                    yield _sign_of_life(place)
                    beat = clock() + limits.heartbeat_seconds
                if not entries:
                    await tail.news(min(end, check, beat) - clock())
            yield _sign_of_life(place)
    except (DamagedLogError, *DATABASE_ERRORS) as error:
        for message in _last_words(read, error):
            yield message


def _matches(asked: EventFilter, entry: Entry) -> bool:
    return not asked.terms or asked.matches(entry.document)


def _pieces(messages: Iterable[bytes], bytes_max: int) -> Iterator[bytes]:
    """Messages joined to pieces that are full as soon as they have so many bytes."""
    piece: list[bytes] = []
    size = 0
    for message in messages:
        piece.append(message)
        size += len(message)
        if size >= bytes_max:
            yield b"".join(piece)
            piece, size = [], 0
    if piece:
        yield b"".join(piece)


def _sign_of_life(place: Place) -> bytes:
    """A message without data is told to nobody, but its id is remembered: a client whose filter matches little goes on
    from here, not from the last event that it saw.
    """
    return f": alive\nid: {place}\n\n".encode()


def _last_words(read: Request, error: Exception) -> Iterator[bytes]:
    """None where the client need only come again."""
    match error:
        case ForkedLogError():
            _log.warning("feed_forked", position=error.position)
            yield _problem(read, "log_forked", error)
        case DamagedLogError() if not isinstance(error, PutBackError):
            name = str(read.caller.workspace_id)
            _log.error("feed_damaged", workspace_id=name, reason=str(error))
            yield _problem(read, "log_damaged", error)
        case _:
            _log.warning("feed_ended", reason=repr(error)[:300])


def _problem(read: Request, code: Code, error: Exception) -> bytes:
    """What a client is answered when it comes again, told at once. Without an id: the last one stays the last."""
    body = problem(code, str(error), request_id=read.request_id, language=read.language)
    return b"event: problem\ndata: %b\n\n" % orjson.dumps(body)
