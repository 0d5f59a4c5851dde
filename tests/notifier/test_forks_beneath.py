"""A log that is cut off and rewritten beneath a notifier that runs: it is noticed, and nothing of it is skipped."""

from functools import partial

import pytest

from genjin_notifier.dispatcher import BUFFERED_EVENTS_MAX
from tests.notifier.conftest import Running
from tests.notifier.log_writer import LogWriter
from tests.notifier.receiver import Received, Receiver, Reply, until


async def all_are_halted(log: LogWriter, count: int) -> bool:
    return len(await log.halts()) == count


async def has_read(log: LogWriter, position: int) -> bool:
    query = "SELECT read_position >= $1 FROM genjin.delivery_cursor"
    return bool(await log.database.fetchval(query, position))


def told(receiver: Receiver) -> list[str]:
    return [each.event["data"]["note"] for each in receiver.accepted]


@pytest.mark.parametrize("grown", [0, 1, 2, 5])
async def test_every_subscription_of_the_workspace_is_halted_and_goes_on_where_it_is_told_to(
    log: LogWriter, receiver: Receiver, notifier: Running, grown: int
) -> None:
    """Also where nobody writes any more, and where as many events came as went."""
    one = await log.subscribe(receiver.url)
    two = await log.subscribe(receiver.url, "stage.*")
    async with notifier():
        await log.note("a", 2)
        await log.note("b", 2)
        await until(lambda: len(receiver.accepted) == 4)
        await until(log.cursor_is_at_the_end)
        reached, backup = log.position, log.position - 2
        await log.put_back(backup, {"b": 0}, grow=("c", grown) if grown else None)
        await until(partial(all_are_halted, log, 2))
        for halt in await log.halts():
            assert (halt["code"], halt["position"]) == ("log_forked", reached)
            assert f"another commit at {reached} than the one delivered from" in halt["detail"]
        await log.note("c", 3)
        assert told(receiver) == [""] * 4
        for subscription in (one, two):
            await log.recover(subscription, backup)
        await until(partial(all_are_halted, log, 0))
        await until(log.cursor_is_at_the_end)
    # What the notifier had of the old log in memory is forgotten.
    assert receiver.versions("c") == list(range(1, grown + 4))
    assert told(receiver)[4:] == ["other"] * grown + [""] * 3


async def test_a_lane_that_was_ahead_of_the_cursor_does_not_let_the_subscription_on(
    log: LogWriter, receiver: Receiver, notifier: Running
) -> None:
    """The cursor waits for a receiver that hangs with one project; the fork lies behind it."""
    receiver.reply = lambda each: Reply(wait_seconds=30 if each.project == "slow" else 0)
    await log.subscribe(receiver.url)
    async with notifier(attempt_timeout_seconds=60):
        await log.note("slow")
        await log.note("a", 3)
        await until(lambda: receiver.versions("a") == [1, 2, 3])
        await log.put_back(log.position - 3, {"a": 0}, grow=("a", 5))
        await until(partial(all_are_halted, log, 1))
    receiver.reply = lambda _: Reply()
    async with notifier():
        await log.note("b")
        await until(partial(all_are_halted, log, 1))
    assert receiver.versions("b") == []
    [halt] = await log.halts()
    assert halt["code"] == "log_forked"


async def test_who_has_no_room_to_read_on_is_halted_too(
    log: LogWriter, receiver: Receiver, notifier: Running
) -> None:
    receiver.reply = lambda _: Reply(wait_seconds=30)
    await log.subscribe(receiver.url)
    async with notifier(attempt_timeout_seconds=60):
        for project in "abcdefghij":
            await log.note(project, 30)
        await until(partial(has_read, log, BUFFERED_EVENTS_MAX * 3 // 4 + 1))
        await log.put_back(91, {}, grow=("other", 300))
        await until(partial(all_are_halted, log, 1))
    assert receiver.accepted == []


async def test_an_event_that_is_tried_again_is_not_replaced_by_another(
    log: LogWriter, receiver: Receiver, notifier: Running
) -> None:
    def refuse_old(each: Received) -> Reply:
        return Reply(500 if each.project == "a" and not each.event["data"]["note"] else 200)

    receiver.reply = refuse_old
    await log.subscribe(receiver.url)
    async with notifier(retry_schedule_seconds=[0.05] * 400):
        await log.note("b")
        await log.note("a", 2)
        await until(lambda: len(receiver.received) > 3)
        await log.put_back(log.position - 2, {"a": 0}, grow=("a", 2))
        await until(partial(all_are_halted, log, 1))
    assert receiver.versions("a") == []


async def test_a_log_that_grows_and_is_not_cut_halts_nobody(
    log: LogWriter, receiver: Receiver, notifier: Running
) -> None:
    """Commits of more events than a page, read from within."""
    await log.note("old", 7)
    await log.subscribe(receiver.url)
    await log.subscribe(receiver.url, from_start=True)
    async with notifier(read_batch_max=3):
        for number in range(20):
            await log.note("abc"[number % 3], number)
        await until(lambda: len(receiver.accepted) == 2 * 190 + 7)
        await until(log.cursor_is_at_the_end)
    assert await log.halts() == []
