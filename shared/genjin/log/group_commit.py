"""Group commit: appends of one workspace that wait in this process go down together in one call and one fsync.

Nothing waits for company: an append that finds a free connection goes at once, and those that arrive while calls are
under way share the next one. Each gets its own result; a conflict of one never fails its neighbours.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from genjin.log.append import Append, Appended, AppendResult, append
from genjin.log.together import NotAppended, append_together
from genjin.log.waiting import CALLS_MAX, Waiting, WaitingAppends, fail, has_failed
from genjin.log.wakeup import Wakeup

# Fewer are not worth a call of their own while another connection is free.
SHARE_MIN = 8

# Errors that one command's content brings about, always before the commit.
_OF_ONE_COMMAND = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    KeyError,
    TypeError,
    ValueError,
)

Together = asyncio.Future[Sequence[Appended] | NotAppended]


class LogBusyError(Exception):
    """The queue is full or the deadline has passed: the caller may try again with the same idempotency key."""


class GroupCommit:
    """The process' only writer. Of append(), a stream is in one call at a time, so its order of arrival is kept.
    append_together() may be under way beside it on the same stream: then the log's lock orders them, and the second is
    told a conflict.
    """

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
        self._workspaces: dict[UUID, WaitingAppends] = {}
        self._calls: set[asyncio.Task[Any]] = set()
        # As many calls as there are connections; those that are idle are kept, so that none is waited for behind it.
        self._free = asyncio.Semaphore(pool.get_max_size())
        self._idle: list[PoolConnectionProxy] = []
        self._closing = False
        self._deadlines: deque[tuple[float, asyncio.Future[Any]]] = deque()
        self._sweep: asyncio.TimerHandle | None = None

    async def append(self, workspace_id: UUID, command: Append) -> AppendResult:
        """Append durably, or raise LogBusyError. A caller that is cancelled after this call has begun does not undo it:
        the append goes on and its answer can be had by its idempotency key.
        """
        if self._closing:
            raise LogBusyError("the process is ending")
        if sum(map(len, self._workspaces.values())) >= self._queue_max:
            raise LogBusyError("too many appends are waiting")
        waiting = Waiting(command, asyncio.get_running_loop().create_future())
        queue = self._queue(workspace_id)
        queue.add(waiting)
        self._start(workspace_id, queue)
        self._keep_deadline(waiting.result)
        return await waiting.result

    async def append_together(
        self, workspace_id: UUID, commands: Sequence[Append]
    ) -> Sequence[Appended] | NotAppended:
        """Append to several streams in one commit of their own, or to none of them. What else is raised, and a caller
        that is cancelled, are as with append().
        """
        if self._closing:
            raise LogBusyError("the process is ending")
        if len(self._calls) >= self._queue_max:
            raise LogBusyError("too many appends are waiting")
        result: Together = asyncio.get_running_loop().create_future()
        call = asyncio.create_task(self._call_together(workspace_id, commands, result))
        self._queue(workspace_id).together += 1
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)
        self._keep_deadline(result)
        return await result

    async def _call_together(
        self, workspace_id: UUID, commands: Sequence[Append], result: Together
    ) -> None:
        """In one of the workspace's turns, which it shares with its other appends. What expired before it was sent is
        never sent.
        """
        queue = self._queue(workspace_id)
        try:
            async with queue.turns, self._free:
                if not has_failed(result):
                    results = await self._append_together(workspace_id, commands)
                    if not result.done():
                        result.set_result(results)
                    self._wakeup.ring(workspace_id)
        except Exception as error:  # whatever it is belongs to the caller
            fail(result, error)
        finally:
            queue.together -= 1
            self._drop_idle(workspace_id, queue)

    async def _append_together(
        self, workspace_id: UUID, commands: Sequence[Append]
    ) -> Sequence[Appended] | NotAppended:
        connection = await self._connection()
        try:
            results = await append_together(connection, workspace_id, commands)
        except BaseException:
            await self._pool.release(connection)
            raise
        self._idle.append(connection)
        return results

    def _queue(self, workspace_id: UUID) -> WaitingAppends:
        queue = self._workspaces.get(workspace_id)
        if queue is None:
            queue = self._workspaces[workspace_id] = WaitingAppends()
        return queue

    def _drop_idle(self, workspace_id: UUID, queue: WaitingAppends) -> None:
        if queue.is_idle:
            del self._workspaces[workspace_id]

    def _start(self, workspace_id: UUID, queue: WaitingAppends) -> None:
        """One more call, if there is something for it to do. It takes what waits when its turn comes, so that all who
        were woken by the same result go together.
        """
        if queue.is_ready and queue.calls < CALLS_MAX:
            queue.calls += 1
            call = asyncio.create_task(self._call(workspace_id, queue))
            self._calls.add(call)
            call.add_done_callback(self._calls.discard)

    async def _call(self, workspace_id: UUID, queue: WaitingAppends) -> None:
        """Take and settle batches until there is nothing left to take.

        A batch is taken when there is a connection for it: what waits for one can expire, and its streams and keys are
        held by nobody meanwhile. Between batches the connection goes to whichever workspace waited longest.
        """
        while queue.is_ready:
            async with queue.turns, self._free:
                share = -(-len(queue) // (CALLS_MAX - queue.under_way))
                batch = queue.take(min(max(share, SHARE_MIN), self._batch_max))
                if not batch:
                    break
                queue.under_way += 1
                results = await self._settle(workspace_id, batch)
                queue.under_way -= 1
                queue.give_back(batch, results)
        queue.calls -= 1
        self._drop_idle(workspace_id, queue)

    async def _settle(self, workspace_id: UUID, batch: Sequence[Waiting]) -> Sequence[AppendResult]:
        """Give each caller of a batch a result or an error; the results, if there are any. Where one command's
        content failed the call, nothing of it was written, and each goes down alone.
        """
        try:
            results = await self._append(workspace_id, [each.command for each in batch])
        except Exception as error:  # whatever it is belongs to the callers of this batch
            if len(batch) > 1 and isinstance(error, _OF_ONE_COMMAND):
                for one in batch:
                    await self._settle(workspace_id, [one])
            else:
                for each in batch:
                    each.fail(error)
            return ()
        for each, result in zip(batch, results, strict=True):
            each.succeed(result)
        self._wakeup.ring(workspace_id)
        return results

    async def _append(
        self, workspace_id: UUID, commands: Sequence[Append]
    ) -> Sequence[AppendResult]:
        """On a connection that is kept: to take one from the pool and give it back costs as much as the call."""
        connection = await self._connection()
        try:
            results = await append(connection, workspace_id, commands)
        except BaseException:
            await self._pool.release(connection)  # which looks whether it is still good
            raise
        self._idle.append(connection)
        return results

    async def _connection(self) -> PoolConnectionProxy:
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
            await self._pool.release(connection)
        return await self._pool.acquire()

    def _keep_deadline(self, result: asyncio.Future[Any]) -> None:
        """One timer for all: they have the same time, so the first to come is the first to expire."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._timeout_seconds
        while self._deadlines and self._deadlines[0][1].done():
            self._deadlines.popleft()
        self._deadlines.append((deadline, result))
        if self._sweep is None:
            self._sweep = loop.call_at(deadline, self._expire)

    def _expire(self) -> None:
        loop = asyncio.get_running_loop()
        while self._deadlines:
            deadline, result = self._deadlines[0]
            if not result.done():
                if deadline > loop.time():
                    self._sweep = loop.call_at(deadline, self._expire)
                    return
                fail(result, LogBusyError("the append did not finish within its deadline"))
            self._deadlines.popleft()
        self._sweep = None

    async def close(self) -> None:
        """Finish what was submitted, within the time that an append has; nothing more is taken in."""
        self._closing = True
        if self._calls:
            _, late = await asyncio.wait(self._calls, timeout=self._timeout_seconds)
            for call in late:
                call.cancel()
            if late:
                await asyncio.wait(late)
        for _, result in self._deadlines:
            fail(result, LogBusyError("the process ended before the append did"))
        if self._sweep is not None:
            self._sweep.cancel()
        while self._idle:
            await self._pool.release(self._idle.pop())
