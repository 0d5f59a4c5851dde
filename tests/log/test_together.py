"""Commands that stand or fall together: one commit for all of them, or nothing."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from genjin.log.append import Appended, ClaimTaken, Conflict, Duplicate, KeyReused
from genjin.log.group_commit import GroupCommit, LogBusyError
from genjin.log.together import COMMANDS_MAX, append_together
from genjin.log.waiting import CALLS_MAX
from tests.log.holding import held, under_way
from tests.log.log import Log, command

TABLES = ("event", "commit", "idempotent_answer", "claim")


async def test_the_events_of_all_streams_are_in_one_commit_in_the_order_of_the_commands(
    log: Log,
) -> None:
    async with log.group_commit() as writer:
        await writer.append(log.workspace_id, command("a", 0, "before"))
        commands = [command("b", 0, "1", "2", key="k"), command("a", 1, "3", causation_id="cause")]
        results = await writer.append_together(log.workspace_id, commands)
    assert not isinstance(results, Conflict | Duplicate | KeyReused | ClaimTaken)
    assert [(one.version, one.position) for one in results] == [(2, 3), (2, 4)]
    assert await log.texts() == ["before", "1", "2", "3"]
    assert await log.count("commit") == 2
    assert '"causation_id":"cause"' in (await log.events())[3].body


async def test_nothing_is_written_where_one_command_is_not_appended(log: Log) -> None:
    """And the first reason is the answer, whatever stands behind it."""
    taken = [("project_code", "taken")]
    async with log.group_commit() as writer:
        await writer.append(log.workspace_id, command("a", 0, "a", key="k", claims=taken))
        before = [await log.count(table) for table in TABLES]
        refused = {
            "conflict": [command("new", 0, "x", key="other"), command("a", 0, "y")],
            "duplicate": [command("a", 1, "x", key="k"), command("new", 0, "y")],
            "reused": [command("a", 1, "x", key="k", fingerprint=b"!"), command("new", 0, "y")],
            "claim": [
                command("a", 1, "x", claims=[("s", "v")]),
                command("n", 0, "y", claims=taken),
            ],
        }
        answers = {
            name: await writer.append_together(log.workspace_id, commands)
            for name, commands in refused.items()
        }
    assert answers == {
        "conflict": Conflict(1),
        "duplicate": Duplicate(),
        "reused": KeyReused(),
        "claim": ClaimTaken("project_code"),
    }
    assert [await log.count(table) for table in TABLES] == before


async def test_of_writers_that_want_the_same_two_streams_one_at_a_time_gets_both(log: Log) -> None:
    """Some come with one stream alone; in the end every stream has as many events as were acknowledged."""

    async def both(number: int) -> list[str]:
        async with log.group_commit(2) as writer:
            done = []
            for step in range(12):
                versions = await _versions(log)
                wanted = ["a", "b"] if number % 2 else [("a", "b")[step % 2]]
                commands = [command(name, versions.get(name, 0), "x") for name in wanted]
                results = await writer.append_together(log.workspace_id, commands)
                if not isinstance(results, Conflict):
                    done += wanted
            return done

    done = [name for part in await asyncio.gather(*map(both, range(6))) for name in part]
    assert done
    assert await _versions(log) == {name: done.count(name) for name in set(done)}


async def test_no_more_commands_go_together_than_may_be(log: Log) -> None:
    many = [command(f"s{number}", 0, "x") for number in range(COMMANDS_MAX + 1)]
    for commands in ([], many):
        with pytest.raises(ValueError, match="go together"):
            await append_together(log.pool, log.workspace_id, commands)
    results = await append_together(log.pool, log.workspace_id, many[1:])
    assert isinstance(results, list) and all(isinstance(one, Appended) for one in results)


async def test_what_waits_for_a_connection_when_its_time_ends_is_never_sent(log: Log) -> None:
    """But it is where its caller has only gone."""
    elsewhere = replace(log, workspace_id=uuid4())
    async with log.group_commit(1, timeout_seconds=1.0) as writer:
        connection, transaction = await held(log)
        first = await under_way(log, writer)
        gone = asyncio.create_task(
            writer.append_together(elsewhere.workspace_id, [command("a", 0, "gone")])
        )
        await asyncio.sleep(0)
        gone.cancel()
        with pytest.raises(LogBusyError):
            await writer.append_together(elsewhere.workspace_id, [command("b", 0, "late")])
        await transaction.rollback()
        await connection.close()
        await asyncio.gather(first, gone, return_exceptions=True)
        last = [command("c", 0, "last")]
        assert isinstance(await writer.append_together(elsewhere.workspace_id, last), list)
    assert await elsewhere.texts() == ["gone", "last"]


async def test_what_a_closing_writer_cannot_finish_is_told_so(log: Log) -> None:
    connection, transaction = await held(log)
    async with log.group_commit(1, timeout_seconds=0.5) as writer:
        waiting = [
            asyncio.create_task(writer.append_together(log.workspace_id, [command(name, 0, "x")]))
            for name in ("a", "b")
        ]
        await log.until_somebody_waits()
    results = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 5)
    assert [type(result) for result in results] == [LogBusyError] * 2
    await transaction.rollback()
    await connection.close()


async def test_a_workspace_whose_log_is_held_leaves_connections_to_the_others(log: Log) -> None:
    """Those who go together and those who go alone have them between them."""
    elsewhere = uuid4()
    async with log.group_commit(CALLS_MAX + 1) as writer:
        connection, transaction = await held(log)
        many: list[asyncio.Task[Any]] = [
            asyncio.create_task(
                writer.append_together(log.workspace_id, [command(f"t{n}", 0, "x")])
            )
            for n in range(8)
        ]
        many += [asyncio.create_task(_alone(writer, log, f"a{n}")) for n in range(8)]
        await log.until_somebody_waits()
        free = writer.append_together(elsewhere, [command("free", 0, "x")])
        assert isinstance(await asyncio.wait_for(free, 10), list)
        await transaction.rollback()
        await connection.close()
        await asyncio.gather(*many)
    assert await log.count("event") == 16


async def _alone(writer: GroupCommit, log: Log, stream: str) -> list[Appended]:
    result = await writer.append(log.workspace_id, command(stream, 0, "x"))
    assert isinstance(result, Appended)
    return [result]


async def _versions(log: Log) -> dict[str, int]:
    newest: dict[str, int] = {}
    for event in await log.events():
        newest[event.stream] = max(event.version, newest.get(event.stream, 0))
    return newest
