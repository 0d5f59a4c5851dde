"""What was owed when a subscription was halted: it stays owed, where the log still has it."""

from functools import partial

from tests.notifier.conftest import Running
from tests.notifier.log_writer import LogWriter, Registered
from tests.notifier.receiver import Receiver, Reply, until

PATIENT = [0.05] * 400


async def halted(log: LogWriter, count: int) -> bool:
    return len(await log.halts()) == count


async def recover(log: LogWriter, subscription: Registered, position: int) -> None:
    await log.recover(subscription, position)
    await until(partial(halted, log, 0))


async def test_an_event_that_was_being_tried_again_before_the_position_is_still_delivered(
    log: LogWriter, receiver: Receiver, notifier: Running
) -> None:
    receiver.reply = lambda each: Reply(
        500 if each.project == "held" and each.version == 2 else 200
    )
    subscription = await log.subscribe(receiver.url)
    async with notifier(retry_schedule_seconds=PATIENT):
        await log.note("held", 3)
        await log.note("a", 2)
        backup = log.position
        await log.note("held")
        await log.note("b", 2)
        await until(lambda: len(receiver.accepted) == 5)
        await until(log.cursor_is_at_the_end)
        await log.put_back(backup, {"b": 0, "held": 3}, grow=("b", 3))
        await until(partial(halted, log, 1))
        await recover(log, subscription, backup)
        await until(lambda: receiver.versions("b") == [1, 2, 1, 2, 3])
        receiver.reply = lambda _: Reply()
        await log.note("held")
        await until(lambda: receiver.versions("held") == [1, 2, 3, 4])
    sent = [(each.version, each.previous) for each in receiver.accepted if each.project == "held"]
    assert sent == [(1, 0), (2, 1), (3, 2), (4, 3)]
    assert receiver.versions("a") == [1, 2]
    tries = [each["number"] for each in await log.attempts() if each["position"] == 3]
    assert tries == list(range(1, len(tries) + 1))  # it goes on counting


async def test_a_project_that_was_behind_before_the_position_is_still_delivered(
    log: LogWriter, receiver: Receiver, notifier: Running
) -> None:
    receiver.reply = lambda each: Reply(
        wait_seconds=60 if each.project == "long" and each.version == 10 else 0
    )
    subscription = await log.subscribe(receiver.url)
    async with notifier(attempt_timeout_seconds=90):
        await log.note("long", 100)
        await log.note("a")
        backup = log.position
        await log.note("b")
        await until(lambda: len(receiver.accepted) == 11)
        await until(log.cursor_is_at_the_end)
        await log.put_back(backup, {"b": 0}, grow=("b", 3))
        await until(partial(halted, log, 1))
        receiver.reply = lambda _: Reply()
        await recover(log, subscription, backup)
        await until(lambda: receiver.versions("long") == list(range(1, 101)))
        await until(lambda: receiver.versions("b") == [1, 1, 2, 3])


async def test_what_was_being_tried_again_and_is_not_in_the_log_any_more_holds_nothing_up(
    log: LogWriter, receiver: Receiver, notifier: Running
) -> None:
    """Another event stands at its position: to go on behind that one was chosen."""
    receiver.reply = lambda each: Reply(500 if each.event["data"]["note"] == "old" else 200)
    subscription = await log.subscribe(receiver.url)
    async with notifier(retry_schedule_seconds=PATIENT):
        await log.note("a")
        backup = log.position
        await log.note("held", 2, "old")
        await until(lambda: len(receiver.received) > 2)
        await until(log.cursor_is_at_the_end)
        await log.put_back(backup, {"held": 0}, grow=("held", 2))
        await until(partial(halted, log, 1))
        await recover(log, subscription, backup + 1)
        await log.note("held")
        await until(lambda: receiver.versions("held") == [2, 3])
    assert receiver.versions("a") == [1]


async def test_what_was_being_tried_again_behind_the_position_is_told_once(
    log: LogWriter, receiver: Receiver, notifier: Running
) -> None:
    receiver.reply = lambda each: Reply(500 if each.project == "held" else 200)
    subscription = await log.subscribe(receiver.url)
    async with notifier(retry_schedule_seconds=PATIENT):
        await log.note("a")
        chosen = log.position
        await log.note("held", 2)
        backup = log.position
        await log.note("b")
        await until(lambda: len(receiver.accepted) == 2 and len(receiver.received) > 3)
        await until(log.cursor_is_at_the_end)
        await log.put_back(backup, {"b": 0})
        await until(partial(halted, log, 1))
        receiver.reply = lambda _: Reply()
        await recover(log, subscription, chosen)
        await until(lambda: receiver.versions("held")[-1:] == [2])
        await until(log.cursor_is_at_the_end)
    # An attempt that was under way at the halt may have arrived.
    assert receiver.versions("held") in ([1, 2], [1, 1, 2])
