"""Many writers and a reader at once: what the reader was served is the whole log up to there, in order."""

import asyncio
import random
from collections import Counter
from contextlib import AsyncExitStack

import asyncpg

from genjin.event import RecordedEvent
from genjin.log.append import Appended, AppendResult, Conflict, append
from genjin.log.group_commit import GroupCommit
from genjin.log.reading import read_head, read_tail
from tests.log.log import Log, command
from tests.log.test_body import assert_chained, commits

WRITERS = 8
APPENDS = 40


class Tail:
    """A reader that follows the log and never asks again for what it was served."""

    def __init__(self) -> None:
        self.served: list[RecordedEvent] = []
        self.stopping = False

    async def follow(self, log: Log) -> None:
        while True:
            last_round = self.stopping
            after = self.served[-1].position if self.served else 0
            page = await read_tail(log.pool, log.workspace_id, after, 50)
            self.served += page
            if last_round and not page:
                return
            await asyncio.sleep(0)


async def write(log: Log, writer: int, via: GroupCommit | asyncpg.Connection) -> list[str]:
    """Append to three streams that all writers share; the texts of the events that were acknowledged."""
    chance = random.Random(writer)
    versions: Counter[str] = Counter()
    acknowledged: list[str] = []
    while len(acknowledged) < APPENDS:
        stream = chance.choice("abc")
        texts = [f"{writer}.{len(acknowledged)}.{part}" for part in range(chance.randint(1, 3))]
        result = await _append(log, via, stream, versions[stream], texts)
        assert isinstance(result, Appended | Conflict), result
        versions[stream] = result.version
        if isinstance(result, Appended):
            acknowledged += texts
    return acknowledged


async def _append(
    log: Log, via: GroupCommit | asyncpg.Connection, stream: str, version: int, texts: list[str]
) -> AppendResult:
    wanted = command(stream, version, *texts)
    if isinstance(via, GroupCommit):
        return await via.append(log.workspace_id, wanted)
    [result] = await append(via, log.workspace_id, [wanted])
    return result


async def test_a_tail_is_complete_and_in_order_while_many_write(log: Log) -> None:
    tail = Tail()
    following = asyncio.create_task(tail.follow(log))
    async with AsyncExitStack() as opened:
        first = await opened.enter_async_context(log.group_commit())
        second = await opened.enter_async_context(log.group_commit(batch_max=3))
        ways: list[GroupCommit | asyncpg.Connection] = [first, second] * WRITERS
        for _ in range(WRITERS):
            ways.append(await opened.enter_async_context(log.connection()))
        acknowledged = await asyncio.gather(
            *(write(log, number, via) for number, via in enumerate(ways))
        )
    tail.stopping = True
    await following

    events = await log.events()
    assert tail.served == events
    assert [event.position for event in events] == list(range(1, len(events) + 1))
    told = [text for texts in acknowledged for text in texts]
    assert Counter(await log.texts()) == Counter(told)
    for stream in "abc":
        versions = [event.version for event in events if event.stream == stream]
        assert versions == list(range(1, len(versions) + 1))
    assert_chained(log.workspace_id, await commits(log), events)


async def test_an_open_append_hides_later_ones_until_it_is_committed(log: Log) -> None:
    """The lock is held to the commit: nobody can be served position 2 while position 1 may still appear."""
    async with log.connection() as slow, log.connection() as quick:
        transaction = slow.transaction(isolation="read_committed")
        await transaction.start()
        await append(slow, log.workspace_id, [command("a", 0, "first")])
        waiting = asyncio.create_task(append(quick, log.workspace_id, [command("b", 0, "second")]))
        await log.until_somebody_waits()
        assert await log.events() == []
        assert not waiting.done()
        await transaction.commit()
        [result] = await waiting
    assert isinstance(result, Appended)
    assert result.position == 2
    assert await log.texts() == ["first", "second"]


async def test_one_key_sent_by_many_at_once_is_appended_once(log: Log) -> None:
    async with log.group_commit() as first, log.group_commit() as second:
        results = await asyncio.gather(
            *(
                via.append(log.workspace_id, command(f"s{number}", 0, "once", key="k"))
                for number in range(25)
                for via in (first, second)
            )
        )
    assert Counter(type(result).__name__ for result in results) == {"Appended": 1, "Duplicate": 49}
    assert await log.texts() == ["once"]


async def test_the_head_is_the_last_commit(log: Log) -> None:
    assert (await read_head(log.pool, log.workspace_id)).position == 0
    await log.append(command("a", 0, "1", "2"))
    head = await read_head(log.pool, log.workspace_id)
    [commit] = await commits(log)
    assert (head.position, head.commit_hash) == (2, commit["hash"])
