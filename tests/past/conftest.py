"""One workspace whose projects have lived: every test of the past asks about them."""

import random
from collections.abc import AsyncIterator

import pytest

from tests.api_process import ApiProcess
from tests.documents.attaching import attach, upload
from tests.past.lives import Event, change_something, events_of, raise_change
from tests.past.record import Record, recorded
from tests.pursuit import Pursuit
from tests.world import World, make_world


@pytest.fixture(scope="session")
async def old_world(api: ApiProcess) -> AsyncIterator[World]:
    async with make_world(api) as made:
        yield made


@pytest.fixture(scope="session")
async def pursuit(old_world: World) -> Pursuit:
    return Pursuit(old_world, await old_world.project("XM-PAST", region="天津"))


@pytest.fixture(scope="session")
async def record(pursuit: Pursuit) -> Record:
    """What every read of the project answered after each write."""
    chance = random.Random(5)
    answers = [await recorded(pursuit)]
    await pursuit.open_gate()
    await pursuit.advance()
    await raise_change(pursuit)
    document = await attach(pursuit, await upload(pursuit, b"agreement"))
    answers += [await recorded(pursuit)]
    await pursuit.post(f"documents/{document['id']}/withdrawals", {"reason": "扫描不全"})
    answers += [await recorded(pursuit)]
    for _ in range(50):
        answer = await change_something(pursuit, chance)
        if "etag" in answer.headers:
            answers.append(await recorded(pursuit))
    return answers


@pytest.fixture(scope="session")
async def events(pursuit: Pursuit, record: Record) -> list[Event]:
    """The project's events after all that was recorded."""
    stream = f"project-{pursuit.path.rpartition('/')[2]}"
    return [event for event in await events_of(pursuit.world) if event["stream"] == stream]
