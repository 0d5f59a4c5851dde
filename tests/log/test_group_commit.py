"""Group commit: who waits together goes down together, and nobody pays for a neighbour."""

import asyncio
from datetime import UTC, datetime

import asyncpg
import pytest

from genjin.log.append import Appended, Conflict, Duplicate, KeyReused
from genjin.log.group_commit import LogBusyError
from tests.log.holding import held, under_way
from tests.log.log import Log, command, event


def workspace_row(name: str) -> dict[str, object]:
    now = datetime.now(UTC)
    return {"name": name, "time_zone": "Asia/Shanghai", "version": 1, "created_at": now}


async def test_appends_that_wait_share_one_commit_time_and_keep_their_order(log: Log) -> None:
    async with log.group_commit() as writer:
        connection, transaction = await held(log)
        first = await under_way(log, writer)
        waiting = [
            asyncio.create_task(
                writer.append(log.workspace_id, command(f"s{number}", 0, str(number)))
            )
            for number in range(20)
        ]
        await asyncio.sleep(0)
        await transaction.rollback()
        results = await asyncio.gather(*waiting)
        await first
        await connection.close()
    assert await log.texts() == ["first", *map(str, range(20))]
    assert len({result.recorded_at for result in results if isinstance(result, Appended)}) == 1


async def test_a_conflict_in_a_shared_call_fails_nobody_else(log: Log) -> None:
    async with log.group_commit() as writer:
        connection, transaction = await held(log)
        first = await under_way(log, writer)
        waiting = asyncio.gather(
            *(
                writer.append(log.workspace_id, command("same", 0, str(number)))
                for number in range(5)
            ),
            writer.append(log.workspace_id, command("other", 0, "other")),
        )
        await asyncio.sleep(0)
        await transaction.rollback()
        *same, other = await waiting
        await first
        await connection.close()
    assert isinstance(same[0], Appended) and isinstance(other, Appended)
    assert same[1:] == [Conflict(1)] * 4


async def test_appends_of_one_stream_follow_each_other_in_the_order_of_their_arrival(
    log: Log,
) -> None:
    async with log.group_commit() as writer:
        connection, transaction = await held(log)
        first = await under_way(log, writer)
        waiting = asyncio.gather(
            writer.append(log.workspace_id, command("a", 0, "1")),
            writer.append(log.workspace_id, command("a", 1, "2", "3")),
            writer.append(log.workspace_id, command("b", 0, "other")),
            writer.append(log.workspace_id, command("a", 1, "late", key="k")),
            writer.append(log.workspace_id, command("a", 3, "4")),
        )
        await asyncio.sleep(0)
        await transaction.rollback()
        results = await waiting
        await first
        await connection.close()
    versions = [result.version for result in results if isinstance(result, Appended)]
    assert versions == [1, 3, 1, 4]
    assert results[3] == Conflict(3)
    assert [text for text in await log.texts() if text in "1234"] == ["1", "2", "3", "4"]


async def test_a_request_that_is_sent_again_while_it_is_under_way_is_a_duplicate(log: Log) -> None:
    async with log.group_commit() as writer:
        connection, transaction = await held(log)
        first = await under_way(log, writer)
        waiting = asyncio.gather(
            writer.append(log.workspace_id, command("a", 0, "1", key="k")),
            writer.append(log.workspace_id, command("b", 0, "2", key="k")),
            writer.append(
                log.workspace_id, command("c", 0, "3", key="k", fingerprint=b"another request")
            ),
            writer.append(log.workspace_id, command("a", 1, "4", key="k")),
        )
        await asyncio.sleep(0)
        await transaction.rollback()
        appended, *others = await waiting
        await first
        await connection.close()
    assert isinstance(appended, Appended)
    assert others == [Duplicate(), KeyReused(), Duplicate()]
    assert await log.texts() == ["first", "1"]


async def test_a_key_whose_first_request_was_refused_is_free_for_the_next(log: Log) -> None:
    await log.append(command("old", 0, "old"))
    async with log.group_commit() as writer:
        connection, transaction = await held(log)
        first = await under_way(log, writer)
        waiting = asyncio.gather(
            writer.append(log.workspace_id, command("old", 0, "stale", key="k")),
            writer.append(log.workspace_id, command("b", 0, "1", key="k")),
        )
        await asyncio.sleep(0)
        await transaction.rollback()
        refused, made = await waiting
        await first
        await connection.close()
    assert refused == Conflict(1)
    assert isinstance(made, Appended)


