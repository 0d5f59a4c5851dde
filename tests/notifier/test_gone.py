"""A receiver that answers 410 Gone is asked no more, until somebody makes its subscription active again."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import asyncpg
import pytest

from genjin.log.append import body_texts
from genjin.postgres import create_pool
from genjin.subscriptions.disabling import DELIVERY, gone
from tests.databases import Database
from tests.notifier.conftest import Running
from tests.notifier.log_writer import LogWriter, Registered
from tests.notifier.receiver import Receiver, Reply, until


async def row_of(log: LogWriter, registered: Registered) -> dict[str, Any]:
    query = "SELECT * FROM genjin.webhook_subscription WHERE id = $1"
    row = await log.database.fetchrow(query, registered.id)
    assert row is not None
    return dict(row)


async def is_inactive(log: LogWriter, registered: Registered) -> bool:
    return not (await row_of(log, registered))["active"]


async def test_it_is_disabled_by_an_event_and_skips_nothing_when_it_is_active_again(
    log: LogWriter, receiver: Receiver, notifier: Running
) -> None:
    receiver.reply = lambda received: Reply(410 if received.path == "/hook?gone" else 200)
    subscription = await log.subscribe(f"{receiver.url}?gone")
    await log.subscribe(f"{receiver.url}?other", "webhook_subscription.disabled")
    async with notifier(retry_schedule_seconds=[]):
        await log.note("a", 2)
        await until(partial(is_inactive, log, subscription))
        row = await row_of(log, subscription)
        assert (row["disabled_because"], row["version"]) == ("gone", 2)
        await until(lambda: len(receiver.accepted) == 1)
        [told] = [each.event for each in receiver.accepted]
        assert told["data"] == {"reason": "gone", "position": 3}
        assert (told["stream"], told["actor"]["type"]) == (
            f"webhook_subscription-{subscription.id}",
            "system",
        )
        assert {each["status"] for each in await log.attempts() if each["position"] == 3} == {410}
        receiver.reply = lambda _: Reply()
        await log.change(await log.read_on(subscription), active=True)
        await log.note("a")
        await until(lambda: receiver.versions("a") == [1, 2, 3])


@pytest.fixture
async def as_notifier(fresh_database: Database) -> Any:
    pool = await create_pool(fresh_database.notifier_url, "genjin_notifier", 1)
    yield pool
    await pool.close()


async def test_the_notifier_may_say_this_of_an_active_subscription_and_nothing_else(
    log: LogWriter, as_notifier: asyncpg.Pool
) -> None:
    subscription = await log.subscribe("http://127.0.0.1:1/")
    now = datetime.now(UTC)

    async def disable(version: int = 1, words: Sequence[tuple[str, str]] = ()) -> bool:
        command = gone(subscription.id, version, 1, now)
        [(head, tail)], [event] = body_texts(command), command.events
        for said, instead in words:
            assert said in head + tail
            head, tail = head.replace(said, instead), tail.replace(said, instead)
        values = (DELIVERY.id, "r", event.id, 1, now, head, tail)
        disabled: bool = await as_notifier.fetchval(
            "SELECT genjin_delivery.disable($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            *(log.workspace_id, subscription.id, version, *values),
        )
        return disabled

    for words in (("gone", "bored"), ("disabled", "deleted"), ("system", "person")):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await disable(words=[words])
    assert not await disable(version=2)
    assert await row_of(log, subscription) | {"active": True, "version": 1} == await row_of(
        log, subscription
    )
    assert await disable()
    assert not await disable(version=2)
    body = await log.database.fetchval(
        "SELECT body FROM genjin.event ORDER BY position DESC LIMIT 1"
    )
    assert json.loads(body)["changes"] == [
        {"path": "/active", "before": True, "after": False},
        {"path": "/disabled_because", "before": None, "after": "gone"},
    ]
