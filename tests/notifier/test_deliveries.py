"""The notifier against a real Postgres and a real receiver."""

import asyncio
from collections import Counter

from standardwebhooks import Webhook

from tests.notifier.conftest import Running
from tests.notifier.log_writer import LogWriter
from tests.notifier.receiver import Received, Receiver, Reply, until


async def test_an_event_arrives_signed_in_the_public_form(
    log: LogWriter, receiver: Receiver, notifier: Running
) -> None:
    subscription = await log.subscribe(receiver.url)
    async with notifier():
        [event] = await log.note("a", text="说明")
        await until(lambda: len(receiver.accepted) == 1)
    [received] = receiver.received
    body = Webhook(subscription.secret).verify(received.body, received.headers)
    assert body["type"] == "risk.reviewed"
    assert body["timestamp"] == body["data"]["recorded_at"]
    assert body["data"]["leaf_hash"] == event.leaf_hash.hex()
    assert body["data"]["data"]["note"] == "说明"
    assert received.headers["webhook-id"] == body["data"]["id"]
    assert received.headers["webhook-cursor"] == str(event.position)
    assert (received.version, received.previous) == (1, 0)
    assert received.headers["content-type"] == "application/json"
    assert received.headers["user-agent"].startswith("Genjin")


async def test_a_subscription_gets_only_what_it_asked_for(
    log: LogWriter, receiver: Receiver, notifier: Running
) -> None:
    await log.note("a", 3)
    await log.subscribe(f"{receiver.url}?all", "*")
    await log.subscribe(f"{receiver.url}?stages", "stage.*")
    await log.subscribe(f"{receiver.url}?late", "risk.reviewed")
    async with notifier():
        await log.note("a")
        await until(lambda: len(receiver.accepted) == 5)
        await until(lambda: log.cursor_is_at_the_end())
    told = Counter((each.path, each.event["type"]) for each in receiver.accepted)
    assert told == {
        ("/hook?all", "risk.reviewed"): 1,
        ("/hook?all", "webhook_subscription.created"): 3,
        ("/hook?late", "risk.reviewed"): 1,
    }


async def test_each_project_is_told_in_order_while_attempts_fail(
    log: LogWriter, receiver: Receiver, notifier: Running
) -> None:
    tries: Counter[str] = Counter()

    def fail_twice_now_and_then(received: Received) -> Reply:
        tries[received.headers["webhook-id"]] += 1
        failing = received.version % 3 == 0 and tries[received.headers["webhook-id"]] < 3
        return Reply(503) if failing else Reply()

    receiver.reply = fail_twice_now_and_then
    await log.subscribe(receiver.url)
    async with notifier():
        for _ in range(6):
            for project in "abcdefgh":
                await log.note(project, 2)
        await until(lambda: len(receiver.accepted) == 96)
    for project in "abcdefgh":
        assert receiver.versions(project) == list(range(1, 13))
    for each in receiver.accepted:
        assert each.previous == each.version - 1


async def test_a_long_backlog_of_many_projects_is_delivered_to_its_end(
    log: LogWriter, receiver: Receiver, notifier: Running
) -> None:
    projects = [f"p{number}" for number in range(50)]
    await log.subscribe(receiver.url)
    for _ in range(10):
        for project in projects:
            await log.note(project, 4)
    async with notifier():
        await until(lambda: len(receiver.accepted) == 2000, seconds=30)
    for project in projects:
        assert receiver.versions(project) == list(range(1, 41))


async def test_a_held_project_keeps_no_other_waiting_and_then_catches_up(
    log: LogWriter, receiver: Receiver, notifier: Running
) -> None:
    receiver.reply = lambda received: Reply(500) if received.project == "held" else Reply()
    await log.subscribe(receiver.url)
    async with notifier(retry_schedule_seconds=[0.1] * 200):
        await log.note("held", 3)
        for _ in range(20):
            await log.note("other")
            await log.note("held", 5)
        await until(lambda: receiver.versions("other") == list(range(1, 21)))
        await until(lambda: log.cursor_is_at_the_end())
        assert {each.version for each in receiver.received if each.project == "held"} == {1}
        row = await log.database.fetchrow(
            "SELECT * FROM genjin.delivery_lane WHERE stream = 'project-held'"
        )
        assert row is not None
        assert row["state"] == "retrying"
        assert row["attempts"] >= 1
        receiver.reply = lambda _: Reply()
        await until(lambda: len(receiver.versions("held")) == 103)
        await log.note("held")
        await until(lambda: len(receiver.versions("held")) == 104)
    assert receiver.versions("held") == list(range(1, 105))
    assert (
        await log.database.fetchval(
            "SELECT count(*) FROM genjin.delivery_lane WHERE state <> 'open'"
        )
        == 0
    )


