"""From a time to a position, from a position to a stream's version."""

import asyncio
import random
from datetime import UTC, datetime, timedelta

import asyncpg
import orjson
import pytest

from genjin.log.append import Appended, append
from tests.log.log import Log, command

POSITION_AT = "SELECT genjin.position_at($1, $2)"
VERSION_AT = "SELECT genjin.version_at($1, $2, $3)"


async def grow(log: Log) -> list[datetime]:
    """Events of three streams, one to three in a commit; each event's recorded time, in order."""
    chance, versions = random.Random(8), {"a": 0, "b": 0, "c": 0}
    for _ in range(40):
        stream = chance.choice("aaab")
        texts = [str(number) for number in range(chance.randint(1, 3))]
        [result] = await log.append(command(stream, versions[stream], *texts))
        assert isinstance(result, Appended)
        versions[stream] = result.version
    bodies = [orjson.loads(event.body) for event in await log.events()]
    return [datetime.fromisoformat(body["recorded_at"]) for body in bodies]


async def test_a_time_is_the_last_position_recorded_by_then(log: Log) -> None:
    times = await grow(log)
    step = timedelta(microseconds=1)
    for moment in {point for time in times for point in (time - step, time, time + step)}:
        wanted = sum(1 for time in times if time <= moment)
        assert await log.pool.fetchval(POSITION_AT, log.workspace_id, moment) == wanted
    assert await log.pool.fetchval(POSITION_AT, log.workspace_id, datetime.now(UTC)) == len(times)


async def test_a_log_without_events_is_at_position_nought(log: Log) -> None:
    moment = datetime.now(UTC) - timedelta(days=1)
    assert await log.pool.fetchval(POSITION_AT, log.workspace_id, moment) == 0


async def test_a_time_that_has_not_passed_is_none(log: Log) -> None:
    await grow(log)
    soon = datetime.now(UTC) + timedelta(minutes=1)
    assert await log.pool.fetchval(POSITION_AT, log.workspace_id, soon) is None


async def test_a_position_is_the_last_version_at_or_below_it(log: Log) -> None:
    times = await grow(log)
    events = await log.events()
    for stream in ("a", "b"):
        for position in range(len(times) + 3):
            below = [
                event.version
                for event in events
                if event.stream == stream and event.position <= position
            ]
            found = await log.pool.fetchval(VERSION_AT, log.workspace_id, stream, position)
            assert found == max(below, default=0), (stream, position)
    assert await log.pool.fetchval(VERSION_AT, log.workspace_id, "c", 5) is None


async def test_an_append_that_has_taken_its_time_is_waited_for(log: Log) -> None:
    """Else an answer about that time would be another a moment later."""
    await log.append(command("a", 0, "1"))
    async with log.connection() as writing, log.connection() as asking:
        transaction = writing.transaction()
        await transaction.start()
        await append_in(writing, log)
        moment = datetime.now(UTC)
        await asyncio.sleep(0.001)
        answer = asyncio.create_task(asking.fetchval(POSITION_AT, log.workspace_id, moment))
        await log.until_somebody_waits()
        assert not answer.done()
        await transaction.commit()
        assert await answer == 2


async def append_in(connection: asyncpg.Connection, log: Log) -> None:
    [result] = await append(connection, log.workspace_id, [command("a", 1, "2")])
    assert isinstance(result, Appended)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE genjin.project_past SET status = 'open'",
        "DELETE FROM genjin.project_past",
        "TRUNCATE genjin.project_past",
        "UPDATE genjin.metric_value SET value = 1",
        "DELETE FROM genjin.metric_value",
        "UPDATE genjin.health_assessment SET level = ''",
        "UPDATE genjin.stream_snapshot SET body = ''",
    ],
)
async def test_the_api_cannot_change_what_it_wrote_about_the_past(log: Log, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await log.pool.execute(statement)
