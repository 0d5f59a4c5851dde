"""How busy workspaces share the connections of the append."""

import asyncio
from uuid import UUID, uuid4

import pytest

from genjin.log.append import Appended
from genjin.log.group_commit import LogBusyError
from genjin.log.reading import read_stream
from tests.log.holding import held, under_way
from tests.log.log import Log, command


async def test_workspaces_do_not_wait_for_each_other(log: Log) -> None:
    async with log.group_commit() as writer:
        connection, transaction = await held(log)
        first = await under_way(log, writer)
        elsewhere = uuid4()
        assert isinstance(await writer.append(elsewhere, command("a", 0, "free")), Appended)
        assert not first.done()
        await transaction.rollback()
        await first
        await connection.close()
    assert len(await read_stream(log.pool, elsewhere, "a")) == 1


@pytest.mark.parametrize(("connections", "workspaces"), [(1, 1), (1, 5), (4, 12)])
async def test_more_busy_workspaces_than_connections_take_turns(
    log: Log, connections: int, workspaces: int
) -> None:
    elsewhere = [uuid4() for _ in range(workspaces)]
    async with log.group_commit(connections) as writer:

        async def busy(workspace_id: UUID) -> int:
            written = 0
            for number in range(5):
                appends = [
                    writer.append(workspace_id, command(f"s{stream}", number, str(number)))
                    for stream in range(8)
                ]
                results = await asyncio.gather(*appends)
                written += sum(isinstance(result, Appended) for result in results)
            return written

        counts = await asyncio.gather(*map(busy, elsewhere))
    assert counts == [40] * workspaces


async def test_what_waits_for_a_connection_expires_unsent_and_frees_its_key(log: Log) -> None:
    async with log.group_commit(1, timeout_seconds=0.5) as writer:
        connection, transaction = await held(log)
        first = await under_way(log, writer)
        elsewhere = uuid4()
        with pytest.raises(LogBusyError):
            await writer.append(elsewhere, command("a", 0, "late", key="k"))
        await transaction.rollback()
        await connection.close()
        await asyncio.gather(first, return_exceptions=True)
        assert isinstance(
            await writer.append(elsewhere, command("a", 0, "again", key="k")), Appended
        )
    assert [event.version for event in await read_stream(log.pool, elsewhere, "a")] == [1]


async def test_a_writer_that_closes_while_the_log_is_held_ends_in_its_time(log: Log) -> None:
    connection, transaction = await held(log)
    async with log.group_commit(2, timeout_seconds=0.5) as writer:
        waiting = [
            asyncio.create_task(writer.append(log.workspace_id, command(f"s{n}", 0, str(n))))
            for n in range(6)
        ]
        await log.until_somebody_waits()
    results = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 5)
    assert {type(result) for result in results} == {LogBusyError}
    with pytest.raises(LogBusyError, match="ending"):
        await writer.append(log.workspace_id, command("late", 0, "late"))
    await transaction.rollback()
    await connection.close()
