"""The notifier as a process: killed at a bad moment, asked to stop, and asked whether it lives."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.notifier.arrivals import assert_in_order_with_equal_duplicates, has_more_than
from tests.notifier.log_writer import LogWriter
from tests.notifier.receiver import Received, Receiver, Reply, until

PROJECTS = [f"p{number}" for number in range(8)]


@pytest.fixture
def environment(notifier_settings: dict[str, Any], tmp_path: Path) -> dict[str, str]:
    def text(value: object) -> str:
        return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)

    settings = {f"GENJIN_{name.upper()}": text(value) for name, value in notifier_settings.items()}
    paths = os.pathsep.join(path for path in sys.path if path)
    return {**os.environ, **settings, "PYTHONPATH": paths, "TMPDIR": str(tmp_path)}


@asynccontextmanager
async def process(
    environment: dict[str, str], *arguments: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    command = [sys.executable, "-m", "genjin_notifier", *arguments]
    made = await asyncio.create_subprocess_exec(*command, env=environment)
    try:
        yield made
    finally:
        if made.returncode is None:
            made.kill()
        await made.wait()


def fail_sometimes(received: Received) -> Reply:
    """The first try of every fifth event fails; every answer takes a moment."""
    known = sum(each.headers["webhook-id"] == received.headers["webhook-id"] for each in _seen)
    _seen.append(received)
    return Reply(500 if received.version % 5 == 0 and not known else 200, wait_seconds=0.002)


_seen: list[Received] = []


async def test_kill_9_in_the_middle_of_deliveries_loses_nothing_and_keeps_the_order(
    log: LogWriter, environment: dict[str, str]
) -> None:
    async with Receiver(fail_sometimes) as receiver:
        await log.subscribe(receiver.url)
        for _ in range(25):
            for project in PROJECTS:
                await log.note(project, 2)
        for share in (40, 120, 250):
            async with process(environment) as notifier:
                await until(partial(has_more_than, receiver, share))
                notifier.send_signal(signal.SIGKILL)
        async with process(environment):
            await until(lambda: all(set(receiver.versions(p)) == {*range(1, 51)} for p in PROJECTS))
            await until(lambda: log.cursor_is_at_the_end())
        assert_in_order_with_equal_duplicates(receiver, dict.fromkeys(PROJECTS, 50))


async def test_sigterm_lets_the_attempt_under_way_finish_and_exits_0(
    log: LogWriter, environment: dict[str, str]
) -> None:
    async with Receiver(lambda _: Reply(wait_seconds=0.5)) as receiver:
        await log.subscribe(receiver.url)
        await log.note("a", 3)
        async with process(environment) as notifier:
            await until(lambda: len(receiver.received) == 1)
            notifier.terminate()
            assert await asyncio.wait_for(notifier.wait(), 15) == 0
        assert len(receiver.received) == 1
        recorded = await log.database.fetch("SELECT outcome FROM genjin.delivery_attempt")
        assert [row["outcome"] for row in recorded] == ["accepted"]


async def test_the_check_tells_a_living_notifier_from_none(
    environment: dict[str, str], log: LogWriter
) -> None:
    async with process(environment, "--check") as check:
        assert await check.wait() == 1
    async with process(environment):

        async def says_yes() -> bool:
            async with process(environment, "--check") as check:
                return await check.wait() == 0

        await until(says_yes)
