"""A log that is not the one delivered from: the subscription is halted, says so, and goes on where it is told to."""

import asyncio
from collections import Counter
from functools import partial
from typing import Any

import pytest

from genjin_notifier.standing import halt
from tests.notifier.conftest import Running
from tests.notifier.log_writer import LogWriter, Registered
from tests.notifier.receiver import Receiver, until


async def delivered(log: LogWriter, receiver: Receiver, notifier: Running, count: int) -> None:
    """Two commits of two events on one project each, and the notifier has ended."""
    async with notifier():
        await log.note("a", 2)
        await log.note("b", 2)
        await until(lambda: len(receiver.accepted) == count)
        await until(log.cursor_is_at_the_end)


async def is_halted(log: LogWriter) -> bool:
    return bool(await log.halts())


async def is_served(log: LogWriter) -> bool:
    return not await log.halts()


def way_out(subscription: Registered) -> str:
    return (
        "nothing more is delivered, so that nothing is skipped. Compare what the receiver has with the log, then send"
        f" the position after which to go on: POST /v1/webhook-subscriptions/{subscription.id}/recoveries"
    )


async def test_a_log_that_is_not_the_one_delivered_from_stops_the_subscription_and_says_so(
    log: LogWriter, receiver: Receiver, notifier: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    forked = await log.subscribe(f"{receiver.url}?forked")
    await log.subscribe(f"{receiver.url}?fine")
    await delivered(log, receiver, notifier, 8)
    reached = log.position
    await log.database.execute(
        "UPDATE genjin.delivery_cursor SET commit_hash = '\\x00' WHERE subscription_id = $1",
        forked.id,
    )
    async with notifier():
        await log.note("a", 2)
        await until(lambda: len(receiver.accepted) == 10)
        await until(partial(is_halted, log))
    assert Counter(each.path for each in receiver.accepted) == {"/hook?forked": 4, "/hook?fine": 6}
    [halt] = await log.halts()
    detail = f"the log has another commit at {reached} than the one delivered from, or none: {way_out(forked)}"
    assert (halt["subscription_id"], halt["code"], halt["position"]) == (
        forked.id,
        "log_forked",
        reached,
    )
    assert halt["detail"] == detail
    assert detail in capsys.readouterr().out


async def test_a_recovery_in_the_very_moment_of_the_halt_is_not_overlooked(
    log: LogWriter, receiver: Receiver, notifier: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscription = await log.subscribe(receiver.url)
    await delivered(log, receiver, notifier, 4)
    reached = log.position
    await log.put_back(reached - 2, {"b": 0})
    await log.note("other", 3)

    async def answered_late(*asked: Any) -> str:
        """Postgres has halted it; the operator is quicker than Postgres' answer."""
        reason = await halt(*asked)
        if not recovered:
            recovered.append(await log.recover(subscription, reached - 2))
            await asyncio.sleep(3)  # more than the subscriptions are read anew in
        return reason

    recovered: list[Registered] = []
    monkeypatch.setattr("genjin_notifier.term.halt", answered_late)
    async with notifier():
        await until(lambda: receiver.versions("other") == [1, 2, 3])
        await until(partial(is_served, log))


@pytest.mark.parametrize("more", [0, 3])
async def test_a_log_that_was_put_back_and_grew_again_skips_nothing(
    log: LogWriter, receiver: Receiver, notifier: Running, more: int
) -> None:
    await log.subscribe(receiver.url)
    await delivered(log, receiver, notifier, 4)
    reached = log.position
    await log.put_back(reached - 2, {"b": 0})
    await log.note("other", 2 + more)
    async with notifier():
        await until(partial(is_halted, log))
    assert receiver.versions("other") == []
    [halt] = await log.halts()
    assert (halt["code"], halt["position"]) == ("log_forked", reached)
    assert str(reached) in halt["detail"]


async def test_a_subscription_whose_beginning_the_log_does_not_reach_is_halted_there(
    log: LogWriter, receiver: Receiver, notifier: Running
) -> None:
    await log.note("a", 5)
    subscription = await log.subscribe(receiver.url)
    await log.database.execute("UPDATE genjin.webhook_subscription SET start_position = 99")
    async with notifier():
        await until(partial(is_halted, log))
    [halt] = await log.halts()
    assert (halt["code"], halt["position"]) == ("log_forked", 99)
    assert halt["detail"].endswith(way_out(subscription))


async def test_a_gap_in_the_log_halts_the_subscription(
    log: LogWriter, receiver: Receiver, notifier: Running
) -> None:
    subscription = await log.subscribe(receiver.url)
    await delivered(log, receiver, notifier, 4)
    reached = log.position
    await log.note("a", 2)
    async with log.database.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute("DELETE FROM genjin.event WHERE position = $1", reached + 1)
    async with notifier():
        await until(partial(is_halted, log))
    [halt] = await log.halts()
    assert (halt["code"], halt["position"]) == ("log_damaged", reached)
    assert halt[
        "detail"
    ] == f"no event at position {reached + 1}, but one at {reached + 2}: " + way_out(subscription)


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_recovered_subscription_is_told_what_the_log_has_after_the_position(
    log: LogWriter, receiver: Receiver, notifier: Running, restarted: bool
) -> None:
    subscription = await log.subscribe(receiver.url)
    await delivered(log, receiver, notifier, 4)
    backup = log.position - 2
    await log.put_back(backup, {"b": 0})
    async with notifier():
        await log.note("b", 3)
        await until(partial(is_halted, log))
        if not restarted:
            await recover(log, subscription, backup)
    if restarted:
        await log.recover(subscription, backup)
        async with notifier():
            await until(partial(is_served, log))
            await until(log.cursor_is_at_the_end)
    # Those of the old log, and then the new ones, although their versions were delivered once.
    assert receiver.versions("b") == [1, 2, 1, 2, 3]
    assert [each.previous for each in receiver.accepted if each.project == "b"] == [0, 1, 0, 1, 2]
    assert receiver.versions("a") == [1, 2]


async def recover(log: LogWriter, subscription: Registered, position: int) -> None:
    await log.recover(subscription, position)
    await until(partial(is_served, log))
    await until(log.cursor_is_at_the_end)


async def test_a_recovery_may_begin_anew_from_the_log_s_beginning(
    log: LogWriter, receiver: Receiver, notifier: Running
) -> None:
    subscription = await log.subscribe(receiver.url)
    await delivered(log, receiver, notifier, 4)
    await log.put_back(log.position - 2, {"b": 0})
    async with notifier():
        await until(partial(is_halted, log))
        await recover(log, subscription, 0)
        await log.note("a")
        await until(lambda: receiver.versions("a") == [1, 2, 1, 2, 3])


async def test_a_recovered_subscription_may_be_halted_again(
    log: LogWriter, receiver: Receiver, notifier: Running
) -> None:
    subscription = await log.subscribe(receiver.url)
    await delivered(log, receiver, notifier, 4)
    backup = log.position - 2
    await log.put_back(backup, {"b": 0})
    async with notifier():
        await until(partial(is_halted, log))
        await recover(log, subscription, backup)
        await log.note("b", 4)
        await until(lambda: receiver.versions("b") == [1, 2, 1, 2, 3, 4])
        await until(log.cursor_is_at_the_end)
    reached = log.position
    await log.put_back(reached - 4, {"b": 0})
    async with notifier():
        await until(partial(is_halted, log))
    [halt] = await log.halts()
    assert halt["position"] == reached


async def test_a_halted_subscription_goes_on_when_its_log_is_the_old_one_again(
    log: LogWriter, receiver: Receiver, notifier: Running
) -> None:
    await log.subscribe(receiver.url)
    await delivered(log, receiver, notifier, 4)
    cursor: dict[str, Any] = dict(
        await log.database.fetchrow("SELECT * FROM genjin.delivery_cursor") or {}
    )
    await log.database.execute("UPDATE genjin.delivery_cursor SET commit_hash = '\\x00'")
    async with notifier():
        await until(partial(is_halted, log))
    await log.database.execute(
        "UPDATE genjin.delivery_cursor SET commit_hash = $1", cursor["commit_hash"]
    )
    async with notifier():
        await log.note("a", 1)
        await until(lambda: receiver.versions("a") == [1, 2, 3])
        await until(partial(is_served, log))


async def test_the_first_recovery_is_taken_where_the_log_lost_events_of_the_subscription_too(
    log: LogWriter, receiver: Receiver, notifier: Running
) -> None:
    subscription = await log.subscribe(receiver.url)
    async with notifier():
        await log.note("a", 2)
        backup = log.position
        await log.change(await log.change(subscription, event_types=("*",)))
        await log.note("b", 2)
        await until(lambda: len(receiver.accepted) >= 4)
        await until(log.cursor_is_at_the_end)
        await log.put_back(backup, {"b": 0}, lost=subscription, grow=("b", 3))
        await until(partial(is_halted, log))
        await log.recover(subscription, backup)
        await until(partial(is_served, log))
        await until(lambda: receiver.versions("b")[-1:] == [3])
