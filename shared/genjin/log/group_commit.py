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
from genjin.log.waiting import Waiting, WaitingAppends
from genjin.log.wakeup import Wakeup

# Of one workspace: while one call is being committed, the next is on its way and the process prepares a third.
CALLS_MAX = 2
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


class LogBusyError(Exception):
    """The queue is full or the deadline has passed: the caller may try again with the same idempotency key."""


class GroupCommit:
    """The process' only writer. A stream is in one call at a time, so its order of arrival is kept."""

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
        self._deadlines: deque[tuple[float, Waiting]] = deque()
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
        queue = self._workspaces.get(workspace_id)
        if queue is None:
            queue = self._workspaces[workspace_id] = WaitingAppends()
        queue.add(waiting)
        self._start(workspace_id, queue)
        self._keep_deadline(waiting)
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
        call = asyncio.create_task(self._call_together(workspace_id, commands))
        self._calls.add(call)
        call.add_done_callback(self._ended)
        done, _ = await asyncio.wait([call], timeout=self._timeout_seconds)
        if not done:
            raise LogBusyError("the append did not finish within its deadline")
        return call.result()

    def _ended(self, call: asyncio.Task[Any]) -> None:
        self._calls.discard(call)
        if not call.cancelled():
            call.exception()  # a caller that has gone leaves no "never retrieved" behind

    async def _call_together(
        self, workspace_id: UUID, commands: Sequence[Append]
    ) -> Sequence[Appended] | NotAppended:
        async with self._free:
            connection = await self._connection()
            try:
                results = await append_together(connection, workspace_id, commands)
            except BaseException:
                await self._pool.release(connection)
                raise
            self._idle.append(connection)
        self._wakeup.ring(workspace_id)
        return results

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
            async with self._free:
                share = -(-len(queue) // (CALLS_MAX - queue.under_way))
                batch = queue.take(min(max(share, SHARE_MIN), self._batch_max))
                if not batch:
                    break
                queue.under_way += 1
                results = await self._settle(workspace_id, batch)
                queue.under_way -= 1
                queue.give_back(batch, results)
        queue.calls -= 1
        if queue.is_idle:
            del self._workspaces[workspace_id]

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

    def _keep_deadline(self, waiting: Waiting) -> None:
        """One timer for all: they have the same time, so the first to come is the first to expire."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._timeout_seconds
        while self._deadlines and self._deadlines[0][1].result.done():
            self._deadlines.popleft()
        self._deadlines.append((deadline, waiting))
        if self._sweep is None:
            self._sweep = loop.call_at(deadline, self._expire)

    def _expire(self) -> None:
        loop = asyncio.get_running_loop()
        while self._deadlines:
            deadline, waiting = self._deadlines[0]
            if not waiting.result.done():
                if deadline > loop.time():
                    self._sweep = loop.call_at(deadline, self._expire)
                    return
                waiting.fail(LogBusyError("the append did not finish within its deadline"))
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
        for _, waiting in self._deadlines:
            waiting.fail(LogBusyError("the process ended before the append did"))
        if self._sweep is not None:
            self._sweep.cancel()
        while self._idle:
            await self._pool.release(self._idle.pop())
