"""Values in the clear go to the receiver that they are granted to, as the subscription is at that moment."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from genjin.event import RecordedEvent
from genjin.postgres import create_pool
from genjin_notifier.disclosing import Disclosing
from genjin_notifier.head import HeadSender
from genjin_notifier.lane import Lane
from genjin_notifier.latest_checkpoints import LatestCheckpoints
from genjin_notifier.lock import Lock
from genjin_notifier.log_pages import Commit
from genjin_notifier.recorder import Recorder
from genjin_notifier.retry_schedule import RetrySchedule
from genjin_notifier.subscriptions import Subscription, SubscriptionReader
from genjin_notifier.tail import Outgoing
from tests.databases import Database
from tests.notifier.log_writer import SECRET_KEY, LogWriter
from tests.notifier.receiver import Receiver, Reply, until
from tests.notifier.test_egress import egress_with

RESTRICTED = ("restricted",)


@pytest.fixture
async def as_notifier(fresh_database: Database) -> AsyncIterator[asyncpg.Pool]:
    pool = await create_pool(fresh_database.notifier_url, "genjin_notifier", 2)
    yield pool
    await pool.close()


async def served(database: asyncpg.Pool) -> Subscription:
    """As the notifier reads it."""
    [one] = (await SubscriptionReader(SECRET_KEY).read(database)).values()
    return one


def lane_of(event: RecordedEvent) -> Lane:
    return Lane(event.stream, queue=deque([Outgoing(event, Commit(1, 1, b"", b""))]))


@asynccontextmanager
async def sender_to_one(database: asyncpg.Pool) -> AsyncIterator[tuple[HeadSender, Recorder]]:
    """What serves the one subscription that there is, as it is now."""
    async with database.acquire() as connection, egress_with(timeout_seconds=60) as egress:
        recorder = Recorder(Lock(connection), [])
        sender = HeadSender(
            await served(database),
            recorder=recorder,
            egress=egress,
            disclosing=Disclosing(database, SECRET_KEY),
            schedule=RetrySchedule((), 0),
            checkpoints=LatestCheckpoints(),
            slots=asyncio.Semaphore(1),
            slots_per_subscription=1,
            on_gone=lambda _: None,
        )
        yield sender, recorder


async def test_no_value_goes_where_a_subscription_led_before_it_was_changed_or_paused(
    log: LogWriter, receiver: Receiver, as_notifier: asyncpg.Pool
) -> None:
    here = await log.subscribe(f"{receiver.url}?here", "contact.*", classes=RESTRICTED)
    async with sender_to_one(as_notifier) as (sender, _):
        assert await sender.send(lane_of(await log.say("王芳")))
        there = await log.change(here, url=f"{receiver.url}?there")
        sending = asyncio.create_task(sender.send(lane_of(await log.say("李雷"))))
        await asyncio.wait([sending], timeout=0.5)
        sender.subscription = await served(as_notifier)
        assert await sending
        await log.change(there, active=False)
        sending = asyncio.create_task(sender.send(lane_of(await log.say("韩梅梅"))))
        await asyncio.wait([sending], timeout=0.5)
        sender.stopping = True
        assert not await sending
    told = [(each.path, each.event["data"]["values"]["name"]) for each in receiver.received]
    assert told == [("/hook?here", "王芳"), ("/hook?there", "李雷")]


async def test_that_values_go_out_is_written_before_they_do_and_how_it_ended_once(
    log: LogWriter, receiver: Receiver, as_notifier: asyncpg.Pool
) -> None:
    async def written() -> list[tuple[str, list[str]]]:
        return [(each["outcome"], each["disclosed"]) for each in await log.attempts()]

    await log.subscribe(receiver.url, "contact.*", classes=RESTRICTED)
    said = await log.say("王芳")
    async with sender_to_one(as_notifier) as (sender, recorder):
        receiver.reply = lambda _: Reply(wait_seconds=60)
        sending = asyncio.create_task(sender.send(lane_of(said)))
        await until(lambda: len(receiver.received) == 1)
        assert await written() == [("pending", ["restricted"])]
        sending.cancel()
        await asyncio.wait([sending])
        await recorder.flush()
        assert await written() == [("interrupted", ["restricted"])]
        receiver.reply = lambda _: Reply()
        assert await sender.send(lane_of(said))
        await recorder.flush()
    assert await written() == [("interrupted", ["restricted"]), ("accepted", ["restricted"])]
    for change in ("disclosed = '{}'", "position = 1"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await as_notifier.execute(f"UPDATE genjin.delivery_attempt SET {change}")
