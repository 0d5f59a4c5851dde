"""One HTTP/1.1 connection that sends a request at a time and reads a bounded part of the answer.

Parsing is httptools' (llhttp). A general client spends 2 ms of processor time on a request, which alone would keep the
notifier under 500 deliveries a second; this spends 0.02 ms. It knows what a webhook needs and nothing else.
"""

import asyncio
import time
from dataclasses import dataclass
from typing import cast

import httptools

HEADER_BYTES_MAX = 64 * 1024


class ConnectionLostError(Exception):
    """The receiver closed the connection before its answer was complete."""


class InvalidAnswerError(Exception):
    """What came back is not HTTP, or its headers have no end."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    status: int
    retry_after: str | None
    body: bytes


class HttpConnection(asyncio.Protocol):
    """Made by loop.create_connection. Not for use by two requests at once."""

    def __init__(self, answer_bytes_max: int) -> None:
        self._answer_bytes_max = answer_bytes_max
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[HttpAnswer] | None = None
        self.born = self.idle_since = time.monotonic()
        self.reusable = True

    async def exchange(self, request: bytes) -> HttpAnswer:
        """Send, and return the answer. Raises ConnectionLostError, InvalidAnswerError."""
        if self._transport is None or not self.reusable:
            raise ConnectionLostError("closed by the receiver")
        self._begin_message()
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        try:
            return await self._answer
        except BaseException:
            self.abort()
            raise
        finally:
            self._answer = None
            self.idle_since = time.monotonic()

    def abort(self) -> None:
        """Close without waiting for anything: what the receiver still sends is not read."""
        self.reusable = False
        if self._transport is not None:
            self._transport.abort()

    def _begin_message(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._header_bytes = 0
        self._status = 0
        self._has_length = False
        self._retry_after: str | None = None
        self._body = bytearray()

    def _finish(self) -> None:
        if self._answer is not None and not self._answer.done():
            answer = HttpAnswer(self._status, self._retry_after, bytes(self._body))
            self._answer.set_result(answer)

    def _fail(self, error: Exception) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by inheritance

    def data_received(self, data: bytes) -> None:
        if self._answer is None or self._answer.done():
            self.abort()
            return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._fail(InvalidAnswerError(f"not an HTTP answer: {error}"))
        if not self._status:
            self._header_bytes += len(data)
            if self._header_bytes > HEADER_BYTES_MAX:
                self._fail(InvalidAnswerError("headers without end"))

    def connection_lost(self, exc: Exception | None) -> None:
        self.reusable = False
        if self._answer is not None and self._status and not self._has_length and exc is None:
            self._finish()  # an answer without a length ends with the connection
        self._fail(ConnectionLostError(str(exc or "closed by the receiver before its answer")))

    # httptools

    def on_header(self, name: bytes, value: bytes) -> None:
        known = name.lower()
        if known == b"retry-after":
            self._retry_after = value.decode("latin-1")
        elif known in (b"content-length", b"transfer-encoding"):
            self._has_length = True

    def on_headers_complete(self) -> None:
        self._status = self._parser.get_status_code()

    def on_body(self, part: bytes) -> None:
        self._body += part[: self._answer_bytes_max - len(self._body)]
        if len(self._body) >= self._answer_bytes_max:
            self.reusable = False
            self._finish()

    def on_message_complete(self) -> None:
        if 100 <= self._status < 200:
            self._status = 0  # 100 Continue, 103 Early Hints: the answer proper follows
            return
        self.reusable = self.reusable and self._parser.should_keep_alive()
        self._finish()
