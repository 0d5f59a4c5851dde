"""Interleavings of writers that break logs, each played step by step, with a reader that looks after every step."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from tests.attack.oracle import Verdict, judge
from tests.attack.schemes import RefusedError, Scheme, Seen

WAITS_SECONDS = 0.15  # a step that has not ended by then waits for another writer


@dataclass(slots=True)
class Stage:
    """The connections of a scene. elsewhere is one to another database of the same server."""

    scheme: Scheme
    url: str
    elsewhere_url: str
    exits: AsyncExitStack
    acknowledged: list[str] = field(default_factory=list)
    served: list[Seen] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    _checkpoint: Any = None
    _reading: asyncpg.Connection | None = None

    async def writer(self) -> asyncpg.Connection:
        connection = await asyncpg.connect(self.url)
        self.exits.push_async_callback(connection.close)
        return connection

    async def stranger(self) -> asyncpg.Connection:
        connection = await asyncpg.connect(self.elsewhere_url)
        self.exits.push_async_callback(connection.close)
        await connection.execute("CREATE TABLE IF NOT EXISTS of_others (n int)")
        return connection

    async def write(self, connection: asyncpg.Connection, stream: str, text: str) -> None:
        await self.scheme.write(connection, stream, text)

    async def committed(self, connection: asyncpg.Connection, stream: str, text: str) -> None:
        """A write of its own, in autocommit."""
        await self.write(connection, stream, text)
        self.acknowledged.append(text)

    async def read(self) -> None:
        """The reader goes on from its checkpoint, as far as it is served."""
        if self._reading is None:
            self._reading = await self.writer()
        while True:
            seen, self._checkpoint = await self.scheme.read(self._reading, self._checkpoint)
            if not seen:
                return
            self.served += seen

    async def step(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Begin; go on when it has ended, or when it has to wait for somebody. Then the reader looks."""
        task = asyncio.create_task(work)
        await asyncio.wait((task,), timeout=WAITS_SECONDS)
        await self.read()
        return task

    def verdict(self) -> Verdict:
        return judge(self.acknowledged, self.served, self.late)


async def a_writer_commits_late(stage: Stage) -> None:
    slow, quick = await stage.writer(), await stage.writer()
    transaction = slow.transaction()
    await transaction.start()
    await stage.step(stage.write(slow, "a", "slow"))
    quicker = await stage.step(stage.committed(quick, "b", "quick"))
    await transaction.commit()
    stage.acknowledged.append("slow")
    await quicker


async def a_writer_rolls_back(stage: Stage) -> None:
    fickle, steady = await stage.writer(), await stage.writer()
    transaction = fickle.transaction()
    await transaction.start()
    await stage.step(stage.write(fickle, "a", "never"))
    other = await stage.step(stage.committed(steady, "a", "steady"))
    await transaction.rollback()
    await other
    await stage.step(stage.committed(fickle, "a", "after all"))


async def a_savepoint_is_rolled_back(stage: Stage) -> None:
    first, second = await stage.writer(), await stage.writer()
    outer = first.transaction()
    await outer.start()
    inner = first.transaction()
    await inner.start()
    await stage.step(stage.write(first, "a", "never"))
    await inner.rollback()
    other = await stage.step(stage.committed(second, "b", "between"))
    again = await stage.step(stage.write(first, "a", "again"))
    await again
    await stage.read()
    await outer.commit()
    stage.acknowledged.append("again")
    await other


async def a_writer_wrote_elsewhere_first(stage: Stage) -> None:
    """It has a transaction id long before it appends: an inline read model, an outbox."""
    early, late = await stage.writer(), await stage.writer()
    await late.execute("CREATE TABLE IF NOT EXISTS elsewhere (n int)")
    transaction = early.transaction()
    await transaction.start()
    await early.execute("INSERT INTO elsewhere VALUES (1)")
    await stage.step(stage.committed(late, "a", "first version"))
    await stage.step(stage.write(early, "a", "second version"))
    await transaction.commit()
    stage.acknowledged.append("second version")


async def another_database_has_a_long_transaction(stage: Stage) -> None:
    stranger, writer = await stage.stranger(), await stage.writer()
    transaction = stranger.transaction()
    await transaction.start()
    await stranger.execute("INSERT INTO of_others VALUES (1)")
    for number in range(3):
        await stage.step(stage.committed(writer, "a", f"meanwhile {number}"))
    served = {seen.text for seen in stage.served}
    stage.late += [text for text in stage.acknowledged if text not in served]
    await transaction.rollback()


async def a_caller_has_an_old_snapshot(stage: Stage) -> None:
    """REPEATABLE READ: what it reads of the log may be old. It may be refused, never be wrong."""
    old, other = await stage.writer(), await stage.writer()
    transaction = old.transaction(isolation="repeatable_read")
    await transaction.start()
    await old.fetchval("SELECT count(*) FROM pg_class")
    await stage.step(stage.committed(other, "a", "meanwhile"))
    try:
        await stage.write(old, "b", "on an old snapshot")
        await transaction.commit()
        stage.acknowledged.append("on an old snapshot")
    except RefusedError:
        await transaction.rollback()


Scene = Callable[[Stage], Awaitable[None]]

SCENES: dict[str, Scene] = {
    scene.__name__.replace("_", " "): scene
    for scene in (
        a_writer_commits_late,
        a_writer_rolls_back,
        a_savepoint_is_rolled_back,
        a_writer_wrote_elsewhere_first,
        another_database_has_a_long_transaction,
        a_caller_has_an_old_snapshot,
    )
}


async def play(scene: Scene, scheme: Scheme, url: str, elsewhere_url: str) -> Verdict:
    """The scene, and then everything there is to read."""
    async with AsyncExitStack() as exits:
        stage = Stage(scheme, url, elsewhere_url, exits)
        await scheme.prepare(await stage.writer())
        await scene(stage)
        await stage.read()
        return stage.verdict()