async def test_an_append_whose_deadline_passed_before_it_was_sent_is_never_sent(log: Log) -> None:
    async with log.group_commit(timeout_seconds=0.3) as writer:
        connection, transaction = await held(log)
        waiting = [
            asyncio.create_task(
                writer.append(log.workspace_id, command("a", version, str(version)))
            )
            for version in range(3)
        ]
        results = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(result) for result in results] == [LogBusyError] * 3
        await transaction.rollback()
        await connection.close()
    assert await log.texts() == ["0"]  # it was under way: what becomes of it nobody knows


async def test_an_event_that_postgres_refuses_fails_its_own_command_alone(log: Log) -> None:
    twice = event("twice")
    await log.append(command("a", 0, events=[twice]))
    async with log.group_commit() as writer:
        connection, transaction = await held(log)
        first = await under_way(log, writer)
        waiting = asyncio.gather(
            writer.append(log.workspace_id, command("b", 0, "before")),
            writer.append(log.workspace_id, command("c", 0, events=[twice])),
            writer.append(
                log.workspace_id, command("d", 0, "nul", rows={"workspace": [workspace_row("\0")]})
            ),
            writer.append(log.workspace_id, command("e", 0, "half a \ud800 pair")),
            writer.append(log.workspace_id, command("f", 0, "after", key="k")),
            return_exceptions=True,
        )
        await asyncio.sleep(0)
        await transaction.rollback()
        before, *refused, after = await waiting
        await first
        await connection.close()
    assert isinstance(before, Appended) and isinstance(after, Appended)
    assert [isinstance(result, Exception) for result in refused] == [True] * 3
    assert isinstance(refused[0], asyncpg.UniqueViolationError)
    assert await log.texts() == ["twice", "first", "before", "after"]


async def test_a_full_queue_says_so_at_once_and_what_waits_is_still_appended(log: Log) -> None:
    async with log.group_commit(queue_max=2) as writer:
        connection, transaction = await held(log)
        first = await under_way(log, writer)
        waiting = [
            asyncio.create_task(
                writer.append(log.workspace_id, command(f"s{number}", 0, str(number)))
            )
            for number in range(2)
        ]
        await asyncio.sleep(0)
        with pytest.raises(LogBusyError):
            await writer.append(log.workspace_id, command("s3", 0, "too many"))
        await transaction.rollback()
        await asyncio.gather(first, *waiting)
        await writer.append(log.workspace_id, command("s3", 0, "again"))
        await connection.close()
    assert await log.texts() == ["first", "0", "1", "again"]


async def test_a_caller_that_goes_away_undoes_nothing_and_its_key_is_answered(log: Log) -> None:
    async with log.group_commit() as writer:
        connection, transaction = await held(log)
        gone = asyncio.create_task(
            writer.append(log.workspace_id, command("a", 0, "kept", key="k"))
        )
        await asyncio.sleep(0)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        await transaction.rollback()
        result = await writer.append(log.workspace_id, command("a", 0, "kept", key="k"))
        await connection.close()
    assert result == Duplicate()
    assert await log.texts() == ["kept"]


async def test_a_deadline_that_passes_is_busy_and_the_key_tells_later_what_became_of_it(
    log: Log,
) -> None:
    async with log.group_commit(timeout_seconds=0.2) as writer:
        connection, transaction = await held(log)
        with pytest.raises(LogBusyError):
            await writer.append(log.workspace_id, command("a", 0, "slow", key="k"))
        await transaction.rollback()
        await connection.close()
    async with log.group_commit() as writer:
        result = await writer.append(log.workspace_id, command("a", 0, "slow", key="k"))
    assert isinstance(result, Appended | Duplicate)
    assert await log.texts() == ["slow"]


async def test_a_writer_that_closes_finishes_what_was_submitted(log: Log) -> None:
    async with log.group_commit(batch_max=4) as writer:
        waiting = [
            asyncio.create_task(
                writer.append(log.workspace_id, command(f"s{number}", 0, str(number)))
            )
            for number in range(30)
        ]
        await asyncio.sleep(0)
    results = await asyncio.gather(*waiting)
    assert [type(result) for result in results] == [Appended] * 30
