"""HTTP/1.1 load over loopback from a process of its own: a fixed time, fixed keep-alive connections, one request at a
time on each. `python -m tests.bench.http_load` takes a Plan as JSON on standard input and prints an Outcome.
"""

import asyncio
import gc
import json
import sys
from collections import Counter
from dataclasses import asdict, dataclass
from typing import cast

import uvloop

from genjin_deploy.ports import HOST
from tests.bench.arithmetic import percentile
from tests.bench.http_answer import AnswerReader, UnreadableAnswerError

NUMBER = "{number}"
LAST_ANSWER_TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Plan:
    """connections holds for each connection its requests as they go over the wire, sent in turn. {number} in one
    becomes a number that is sent once. rate_per_second: of all connections together; None is as fast as answers come.
    """

    port: int
    seconds: float
    connections: list[list[str]]
    rate_per_second: float | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """answers counts statuses ("201"), and what was none: lost, unreadable, unanswered. The rate is of 2xx alone."""

    seconds: float
    answers: dict[str, int]
    p50_ms: float
    p99_ms: float

    @property
    def succeeded(self) -> int:
        return sum(count for status, count in self.answers.items() if status.startswith("2"))

    @property
    def rate(self) -> float:
        return self.succeeded / self.seconds

    @property
    def errors(self) -> dict[str, int]:
        return {name: count for name, count in self.answers.items() if not name.startswith("2")}


class Run:
    """What the connections share."""

    def __init__(self, deadline: float, interval_seconds: float | None) -> None:
        self.deadline = deadline
        self.interval_seconds = interval_seconds
        self.answers: Counter[str] = Counter()
        self.latencies: list[float] = []
        self.sent = 0


class Connection(asyncio.Protocol):
    """Sends, waits for the answer, sends the next; past the deadline it closes."""

    def __init__(self, run: Run, requests: list[bytes], first_at: float) -> None:
        self._run = run
        self._requests = requests
        self._reader = AnswerReader()
        self._loop = asyncio.get_running_loop()
        self._next = 0
        self._due = first_at
        self._sent_at = 0.0
        self._waiting = False
        self.ended = self._loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is no subclass
        self._loop.call_at(self._due, self._send)

    def _send(self) -> None:
        if self._transport.is_closing():
            return
        now = self._loop.time()
        if now >= self._run.deadline:
            self._transport.close()
            return
        request = self._requests[self._next % len(self._requests)]
        self._next += 1
        self._run.sent += 1
        self._waiting = True
        self._sent_at = now
        self._transport.write(request.replace(NUMBER.encode(), b"%d" % self._run.sent))

    def data_received(self, data: bytes) -> None:
        try:
            status = self._reader.feed(data)
        except UnreadableAnswerError:
            self._waiting = False
            self._run.answers["unreadable"] += 1
            self._transport.abort()
            return
        if status is None:
            return
        self._waiting = False
        self._run.answers[str(status)] += 1
        self._run.latencies.append(self._loop.time() - self._sent_at)
        if self._run.interval_seconds is None:
            self._send()
        else:
            self._due = max(self._due + self._run.interval_seconds, self._loop.time())
            self._loop.call_at(self._due, self._send)

    def connection_lost(self, _error: Exception | None) -> None:
        if self._waiting:
            self._run.answers["lost"] += 1
        if not self.ended.done():
            self.ended.set_result(None)


async def carry_out(plan: Plan) -> Outcome:
    loop = asyncio.get_running_loop()
    started, count = loop.time(), len(plan.connections)
    interval = count / plan.rate_per_second if plan.rate_per_second else None
    run = Run(started + plan.seconds, interval)
    connections = []
    for index, texts in enumerate(plan.connections):
        requests = [text.encode() for text in texts]
        first_at = started + (interval or 0) * index / count
        connection = Connection(run, requests, first_at)
        connections.append(connection)
        await loop.create_connection(lambda made=connection: made, HOST, plan.port)  # type: ignore[misc]
    ended = [connection.ended for connection in connections]
    _, late = await asyncio.wait(ended, timeout=plan.seconds + LAST_ANSWER_TIMEOUT_SECONDS)
    if late:
        run.answers["unanswered"] += len(late)
    latencies_ms = [1000 * seconds for seconds in run.latencies] or [0.0]
    return Outcome(
        seconds=loop.time() - started,
        answers=dict(run.answers),
        p50_ms=percentile(latencies_ms, 0.5),
        p99_ms=percentile(latencies_ms, 0.99),
    )


def main() -> None:
    plan = Plan(**json.load(sys.stdin))
    gc.disable()
    print(json.dumps(asdict(uvloop.run(carry_out(plan)))))


if __name__ == "__main__":
    main()
