"""Answers that go on for long: how many there may be, how they end, and what becomes of a client that does not read."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from typing import Any
from uuid import UUID

import structlog
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from genjin_api.acting import Caller
from genjin_api.http.metrics import STREAMS
from genjin_api.http.problems import ProblemError

# How long an answer may still take when the process stops.
CLOSING_SECONDS = 1.0
RETRY_AFTER = {"Retry-After": "5"}
# Where http/server.py puts the way to end a connection at once.
ABORT = "genjin.abort"

_log = structlog.get_logger(__name__)


class StalledError(Exception):
    """The client has taken nothing for too long."""


class CutOffError(Exception):
    """An answer ends before its end, and the client shall see that it does."""


class Streams:
    """The long answers under way in this process."""

    def __init__(self, count_max: int, per_person_max: int) -> None:
        self.closing = asyncio.Event()
        self._count_max = count_max
        self._per_person_max = per_person_max
        self._open: Counter[tuple[UUID, UUID]] = Counter()

    @contextmanager
    def place(self, caller: Caller) -> Iterator[None]:
        """Room for one more. Raises ProblemError."""
        person = caller.workspace_id, caller.person_id
        if self._open[person] >= self._per_person_max:
            detail = f"you have {self._per_person_max} long answers open: end one of them"
            raise ProblemError("too_many_streams", detail, headers=RETRY_AFTER)
        if self.closing.is_set() or self._open.total() >= self._count_max:
            raise ProblemError("busy", "no room for one more at the moment", headers=RETRY_AFTER)
        self._open[person] += 1
        STREAMS.inc()
        try:
            yield
        finally:
            STREAMS.dec()
            self._open[person] -= 1
            if not self._open[person]:
                del self._open[person]


class StreamedResponse(Response):
    """Sends chunks as fast as the client takes them. What was not sent to its end is cut off, so that no client takes a
    part for the whole.
    """

    def __init__(
        self,
        streams: Streams,
        caller: Caller,
        chunks: AsyncGenerator[bytes, None],
        *,
        media_type: str,
        headers: dict[str, str],
        stall_seconds: float,
    ) -> None:
        super().__init__(media_type=media_type, headers=headers)
        del self.headers["content-length"]
        self._streams = streams
        self._caller = caller
        self._chunks = chunks
        self._stall_seconds = stall_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._streams.place(self._caller):
            work = asyncio.create_task(self._send(send))
            left = asyncio.create_task(_left(receive))
            closing = asyncio.create_task(self._streams.closing.wait())
            try:
                await _first_of(work, left, closing)
                if closing.done():
                    await _first_of(work, left, seconds=CLOSING_SECONDS)
                if not _is_complete(work):
                    _abort(scope)
                    await _first_of(left, seconds=CLOSING_SECONDS)
            finally:
                for task in (work, left, closing):
                    task.cancel()
                await asyncio.gather(work, left, closing, return_exceptions=True)

    async def _send(self, send: Send) -> None:
        start = {"status": self.status_code, "headers": self.raw_headers}
        await send({"type": "http.response.start", **start})
        async with aclosing(self._chunks) as chunks:
            async for chunk in chunks:
                await self._send_in_time(
                    send, {"type": "http.response.body", "body": chunk, "more_body": True}
                )
        await self._send_in_time(
            send, {"type": "http.response.body", "body": b"", "more_body": False}
        )

    async def _send_in_time(self, send: Send, message: Message) -> None:
        try:
            async with asyncio.timeout(self._stall_seconds):
                await send(message)
        except TimeoutError as error:
            raise StalledError from error


async def _left(receive: Receive) -> None:
    """Until the client has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _first_of(*tasks: asyncio.Task[Any], seconds: float | None = None) -> None:
    await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)


def _is_complete(work: asyncio.Task[None]) -> bool:
    if not work.done():
        return False
    error = work.exception()
    if isinstance(error, StalledError):
        _log.info("stream_stalled")
    elif isinstance(error, CutOffError):
        _log.info("stream_cut_off", reason=str(error))
    elif error is not None:
        _log.error("stream_failed", exc_info=error)
    return error is None


def _abort(scope: Scope) -> None:
    """Drop the connection with all that the client has not taken; an orderly close would wait for it."""
    abort = scope.get("extensions", {}).get(ABORT, {}).get("abort")
    if abort is not None:
        abort()
