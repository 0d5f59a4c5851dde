"""genjin.append(): each command has its own result, and the log has no gap."""

from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import pytest

from genjin.identifiers import new_id
from genjin.log.append import Appended, ClaimTaken, Conflict, Duplicate, KeyReused, append
from genjin.log.together import append_together
from tests.log.log import Log, command, new_log


def appended(result: object) -> Appended:
    assert isinstance(result, Appended), result
    return result


async def test_positions_have_no_gap_and_versions_count_per_stream(log: Log) -> None:
    await log.append(command("project-a", 0, "a1", "a2"))
    await log.append(command("project-b", 0, "b1"), command("project-a", 2, "a3", "a4", "a5"))
    events = await log.events()
    assert [event.position for event in events] == [1, 2, 3, 4, 5, 6]
    assert [(event.stream, event.version) for event in events] == [
        ("project-a", 1),
        ("project-a", 2),
        ("project-b", 1),
        ("project-a", 3),
        ("project-a", 4),
        ("project-a", 5),
    ]


async def test_what_an_append_answers_is_what_is_read(log: Log) -> None:
    first, second = await log.append(command("a", 0, "1", "2"), command("b", 0, "3"))
    assert [*appended(first).events, *appended(second).events] == await log.events()
    assert (appended(first).version, appended(first).position) == (2, 2)
    assert (appended(second).version, appended(second).position) == (1, 3)


async def test_two_logs_know_nothing_of_each_other(log: Log) -> None:
    other = new_log(log.database, log.pool)
    await log.append(command("a", 0, "1", key="k", claims=[("code", "X")]))
    [result] = await other.append(command("a", 0, "1", key="k", claims=[("code", "X")]))
    assert appended(result).position == 1


async def test_a_command_decided_on_another_version_is_a_conflict_and_writes_nothing(
    log: Log,
) -> None:
    await log.append(command("a", 0, "1", "2"))
    for stale in (0, 1, 3):
        assert await log.append(command("a", stale, "no", key="k", claims=[("c", "v")])) == [
            Conflict(2)
        ]
    assert await log.texts() == ["1", "2"]
    assert await log.count("idempotent_answer") == await log.count("claim") == 0


async def test_a_command_decided_on_another_event_of_its_version_is_a_conflict(log: Log) -> None:
    first, other = await log.append(command("a", 0, "1", "2"), command("b", 0, "3"))
    [once, seen], [foreign] = [
        [one.leaf_hash for one in appended(x).events] for x in (first, other)
    ]
    for wrong in (once, foreign):
        stream = wrong.hex()
        refused, unseen = await log.append(
            command("a", 2, "no", seen=wrong), command(stream, 0, "x")
        )
        assert (refused, appended(unseen).version) == (Conflict(2), 1)
        assert await append_together(
            log.pool, log.workspace_id, [command("d", 0, "no"), command("a", 2, "no", seen=wrong)]
        ) == Conflict(2)
    [result] = await log.append(command("a", 2, "4", seen=seen))
    assert appended(result).version == 3


async def test_in_one_batch_every_kind_of_refusal_leaves_its_neighbours_alone(log: Log) -> None:
    await log.append(command("old", 0, "old", key="used", claims=[("code", "X")]))
    await log.append(command("old", 1, "older", key="used too"))
    results = await log.append(
        command("a", 0, "a1", "a2"),
        command("old", 0, "stale"),
        command("b", 0, "twice", key="used"),
        command("c", 0, "other", key="used too", fingerprint=b"another request"),
        command("d", 0, "taken", claims=[("code", "Y"), ("code", "X")]),
        command("e", 0, "e1", key="new"),
    )
    assert results[1:5] == [Conflict(2), Duplicate(), KeyReused(), ClaimTaken("code")]
    assert (appended(results[0]).version, appended(results[0]).position) == (2, 4)
    assert (appended(results[5]).version, appended(results[5]).position) == (1, 5)
    assert await log.texts() == ["old", "older", "a1", "a2", "e1"]
    assert [*appended(results[0]).events, *appended(results[5]).events] == (await log.events())[2:]


async def test_a_refused_command_leaves_its_other_claims_free(log: Log) -> None:
    await log.append(command("a", 0, "1", claims=[("code", "X")]))
    await log.append(command("b", 0, "2", claims=[("code", "Y"), ("code", "X")]))
    [result] = await log.append(command("c", 0, "3", claims=[("code", "Y")]))
    appended(result)


