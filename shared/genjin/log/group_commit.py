"""Group commit: appends of one workspace that wait in this process go down together in one call and one fsync.

Nothing waits for company: an append that finds a free connection goes at once, and those that arrive while it is under
way share the next call. Each gets its own result; a conflict of one never fails its neighbours.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from uuid import UUID

import asyncpg

from genjin.log.append import Append, AppendResult, append
from genjin.log.wakeup import Wakeup

Waiting = tuple[Append, asyncio.Future[AppendResult]]

# Errors that one command's content brings about, always before the commit.
_OF_ONE_COMMAND = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    TypeError,
    ValueError,
)


class LogBusyError(Exception):
    """The queue is full or the deadline has passed: the caller may try again with the same idempotency key."""


class GroupCommit:
    """The process' only writer. One call per workspace is under way at a time, so arrival order is kept."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        wakeup: Wakeup,
        *,
        batch_max: int,
        queue_max: int,
        timeout_seconds: float,
    ) -> None:
        self._pool = pool
        self._wakeup = wakeup
        self._batch_max = batch_max
        self._queue_max = queue_max
        self._timeout_seconds = timeout_seconds
        self._waiting: dict[UUID, deque[Waiting]] = {}
        self._writers: set[asyncio.Task[None]] = set()
        self._count = 0

    async def append(self, workspace_id: UUID, command: Append) -> AppendResult:
        """Append durably, or raise LogBusyError. A caller that is cancelled after this call has begun does not undo it:
        the append goes on and its answer can be had by its idempotency key.
        """
        if self._count >= self._queue_max:
            raise LogBusyError("too many appends are waiting")
        future: asyncio.Future[AppendResult] = asyncio.get_running_loop().create_future()
        self._count += 1
        queue = self._waiting.get(workspace_id)
        if queue is None:
            self._waiting[workspace_id] = deque([(command, future)])
            writer = asyncio.create_task(self._write(workspace_id))
            self._writers.add(writer)
            writer.add_done_callback(self._writers.discard)
        else:
            queue.append((command, future))
        try:
            async with asyncio.timeout(self._timeout_seconds):
                return await asyncio.shield(future)
        except TimeoutError as error:
            raise LogBusyError("the append did not finish within its deadline") from error

    async def _write(self, workspace_id: UUID) -> None:
        """Empty the workspace's queue, batch by batch, then go."""
        queue = self._waiting[workspace_id]
        while queue:
            batch = [queue.popleft() for _ in range(min(len(queue), self._batch_max))]
            self._count -= len(batch)
            await self._settle(workspace_id, batch)
        del self._waiting[workspace_id]

    async def _settle(self, workspace_id: UUID, batch: Sequence[Waiting]) -> None:
        """Give each caller of a batch a result or an error. Where one command's content failed the call, nothing of it
        was written, and each goes down alone.
        """
        try:
            results = await append(self._pool, workspace_id, [command for command, _ in batch])
        except Exception as error:  # whatever it is belongs to the callers of this batch
            if len(batch) > 1 and isinstance(error, _OF_ONE_COMMAND):
                for one in batch:
                    await self._settle(workspace_id, [one])
                return
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
                    future.exception()  # a caller that has gone leaves no "never retrieved" behind
            return
        for (_, future), result in zip(batch, results, strict=True):
            if not future.done():
                future.set_result(result)
        self._wakeup.ring(workspace_id)

    async def close(self) -> None:
        """Finish what is under way."""
        if self._writers:
            await asyncio.wait(self._writers, timeout=self._timeout_seconds)
