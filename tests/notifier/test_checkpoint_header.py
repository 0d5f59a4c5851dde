"""Every delivery carries the newest signed checkpoint: every receiver is a witness."""

import asyncio
import base64

from genjin.evidence.verify import KeyRing, parse_note, verifier_key
from tests.notifier.conftest import Running
from tests.notifier.log_writer import LogWriter
from tests.notifier.receiver import Received, Receiver


async def delivered(receiver: Receiver, count: int) -> list[Received]:
    async with asyncio.timeout(20):
        while len(receiver.accepted) < count:  # noqa: ASYNC110  # no event tells
            await asyncio.sleep(0.01)
    return receiver.accepted


async def sealed_size(log: LogWriter) -> int:
    query = "SELECT max(size) FROM genjin.signed_checkpoint WHERE workspace_id = $1"
    return await log.database.fetchval(query, log.workspace_id) or 0


async def until_sealed(log: LogWriter) -> None:
    async with asyncio.timeout(20):
        while await sealed_size(log) < log.position:  # noqa: ASYNC110  # no event tells
            await asyncio.sleep(0.01)


async def until_one_carries_it(log: LogWriter, receiver: Receiver) -> Received:
    """The first delivery with a checkpoint of those that are sent one after the other."""
    for count in range(1, 200):
        await log.note("a")
        last = (await delivered(receiver, count))[-1]
        if "webhook-checkpoint" in last.headers:
            return last
        await asyncio.sleep(0.02)
    raise AssertionError("no delivery carried a checkpoint")


async def test_a_delivery_after_a_checkpoint_carries_it(
    log: LogWriter, receiver: Receiver, notifier: Running
) -> None:
    await log.subscribe(receiver.url)
    async with notifier(seal_seconds=0.05, log_origin="witnessed"):
        last = await until_one_carries_it(log, receiver)
    [key] = await log.database.fetch(
        "SELECT name, public_key FROM genjin.log_key WHERE workspace_id = $1", log.workspace_id
    )
    note = parse_note(base64.b64decode(last.headers["webhook-checkpoint"]).decode())
    KeyRing(verifier_key(key["name"], key["public_key"])).check(note)
    assert note.origin == f"witnessed/{log.workspace_id}"
    assert 1 <= note.size <= log.position


async def test_a_new_notifier_knows_the_checkpoint_of_the_one_before(
    log: LogWriter, receiver: Receiver, notifier: Running
) -> None:
    """The second one cannot seal, so what it sends it has read."""
    await log.subscribe(receiver.url)
    async with notifier(seal_seconds=0.05):
        await until_sealed(log)
    await damage(log)
    async with notifier(seal_seconds=0.05):
        await log.note("a")
        [first] = await delivered(receiver, 1)
    note = parse_note(base64.b64decode(first.headers["webhook-checkpoint"]).decode())
    assert note.size == 1


async def test_a_log_that_cannot_be_sealed_is_delivered_all_the_same_without_a_checkpoint(
    log: LogWriter, receiver: Receiver, notifier: Running
) -> None:
    await log.subscribe(receiver.url)
    await log.note("a", 3)
    await damage(log)
    async with notifier(seal_seconds=0.05):
        all_three = await delivered(receiver, 3)
    assert [each for each in all_three if "webhook-checkpoint" in each.headers] == []
    assert await sealed_size(log) == 0


async def damage(log: LogWriter) -> None:
    """From now on the log cannot be sealed."""
    async with log.database.acquire() as superuser, superuser.transaction():
        await superuser.execute("SET LOCAL session_replication_role = replica")
        await superuser.execute("UPDATE genjin.event SET leaf_hash = sha256('')")