async def test_a_stream_or_a_key_that_is_in_a_call_twice_is_refused(log: Log) -> None:
    with pytest.raises(ValueError, match="stream"):
        await log.append(command("a", 0, "1"), command("a", 1, "2"))
    with pytest.raises(ValueError, match="key"):
        await log.append(command("a", 0, "1", key="k"), command("b", 0, "2", key="k"))
    assert await log.events() == []


async def test_of_two_commands_of_one_call_with_one_claim_the_second_is_refused(log: Log) -> None:
    first, second = await log.append(
        command("a", 0, "1", claims=[("code", "X")]), command("b", 0, "2", claims=[("code", "X")])
    )
    appended(first)
    assert second == ClaimTaken("code")


async def test_a_stream_may_hold_its_claim_again(log: Log) -> None:
    await log.append(command("a", 0, "1", claims=[("code", "X")]))
    [result] = await log.append(command("a", 1, "2", claims=[("code", "X")]))
    assert appended(result).version == 2


async def test_a_key_is_answered_before_the_version_is_looked_at(log: Log) -> None:
    await log.append(command("a", 0, "1", key="k"))
    assert await log.append(command("a", 0, "1", key="k")) == [Duplicate()]


async def test_a_command_without_events_keeps_its_answer_and_no_commit(log: Log) -> None:
    await log.append(command("a", 0, "1"))
    [result] = await log.append(command("a", 1, key="k"))
    assert (appended(result).position, appended(result).events) == (1, ())
    assert await log.append(command("a", 1, key="k")) == [Duplicate()]
    assert await log.count("commit") == 1


async def test_rows_come_with_the_events_of_their_command_and_not_with_those_of_a_neighbour(
    log: Log,
) -> None:
    await log.append(command("old", 0, "old"))
    ids = [new_id() for _ in range(3)]
    await log.append(
        command("a", 0, "1", rows={"person": [person_row(ids[0], "first")]}),
        command("old", 0, "stale", rows={"person": [person_row(ids[1], "refused")]}),
        command("b", 0, "2", rows={"person": [person_row(ids[2], "second")]}),
    )
    await log.append(command("a", 1, "3", rows={"person": [person_row(ids[0], "changed")]}))
    rows = await log.pool.fetch(
        "SELECT id, name FROM person WHERE workspace_id = $1 ORDER BY id", log.workspace_id
    )
    assert [tuple(row) for row in rows] == [(ids[0], "changed"), (ids[2], "second")]


def person_row(identifier: UUID, name: str) -> dict[str, object]:
    return {
        "id": identifier,
        "name": name,
        "workspace_role": "member",
        "active": True,
        "version": 1,
        "created_at": datetime.now(UTC),
    }


async def test_an_empty_call_writes_nothing(log: Log) -> None:
    assert await log.append() == []
    assert await log.count("commit") == 0


async def test_recorded_times_never_go_back_even_when_the_clock_does(log: Log) -> None:
    """A commit that was recorded in the future stands for a clock that has stepped back since."""
    await log.append(command("a", 0, "1"))
    owner = await asyncpg.connect(log.database.admin_url)
    await owner.execute(
        "INSERT INTO genjin.commit SELECT workspace_id, 2, 2, recorded_at + interval '1 hour', hash, hash"
        " FROM genjin.commit WHERE workspace_id = $1",
        log.workspace_id,
    )
    await owner.close()
    await log.append(command("b", 0, "2"))
    rows = await log.pool.fetch(
        "SELECT recorded_at FROM commit WHERE workspace_id = $1 ORDER BY last_position",
        log.workspace_id,
    )
    times = [row[0] for row in rows]
    assert len(times) == 3
    assert times == sorted(times)


async def test_a_caller_whose_snapshot_may_be_old_is_refused(log: Log) -> None:
    async with log.connection() as connection:
        for level in ("repeatable_read", "serializable"):
            with pytest.raises(asyncpg.RaiseError, match="READ COMMITTED"):
                async with connection.transaction(isolation=level):
                    await append(connection, log.workspace_id, [command("a", 0, "1")])
    assert await log.events() == []


async def test_an_append_that_is_rolled_back_leaves_no_gap(log: Log) -> None:
    async with log.connection() as connection:
        transaction = connection.transaction(isolation="read_committed")
        await transaction.start()
        await append(connection, log.workspace_id, [command("a", 0, "never", key="k")])
        await transaction.rollback()
    [result] = await log.append(command("a", 0, "1", key="k"))
    assert appended(result).position == 1
    assert await log.texts() == ["1"]
