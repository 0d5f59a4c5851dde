"""The way out: POST to a receiver that its owner chose, without being led anywhere else.

Only addresses that were vetted are connected to, under the name's own certificate; no proxy of the environment, no
redirect, no cookie, no decompression; one deadline over everything from the name's look-up to the answer's last byte.
"""

import asyncio
import contextlib
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self

from genjin_notifier.addresses import Network
from genjin_notifier.http_connection import (
    ConnectionLostError,
    HttpAnswer,
    HttpConnection,
    InvalidAnswerError,
)
from genjin_notifier.outcome import Outcome
from genjin_notifier.resolution import DnsFailedError, ForbiddenAddressError, Resolver
from genjin_notifier.target import Target, UnusableUrlError, target_of

CONNECT_SECONDS_MAX = 3.0  # to one address, so that a dead one leaves time for the next
ADDRESSES_TRIED_MAX = 3
IDLE_SECONDS_MAX = 4.0  # below the five seconds after which common servers close
CONNECTION_SECONDS_MAX = 60.0  # then the name is resolved and vetted anew
SNIPPET_CHARACTERS_MAX = 2000


@dataclass(frozen=True, slots=True)
class Answer:
    """How a POST ended. status is set when the receiver answered, error when it did not."""

    outcome: Outcome
    status: int | None = None
    error: str | None = None
    snippet: str | None = None
    retry_after_seconds: float | None = None


class Egress:
    """Keeps idle connections per origin. Use as an async context manager."""

    def __init__(
        self,
        *,
        allow_http: bool,
        allowed_networks: Sequence[Network],
        timeout_seconds: float,
        answer_bytes_max: int,
        tls_context: ssl.SSLContext | None = None,
    ) -> None:
        self._allow_http = allow_http
        self._timeout_seconds = timeout_seconds
        self._answer_bytes_max = answer_bytes_max
        self._tls_context = tls_context or ssl.create_default_context()
        self._resolver = Resolver(allowed_networks)
        self._idle: dict[tuple[bool, str, int], list[HttpConnection]] = {}

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Never raises for what the receiver, its name or its network does."""
        try:
            target = target_of(url, self._allow_http)
            async with asyncio.timeout(self._timeout_seconds):
                answer = await self._exchange(target, _request(target, headers, body))
        except TimeoutError:
            return Answer(Outcome.TIMED_OUT, error=f"no full answer in {self._timeout_seconds:g} s")
        except DnsFailedError as error:
            return Answer(Outcome.DNS_FAILED, error=_plain(str(error)))
        except (ForbiddenAddressError, UnusableUrlError) as error:
            return Answer(Outcome.FORBIDDEN_ADDRESS, error=_plain(str(error)))
        except ssl.SSLError as error:
            return Answer(Outcome.TLS_FAILED, error=_plain(str(error)))
        except InvalidAnswerError as error:
            return Answer(Outcome.INVALID_ANSWER, error=_plain(str(error)))
        except (ConnectionLostError, OSError) as error:
            return Answer(Outcome.CONNECTION_FAILED, error=_plain(str(error)))
        return Answer(
            Outcome.ACCEPTED if 200 <= answer.status < 300 else Outcome.REFUSED,
            status=answer.status,
            snippet=_plain(answer.body.decode("utf-8", "replace")),
            retry_after_seconds=_retry_after(answer),
        )

    async def _exchange(self, target: Target, request: bytes) -> HttpAnswer:
        connection = self._take_idle(target) or await self._connect(target)
        answer = await connection.exchange(request)
        if connection.reusable:
            self._idle.setdefault(target.origin, []).append(connection)
        else:
            connection.abort()
        return answer

    def _take_idle(self, target: Target) -> HttpConnection | None:
        idle = self._idle.get(target.origin, [])
        while idle:
            connection = idle.pop()
            if _still_good(connection):
                return connection
            connection.abort()
        return None

    async def _connect(self, target: Target) -> HttpConnection:
        loop = asyncio.get_running_loop()
        failure: OSError | None = None
        for address in (await self._resolver.resolve(target.host))[:ADDRESSES_TRIED_MAX]:
            try:
                async with asyncio.timeout(CONNECT_SECONDS_MAX):
                    _, connection = await loop.create_connection(
                        lambda: HttpConnection(self._answer_bytes_max),
                        str(address),
                        target.port,
                        ssl=self._tls_context if target.tls else None,
                        server_hostname=target.host if target.tls else None,
                    )
                    return connection
            except ssl.SSLError:
                raise
            except TimeoutError:
                failure = OSError(f"{address}: no connection in {CONNECT_SECONDS_MAX:g} s")
            except OSError as error:
                failure = OSError(f"{address}: {error}")
        raise failure or OSError("no address")

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(1)
            for origin, connections in list(self._idle.items()):
                good = [each for each in connections if _still_good(each)]
                for each in connections:
                    if each not in good:
                        each.abort()
                self._idle[origin] = good
                if not good:
                    del self._idle[origin]

    async def __aenter__(self) -> Self:
        self._sweeping = asyncio.create_task(self._sweep())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._sweeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._sweeping
        for connections in self._idle.values():
            for connection in connections:
                connection.abort()
        self._resolver.close()


def _still_good(connection: HttpConnection) -> bool:
    now = time.monotonic()
    return (
        connection.reusable
        and now - connection.idle_since < IDLE_SECONDS_MAX
        and now - connection.born < CONNECTION_SECONDS_MAX
    )


def _request(target: Target, headers: Mapping[str, str], body: bytes) -> bytes:
    """Our own header values only: none of them can hold a line break."""
    lines = [
        f"POST {target.request_target} HTTP/1.1",
        f"host: {target.host_header}",
        f"content-length: {len(body)}",
        "accept-encoding: identity",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def _plain(text: str) -> str:
    """As Postgres takes it: no NUL, no lone surrogate; and not too long."""
    clean = text.replace("\x00", "").encode("utf-8", "replace").decode()
    return clean[:SNIPPET_CHARACTERS_MAX]


def _retry_after(answer: HttpAnswer) -> float | None:
    """Seconds or an HTTP date, believed on 429 and 503 only."""
    if answer.status not in (429, 503) or answer.retry_after is None:
        return None
    text = answer.retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
        return max(0.0, (moment.astimezone(UTC) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None
