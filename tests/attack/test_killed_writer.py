"""kill -9 of a writer at every step: the log has the whole append or nothing of it, and others go on at once."""

import asyncio
import sys
from uuid import UUID

import asyncpg
import pytest

from genjin.log.append import Appended, append
from genjin.log.reading import read_tail
from tests.attack.doomed_writer import STEPS
from tests.databases import Database
from tests.log.log import command

GOES_ON_SECONDS = 10


@pytest.mark.faults
@pytest.mark.parametrize("step", STEPS)
async def test_a_writer_that_is_killed_once_it_has(fresh_database: Database, step: str) -> None:
    workspace_id = UUID(int=STEPS.index(step) + 1)
    url = fresh_database.admin_url
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.attack.doomed_writer", url, str(workspace_id), "doomed"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None and process.stdout is not None
    for expected in STEPS[: STEPS.index(step) + 1]:
        assert (await process.stdout.readline()).decode().strip() == expected
        if expected != step:
            process.stdin.write(b"\n")
    process.kill()
    await process.wait()

    connection = await asyncpg.connect(url)
    async with asyncio.timeout(GOES_ON_SECONDS):
        [result] = await append(connection, workspace_id, [command("other", 0, "other")])
    assert isinstance(result, Appended)
    events = await read_tail(connection, workspace_id, 0, 10)
    await connection.close()
    streams = ["doomed", "other"] if step == "committed" else ["other"]
    assert [event.stream for event in events] == streams
    assert [event.position for event in events] == [*range(1, len(streams) + 1)]
