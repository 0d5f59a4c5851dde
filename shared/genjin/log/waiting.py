"""The appends of one workspace that wait in this process for their call.

A stream is in one call of theirs at a time, and so is an idempotency key: what comes second waits for the outcome of
the first, which may settle it without a call of its own. Appends that go together wait for no stream: where they meet
another call on one, or on a key, the log's lock puts one of them first, and the other is a conflict or a duplicate.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from genjin.log.append import Append, Appended, AppendResult, Conflict, Duplicate, KeyReused

Key = tuple[UUID, str]

# Of one workspace: while one call is being committed, the next is on its way and the process prepares a third.
CALLS_MAX = 2


def fail(result: asyncio.Future[Any], error: Exception) -> None:
    if not result.done():
        result.set_exception(error)
        result.exception()  # a caller that has gone leaves no "never retrieved" behind


def has_failed(result: asyncio.Future[Any]) -> bool:
    """Whether the caller was told an error; one that was cancelled was told nothing."""
    return result.done() and not result.cancelled()


@dataclass(frozen=True, slots=True)
class Waiting:
    """An append and where its caller waits. A cancelled caller has gone; the append has not."""

    command: Append
    result: asyncio.Future[AppendResult]

    def succeed(self, result: AppendResult) -> None:
        if not self.result.done():
            self.result.set_result(result)

    def fail(self, error: Exception) -> None:
        fail(self.result, error)

    @property
    def has_failed(self) -> bool:
        return has_failed(self.result)


class WaitingAppends:
    """Each stream's appends in the order of their arrival; the streams in the order in which they became ready."""

    def __init__(self) -> None:
        self.calls = 0  # tasks that make calls
        self.under_way = 0  # those of them that wait for Postgres
        self.together = 0  # calls of append_together, under way or not
        self.turns = asyncio.Semaphore(CALLS_MAX)  # of both kinds of calls: connections
        self._streams: dict[str, deque[Waiting]] = {}  # also those that are in a call
        self._ready: deque[str] = deque()
        self._held: list[str] = []  # their first one's key is in a call
        self._keys: set[Key] = set()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def is_ready(self) -> bool:
        """Whether a call would perhaps find something to take."""
        return bool(self._ready)

    @property
    def is_idle(self) -> bool:
        return not self._streams and not self.calls and not self.together

    def add(self, waiting: Waiting) -> None:
        stream = waiting.command.stream
        queue = self._streams.get(stream)
        if queue is None:
            queue = self._streams[stream] = deque()
            self._ready.append(stream)
        queue.append(waiting)
        self._count += 1

    def take(self, limit: int) -> list[Waiting]:
        """At most `limit` that may go together. What failed while it waited is dropped: it was never sent."""
        taken: list[Waiting] = []
        while self._ready and len(taken) < limit:
            stream = self._ready.popleft()
            queue = self._streams[stream]
            while queue and queue[0].has_failed:
                self._pop(queue)
            if not queue:
                del self._streams[stream]
            elif (key := queue[0].command.idempotency) in self._keys:
                self._held.append(stream)
            else:
                if key is not None:
                    self._keys.add(key)
                taken.append(self._pop(queue))
        return taken

    def give_back(self, batch: Sequence[Waiting], results: Sequence[AppendResult]) -> None:
        """Their call has ended; no results: it failed. Others of their streams and keys may go now."""
        for waiting, result in zip(batch, results, strict=False):
            if isinstance(result, Appended | Conflict):
                self._settle_stale(self._streams[waiting.command.stream], result.version)
        self._keys -= {each.command.idempotency for each in batch if each.command.idempotency}
        held, self._held = self._held, []
        for stream in [*held, *(each.command.stream for each in batch)]:
            self._settle_repeated(self._streams[stream], batch, results)
            if self._streams[stream]:
                self._ready.append(stream)
            else:
                del self._streams[stream]

    def _settle_stale(self, queue: deque[Waiting], version: int) -> None:
        """A version never goes back, so what was decided on an older one is a conflict. A key is looked at first:
        whoever has one goes to the log.
        """
        while queue and not queue[0].command.answer and queue[0].command.expected_version < version:
            self._pop(queue).succeed(Conflict(version))

    def _settle_repeated(
        self, queue: deque[Waiting], batch: Sequence[Waiting], results: Sequence[AppendResult]
    ) -> None:
        """The same request under the same key, sent again before the first was answered."""
        if not queue or queue[0].command.answer is None:
            return
        for waiting, result in zip(batch, results, strict=False):
            known = waiting.command.answer
            if known is None or not isinstance(result, Appended | Duplicate):
                continue
            while queue and queue[0].command.idempotency == waiting.command.idempotency:
                repeated = self._pop(queue)
                answer = repeated.command.answer
                same = answer is not None and answer.fingerprint == known.fingerprint
                repeated.succeed(Duplicate() if same else KeyReused())

    def _pop(self, queue: deque[Waiting]) -> Waiting:
        self._count -= 1
        return queue.popleft()
