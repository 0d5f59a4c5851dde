"""Clocks whose time the test sets, on a database of their own: they look at every workspace that there is."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from genjin.postgres import create_pool
from genjin.working_days import working_days
from genjin_deploy.embedded_postgres import EmbeddedPostgres
from genjin_notifier.clock import Clock
from genjin_notifier.notifier import ROLE
from tests.api_process import ApiProcess, api_process
from tests.databases import copy_migrated
from tests.notifier.receiver import Receiver
from tests.world import World

MakeClock = Callable[[], Clock]


class Time:
    """Begins as it is, and goes on only when it is told to."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def pass_days(self, days: float) -> None:
        self.now += timedelta(days=days)

    def pass_to_noon_in(self, days: int) -> None:
        """Noon in the workspace's zone: hours that pass from then on stay within the day."""
        noon = (self.now + timedelta(days=days)).astimezone(ZoneInfo("Asia/Shanghai"))
        self.now = noon.replace(hour=12, minute=0, second=0, microsecond=0)

    def day(self, days: int) -> str:
        """The day in the workspace's zone so many days from now."""
        return (self.now + timedelta(days=days, hours=8)).date().isoformat()


@pytest.fixture(scope="module")
async def api(
    postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ApiProcess]:
    database = await copy_migrated(postgres)
    async with api_process(database, tmp_path_factory.mktemp("api") / "api.log") as process:
        yield process


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
async def as_notifier(world: World) -> AsyncIterator[asyncpg.Pool]:
    pool = await create_pool(world.api.database.notifier_url, ROLE, 4)
    yield pool
    await pool.close()


@pytest.fixture
def new_clock(as_notifier: asyncpg.Pool, time: Time) -> MakeClock:
    """As another replica, or after a restart: it knows nothing but what is in the database."""
    return lambda: Clock(as_notifier, 60, working_days("CN"), lambda: time.now)


@pytest.fixture
def clock(new_clock: MakeClock) -> Clock:
    return new_clock()


@pytest.fixture
async def forget_looks(world: World) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """As if every clock had been killed between its append and the note that it had looked."""
    owner = await asyncpg.connect(world.api.database.admin_url)

    async def forget() -> None:
        await owner.execute("DELETE FROM genjin.clock_look")

    yield forget
    await owner.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver() as made:
        yield made
