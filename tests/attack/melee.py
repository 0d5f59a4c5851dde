"""Eight writers that do whatever they like to their transactions, and a reader that follows."""

import asyncio
import random
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress

import asyncpg

from tests.attack.oracle import Verdict
from tests.attack.scenes import Stage
from tests.attack.schemes import RefusedError, Scheme

WRITERS = 8
STREAMS = "abc"


async def melee(scheme: Scheme, url: str, elsewhere_url: str, writes: int, seed: int) -> Verdict:
    """Each writer makes so many writes. A stranger's transaction opens and closes all the while."""
    async with AsyncExitStack() as exits:
        stage = Stage(scheme, url, elsewhere_url, exits)
        owner = await stage.writer()
        await scheme.prepare(owner)
        await owner.execute("CREATE TABLE IF NOT EXISTS elsewhere (n int)")
        connections = [await stage.writer() for _ in range(WRITERS)]
        stranger = asyncio.create_task(_stranger(await stage.stranger()))
        reader = asyncio.create_task(_follow(stage))
        await asyncio.gather(
            *(
                _write(stage, connection, random.Random(seed * 100 + number), number, writes)
                for number, connection in enumerate(connections)
            )
        )
        for task in (stranger, reader):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await stage.read()
        return stage.verdict()


async def _follow(stage: Stage) -> None:
    while True:
        await stage.read()
        await asyncio.sleep(0)


async def _stranger(connection: asyncpg.Connection) -> None:
    while True:
        async with connection.transaction():
            await connection.execute("INSERT INTO of_others VALUES (1)")
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.01)


async def _write(
    stage: Stage, connection: asyncpg.Connection, chance: random.Random, writer: int, writes: int
) -> None:
    for number in range(writes):
        texts = [f"{writer}.{number}.{part}" for part in range(chance.randint(1, 2))]
        with suppress(RefusedError):
            await _transaction(stage, connection, chance, texts)


async def _transaction(
    stage: Stage, connection: asyncpg.Connection, chance: random.Random, texts: Sequence[str]
) -> None:
    """One of the ways to write, chosen by chance. What was committed is acknowledged."""
    way = chance.choice(("autocommit", "late", "rolled back", "savepoint", "elsewhere first"))
    if way == "autocommit":
        await stage.committed(connection, chance.choice(STREAMS), texts[0])
        return
    transaction = connection.transaction()
    await transaction.start()
    try:
        if way == "elsewhere first":
            await connection.execute("INSERT INTO elsewhere VALUES (1)")
            await asyncio.sleep(chance.random() * 0.004)
        if way == "savepoint":
            inner = connection.transaction()
            await inner.start()
            await stage.write(connection, chance.choice(STREAMS), f"{texts[0]} in vain")
            await inner.rollback()
        for text in texts:
            await stage.write(connection, chance.choice(STREAMS), text)
        await asyncio.sleep(chance.random() * 0.004)
    except RefusedError:
        await transaction.rollback()
        raise
    if way == "rolled back":
        await transaction.rollback()
        return
    await transaction.commit()
    stage.acknowledged += texts
