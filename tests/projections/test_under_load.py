"""A rebuild and its switch while a real API process writes and reads: nobody notices, nothing is lost."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.api_process import ApiProcess, api_process
from tests.control import REQUIREMENT
from tests.databases import Database
from tests.projections.filled import Installation
from tests.world import World, make_world

PROJECTS = 4
SWITCHES = 2


@pytest.fixture
async def own_api(fresh_database: Database, tmp_path: Path) -> AsyncIterator[ApiProcess]:
    """Its database is rebuilt, so it is shared with nobody."""
    async with api_process(fresh_database, tmp_path / "api.log") as process:
        yield process


async def test_writes_and_reads_go_on_through_a_switch(own_api: ApiProcess, tmp_path: Path) -> None:
    installation = Installation(own_api.database, tmp_path)
    async with make_world(own_api) as world:
        paths = [await world.project(f"XM-{number}") for number in range(PROJECTS)]
        switched = asyncio.Event()
        working = [asyncio.create_task(_write(world, path, switched)) for path in paths]
        working += [asyncio.create_task(_read(world, path, switched)) for path in paths]
        try:
            for _ in range(SWITCHES):
                process = await installation.start("rebuild", "--switch", "--report", "r.json")
                out, err = await asyncio.wait_for(process.communicate(), 90)
                assert process.returncode == 0, err.decode()
                assert "Switched" in out.decode()
        finally:
            switched.set()
            answers = [answer for of_one in await asyncio.gather(*working) for answer in of_one]
        assert len(answers) > 100
        assert {answer.text for answer in answers if not answer.is_success} == set()
        for path in paths:
            listed = (await world.marketer.get(f"{path}/requirements")).json()["items"]
            made = [one for one in answers if one.url.path == f"{path}/requirements"]
            assert len(listed) == len([one for one in made if one.status_code == 201]) > 5
    done = await installation.projections("verify")
    assert done.exit_code == 0, done.out
    kept = [table for table in await installation.tables() if "project__before_" in table]
    assert len(kept) == SWITCHES


async def _write(world: World, path: str, end: asyncio.Event) -> list[httpx.Response]:
    """Rows of several tables: the project's own and those of its nouns."""
    answers = []
    while not end.is_set():
        answers.append(await world.marketer.post(f"{path}/requirements", REQUIREMENT))
        answers.append(await world.marketer.post(f"{path}/actuals", {"text": "又通了一次电话"}))
    return answers


async def _read(world: World, path: str, end: asyncio.Event) -> list[httpx.Response]:
    """By each way in which the API reads: one row, a list, a person by their key."""
    answers = []
    while not end.is_set():
        for asked in (path, "/v1/projects", f"{path}/stages", "/v1/me"):
            answers.append(await world.dept_head.get(asked))
        await asyncio.sleep(0.01)
    return answers
