"""Postgres is killed under the notifier, and comes back."""

import asyncio
import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from genjin.settings import NotifierSettings
from genjin_deploy.databases import RolePasswords, create_database, set_role_passwords
from genjin_deploy.embedded_postgres import EmbeddedPostgres
from genjin_deploy.migrate import migrate
from genjin_notifier.notifier import Notifier
from tests.notifier.arrivals import assert_in_order_with_equal_duplicates, has_more_than
from tests.notifier.log_writer import SECRET_KEY, LogWriter
from tests.notifier.receiver import Receiver, Reply, until
from tests.throwaway_postgres import throwaway_postgres

EVENTS = 250  # of each project: more than are sent before a lost connection is noticed


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[EmbeddedPostgres]:
    with throwaway_postgres(tmp_path) as made:
        yield made


@pytest.mark.faults
@pytest.mark.parametrize("how", ["kill", "stop"])
async def test_nothing_is_lost_when_postgres_is_killed_or_restarted(
    server: EmbeddedPostgres, receiver: Receiver, how: str
) -> None:
    url = await create_database(server.dsn(), "lost")
    await asyncio.to_thread(migrate, url)
    urls = await set_role_passwords(url, RolePasswords("a", "n"))
    settings: dict[str, Any] = {
        "secret_key": base64.urlsafe_b64encode(SECRET_KEY).decode(),
        "notifier_database_url": urls.notifier,
        "webhook_allow_http": True,
        "webhook_allowed_networks": ("127.0.0.0/8",),
    }
    receiver.reply = lambda _: Reply(wait_seconds=0.005)
    log = await LogWriter.connect(url)
    await log.subscribe(receiver.url)
    for project in "abcd":
        await log.note(project, EVENTS)
    stopping = asyncio.Event()
    notifier = asyncio.create_task(Notifier(NotifierSettings(**settings)).run(stopping))
    await until(lambda: has_more_than(receiver, 60))
    await asyncio.to_thread(getattr(server, how))
    await until(lambda: is_told_no_more(receiver))
    assert len(receiver.received) < 4 * EVENTS, "it sends although it cannot hold the lock"
    await asyncio.to_thread(server.start)
    every = {*range(1, EVENTS + 1)}
    await until(lambda: all(set(receiver.versions(each)) == every for each in "abcd"))
    await until(lambda: log.cursor_is_at_the_end())
    stopping.set()
    await notifier
    assert_in_order_with_equal_duplicates(receiver, dict.fromkeys("abcd", EVENTS))
    assert len(await log.attempts()) >= len(receiver.received), "an attempt was not recorded"
    await log.close()


async def is_told_no_more(receiver: Receiver) -> bool:
    """What was under way may still come in when Postgres has gone."""
    told = len(receiver.received)
    await asyncio.sleep(0.3)
    return receiver.under_way == 0 and len(receiver.received) == told
