"""kill -9 of the API while a risk of an engagement occurs: before its append is carried out, and after the commit of
which nobody hears. The projects are warned and their risks reopened with the occurrence, once, or not at all.
"""

import asyncio
import os
import signal
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tests.api_process import ApiProcess, api_process
from tests.databases import Database
from tests.end_to_end.swallowing_proxy import SwallowingProxy
from tests.engaged import OCCURRENCE, Engaged, engaged, link
from tests.pursuit import Pursuit
from tests.world import World, make_world

# What the connection has asked for when its answers stop, and whether the occurrence is then in the log: the statement
# alone; the statement with its values, which is carried out and nobody hears of it.
MOMENTS: tuple[tuple[tuple[bytes, ...], bool], ...] = (
    ((b"genjin.append_together",), False),
    ((b"genjin.append_together", OCCURRENCE["description"].encode()), True),
)


@pytest.mark.faults
@pytest.mark.timeout(180)
async def test_an_occurrence_and_what_it_brings_about_are_in_the_log_together_or_not_at_all(
    fresh_database: Database, tmp_path: Path
) -> None:
    async with (
        api_process(fresh_database, tmp_path / "steady.log") as steady,
        make_world(steady) as world,
    ):
        for number, (markers, is_written) in enumerate(MOMENTS):
            both = await engaged(world)
            other = Pursuit(world, await world.project(f"XM-{number}"))
            await link(both.engagement, other)
            await _killed(world, both, markers, tmp_path)
            count = int(is_written)
            assert await _told(both, other) == (count, count, count, count)
            first = await _occur(world, steady, both)
            again = await _occur(world, steady, both)
            assert (first.status_code, first.content) == (201, again.content)
            assert first.headers.get("Idempotent-Replayed") == ("true" if is_written else None)
            assert await _told(both, other) == (1, 1, 1, 1)


async def _killed(world: World, both: Engaged, markers: tuple[bytes, ...], folder: Path) -> None:
    proxy = SwallowingProxy(world.api.database.api_url)
    async with proxy.running():
        doomed_database = replace(world.api.database, api_url=proxy.url)
        async with api_process(doomed_database, folder / "doomed.log") as doomed:
            proxy.swallow_answers_after(*markers)
            request = asyncio.create_task(_occur(world, doomed, both))
            async with asyncio.timeout(30):
                await proxy.swallows.wait()
            await asyncio.sleep(0.2)  # what was asked is done
            os.kill(doomed.pid, signal.SIGKILL)
            with pytest.raises(httpx.TransportError):
                await request


async def _occur(world: World, api: ApiProcess, both: Engaged) -> httpx.Response:
    headers = {"Authorization": f"Bearer {world.marketer.key}", "Idempotency-Key": both.cause}
    path = f"{both.engagement.path}/risks/{both.cause}/occurrences"
    async with httpx.AsyncClient(base_url=api.url, trust_env=False, timeout=30) as client:
        return await client.post(path, json=OCCURRENCE, headers=headers)


async def _told(both: Engaged, other: Pursuit) -> tuple[int, int, int, int]:
    """How many times the risk occurred, was reopened in the project, and each of the two projects was warned."""
    places = (
        (both.engagement, "risk.occurred"),
        (both.project, "risk.reopened"),
        (both.project, "warning.given"),
        (other, "warning.given"),
    )
    counts = [len(await place.items("events", type=type_)) for place, type_ in places]
    return counts[0], counts[1], counts[2], counts[3]
