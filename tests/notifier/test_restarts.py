"""A notifier that ends, is replaced, or loses its connections: it goes on in order, and nothing is lost."""

from functools import partial

from tests.databases import Database
from tests.notifier.arrivals import assert_in_order_with_equal_duplicates, has_more_than
from tests.notifier.conftest import Running
from tests.notifier.log_writer import LogWriter
from tests.notifier.receiver import Receiver, Reply, until


async def test_a_restart_goes_on_where_it_stopped(
    log: LogWriter, receiver: Receiver, notifier: Running
) -> None:
    receiver.reply = lambda received: Reply(500) if received.project == "held" else Reply()
    await log.subscribe(receiver.url)
    async with notifier(retry_schedule_seconds=[0.05] * 100):
        await log.note("held", 3)
        await log.note("a", 5)
        await until(lambda: len(receiver.accepted) == 5)
        await until(lambda: any(each.project == "held" for each in receiver.received))
    receiver.reply = lambda _: Reply()
    await log.note("a", 5)
    async with notifier():
        await until(lambda: len(receiver.accepted) == 13)
    assert receiver.versions("a") == list(range(1, 11))
    assert receiver.versions("held") == [1, 2, 3]
    assert [each.previous for each in receiver.accepted if each.project == "a"] == list(range(10))


async def test_a_second_notifier_stands_by_and_takes_over(
    log: LogWriter, receiver: Receiver, notifier: Running
) -> None:
    await log.subscribe(receiver.url)
    async with notifier():
        async with notifier():
            await log.note("a", 10)
            await until(lambda: len(receiver.accepted) == 10)
        await log.note("a", 10)
        await until(lambda: len(receiver.accepted) == 20)
    assert [each.version for each in receiver.received] == list(range(1, 21))


async def test_lost_connections_are_made_again_and_nothing_is_lost(
    log: LogWriter, receiver: Receiver, notifier: Running, fresh_database: Database
) -> None:
    receiver.reply = lambda _: Reply(wait_seconds=0.01)
    await log.subscribe(receiver.url)
    async with notifier():
        for _ in range(3):
            await log.note("a", 10)
            await log.note("b", 10)
            told = len(receiver.accepted)
            await until(partial(has_more_than, receiver, told + 3))
            await log.database.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'genjin_notifier' AND datname = current_database()"
            )
        await until(
            lambda: {*receiver.versions("a")} & {*receiver.versions("b")} == {*range(1, 31)}
        )
        await until(lambda: log.cursor_is_at_the_end())
    assert_in_order_with_equal_duplicates(receiver, {"a": 30, "b": 30})
    assert len(await log.attempts()) >= len(receiver.accepted)
