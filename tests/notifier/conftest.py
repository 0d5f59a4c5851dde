"""A workspace's log, a receiver, and a notifier in this process."""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest

from genjin.settings import NotifierSettings
from genjin_notifier.notifier import Notifier
from tests.databases import Database
from tests.notifier.log_writer import SECRET_KEY, LogWriter
from tests.notifier.receiver import Receiver

Running = Callable[..., AbstractAsyncContextManager[None]]


@pytest.fixture
async def log(fresh_database: Database) -> AsyncIterator[LogWriter]:
    writer = await LogWriter.connect(fresh_database.admin_url)
    yield writer
    await writer.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver() as made:
        yield made


@pytest.fixture
def notifier_settings(fresh_database: Database) -> dict[str, Any]:
    """For a notifier that may deliver to loopback and is quick to try again."""
    return {
        "secret_key": base64.urlsafe_b64encode(SECRET_KEY).decode(),
        "notifier_database_url": fresh_database.notifier_url,
        "webhook_allow_http": True,
        "webhook_allowed_networks": ("127.0.0.0/8",),
        "retry_schedule_seconds": (0.05, 0.05, 0.1, 0.2, 0.4),
        "attempt_timeout_seconds": 5.0,
    }


@pytest.fixture
def notifier(notifier_settings: dict[str, Any]) -> Running:
    """`async with notifier(retry_schedule_seconds=…)`: runs, and stops in order at the end."""

    @asynccontextmanager
    async def running(**changes: Any) -> AsyncIterator[None]:
        stopping = asyncio.Event()
        settings = NotifierSettings(**(notifier_settings | changes))
        task = asyncio.create_task(Notifier(settings).run(stopping))
        try:
            yield
        finally:
            stopping.set()
            await asyncio.wait_for(task, 15)

    return running
