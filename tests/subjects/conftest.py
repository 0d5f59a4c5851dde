from collections.abc import AsyncIterator

import pytest

from tests.notifier.receiver import Receiver
from tests.subjects.registered import Registered, register
from tests.world import World


@pytest.fixture
async def registered(world: World) -> Registered:
    return await register(world)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver() as made:
        yield made
