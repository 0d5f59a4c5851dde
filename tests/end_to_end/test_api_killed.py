"""kill -9 of the API between the commit and the answer: whoever sends the request again gets the original answer."""

import asyncio
import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api_process import ApiProcess, api_process
from tests.databases import Database
from tests.end_to_end.swallowing_proxy import SwallowingProxy
from tests.pursuit import Pursuit
from tests.world import Person, make_world

TEXT = "the commit is made and nobody hears of it"
KEY = "sent-again"


@pytest.mark.faults
async def test_a_retry_after_the_api_was_killed_gets_the_answer_that_was_committed(
    fresh_database: Database, tmp_path: Path
) -> None:
    proxy = SwallowingProxy(fresh_database.api_url)
    async with (
        api_process(fresh_database, tmp_path / "steady.log") as steady,
        make_world(steady) as world,
        proxy.running(),
    ):
        pursuit = Pursuit(world, await world.project())
        before = (await pursuit.card())["version"]
        doomed_database = replace(fresh_database, api_url=proxy.url)
        async with api_process(doomed_database, tmp_path / "doomed.log") as doomed:
            await _killed_after_the_commit(doomed, proxy, world.marketer, pursuit, before + 1)
        first = await _record(steady, world.marketer, pursuit)
        again = await _record(steady, world.marketer, pursuit)
        assert first.status_code == 201
        assert first.headers["Idempotent-Replayed"] == "true"
        assert first.content == again.content
        [event] = first.json()["events"]
        assert (event["version"], event["data"]["text"]) == (before + 1, TEXT)
        assert (await pursuit.card())["version"] == before + 1


async def _killed_after_the_commit(
    doomed: ApiProcess, proxy: SwallowingProxy, person: Person, pursuit: Pursuit, version: int
) -> None:
    proxy.swallow_answers_after(TEXT.encode())
    request = asyncio.create_task(_record(doomed, person, pursuit))
    async with asyncio.timeout(20):
        await proxy.swallows.wait()
    for _ in range(1000):
        if (await pursuit.card())["version"] == version:
            break
        await asyncio.sleep(0.02)
    os.kill(doomed.pid, signal.SIGKILL)
    with pytest.raises(httpx.TransportError):
        await request


async def _record(api: ApiProcess, person: Person, pursuit: Pursuit) -> Any:
    headers = {"Authorization": f"Bearer {person.key}", "Idempotency-Key": KEY}
    async with httpx.AsyncClient(base_url=api.url, trust_env=False, timeout=30) as client:
        return await client.post(f"{pursuit.path}/actuals", json={"text": TEXT}, headers=headers)