async def test_a_parked_event_leaves_a_gap_that_shows(
    log: LogWriter, receiver: Receiver, notifier: Running
) -> None:
    receiver.reply = lambda received: (
        Reply(422, body=b"no\x00pe") if received.version == 2 else Reply()
    )
    await log.subscribe(receiver.url)
    async with notifier(retry_schedule_seconds=[0.02, 0.02]):
        await log.note("a", 4)
        await until(lambda: receiver.versions("a") == [1, 3, 4])
    assert [each.previous for each in receiver.accepted] == [0, 1, 3]
    tried = [each for each in await log.attempts() if each["position"] == 3]
    assert [(each["number"], each["parked"]) for each in tried] == [
        (1, False),
        (2, False),
        (3, True),
    ]
    assert {(each["outcome"], each["status"], each["response"]) for each in tried} == {
        ("refused", 422, "nope")
    }


async def test_every_attempt_is_recorded(
    log: LogWriter, receiver: Receiver, notifier: Running
) -> None:
    statuses = [500, 302, 404, 204]
    receiver.reply = lambda _: Reply(statuses.pop(0), {"location": "http://127.0.0.1:1/"}, body=b"")
    subscription = await log.subscribe(receiver.url)
    async with notifier():
        [event] = await log.note("a")
        await until(lambda: len(receiver.accepted) == 1)
    recorded = await log.attempts()
    assert [each["status"] for each in recorded] == [500, 302, 404, 204]
    assert [each["number"] for each in recorded] == [1, 2, 3, 4]
    assert [each["outcome"] for each in recorded] == ["refused"] * 3 + ["accepted"]
    assert [each["next_attempt_at"] is None for each in recorded] == [False, False, False, True]
    assert {(each["subscription_id"], each["position"]) for each in recorded} == {
        (subscription.id, event.position)
    }
    assert len({(each.body, each.headers["webhook-id"]) for each in receiver.received}) == 1


async def test_an_inactive_subscription_loses_nothing(
    log: LogWriter, receiver: Receiver, notifier: Running
) -> None:
    subscription = await log.subscribe(receiver.url)
    async with notifier():
        await log.note("a", 2)
        await until(lambda: len(receiver.accepted) == 2)
        subscription = await log.change(subscription, active=False)
        await until(lambda: receiver.under_way == 0)

        async def is_stopped() -> bool:
            before = len(receiver.accepted)
            await log.note("a")
            await log.note("b")
            await asyncio.sleep(1)  # whoever serves it would have sent them, and put its cursor
            return len(receiver.accepted) == before and await cursor_stands(log)

        await until(is_stopped)
        told = len(receiver.accepted)
        await log.note("a", 700)
        assert len(receiver.accepted) == told
        await log.change(subscription, active=True)
        written = log.version("a")
        await until(lambda: len(receiver.versions("a")) == written)
    assert receiver.versions("a") == list(range(1, written + 1))
    assert receiver.versions("b") == list(range(1, log.version("b") + 1))


async def cursor_stands(log: LogWriter) -> bool:
    """Nobody serves it any more: the cursor no longer follows the log."""
    position = await log.database.fetchval("SELECT min(position) FROM genjin.delivery_cursor")
    return position is not None and bool(position < log.position - 2)


async def test_a_new_subscription_may_begin_at_the_log_s_beginning(
    log: LogWriter, receiver: Receiver, notifier: Running
) -> None:
    await log.note("a", 1200)
    await log.subscribe(receiver.url, from_start=True)
    async with notifier():
        await until(lambda: len(receiver.accepted) == 1200)
    assert receiver.versions("a") == list(range(1, 1201))


async def test_at_most_so_many_attempts_are_under_way_at_one_receiver(
    log: LogWriter, receiver: Receiver, notifier: Running
) -> None:
    receiver.reply = lambda _: Reply(wait_seconds=0.02)
    await log.subscribe(receiver.url)
    async with notifier(in_flight_per_subscription_max=4):
        for number in range(60):
            await log.note(f"p{number}")
        await until(lambda: len(receiver.accepted) == 60)
    assert 2 <= receiver.under_way_most <= 4


async def test_a_receiver_that_hangs_keeps_no_other_waiting(
    log: LogWriter, receiver: Receiver, notifier: Running
) -> None:
    async with Receiver(lambda _: Reply(wait_seconds=60)) as hanging:
        await log.subscribe(hanging.url)
        await log.subscribe(receiver.url)
        async with notifier(attempt_timeout_seconds=2):
            for number in range(100):
                await log.note(f"p{number}")
            await until(lambda: len(receiver.accepted) == 100)
            assert len(hanging.accepted) == 0
