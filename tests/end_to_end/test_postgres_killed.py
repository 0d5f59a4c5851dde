"""kill -9 of Postgres while the API writes and the notifier delivers: nothing that was acknowledged is lost, nothing is
in the log twice, and every event arrives in order.
"""

import asyncio
import itertools
from pathlib import Path

import httpx
import pytest

from genjin_deploy.embedded_postgres import EmbeddedPostgres
from tests.api_process import api_process
from tests.databases import copy_migrated
from tests.end_to_end.conftest import notifier_process
from tests.end_to_end.test_pursuit_becomes_webhooks import subscribe, whole_history
from tests.notifier.receiver import Receiver, until
from tests.pursuit import Pursuit
from tests.world import World, make_world

PROJECTS = 6
KILLS = 3
BETWEEN_KILLS_SECONDS = 2.0


@pytest.mark.faults
@pytest.mark.timeout(300)
async def test_what_was_acknowledged_survives_postgres_being_killed_under_load(
    doomed: EmbeddedPostgres, receiver: Receiver, tmp_path: Path
) -> None:
    database = await copy_migrated(doomed)
    async with (
        api_process(database, tmp_path / "api.log") as api,
        make_world(api) as world,
        notifier_process(database, tmp_path / "notifier.log"),
    ):
        await subscribe(world, receiver, ["*"])
        pursuits = [Pursuit(world, await world.project(f"XM-{n}")) for n in range(PROJECTS)]
        stopping = asyncio.Event()
        writers = [asyncio.create_task(write(world, each, stopping)) for each in pursuits]
        for _ in range(KILLS):
            await asyncio.sleep(BETWEEN_KILLS_SECONDS)
            await asyncio.to_thread(doomed.kill)
            await asyncio.to_thread(doomed.start)
        await asyncio.sleep(BETWEEN_KILLS_SECONDS)
        stopping.set()
        acknowledged = await asyncio.gather(*writers)
        for pursuit, texts in zip(pursuits, acknowledged, strict=True):
            await assert_history_holds(pursuit, texts)
            await assert_delivered(pursuit, receiver)


async def write(world: World, pursuit: Pursuit, stopping: asyncio.Event) -> list[str]:
    """Record one text after the other, each under a key of its own that is sent again until it is answered."""
    acknowledged: list[str] = []
    for number in itertools.count():
        if stopping.is_set():
            return acknowledged
        text = f"第 {number} 次记录"
        if await recorded(world, pursuit, text, f"{pursuit.path[-12:]}-{number}"):
            acknowledged.append(text)
    raise AssertionError("unreachable")


async def recorded(world: World, pursuit: Pursuit, text: str, key: str) -> bool:
    for _ in range(600):
        try:
            answer = await world.marketer.client.post(
                f"{pursuit.path}/actuals", json={"text": text}, headers={"Idempotency-Key": key}
            )
        except httpx.TransportError:
            await asyncio.sleep(0.05)
            continue
        if answer.status_code == 201:
            return True
        assert answer.status_code == 503, answer.text
        await asyncio.sleep(0.05)
    raise AssertionError("the API did not come back")


async def assert_history_holds(pursuit: Pursuit, acknowledged: list[str]) -> None:
    """Each acknowledged text is there once, in its order; versions have no gap."""
    history = await whole_history(pursuit)
    assert [event["version"] for event in history] == [*range(1, len(history) + 1)]
    texts = [
        event["data"]["text"]  # type: ignore[index]
        for event in history
        if event["type"] == "stage.actual_recorded"
    ]
    assert texts == acknowledged
    assert len(acknowledged) > KILLS


async def assert_delivered(pursuit: Pursuit, receiver: Receiver) -> None:
    """Every version arrived; a second arrival of one is a late copy with the same bytes, never a step back."""
    project = pursuit.path.rpartition("/")[2]
    last = (await pursuit.card())["version"]
    await until(lambda: set(receiver.versions(project)) == {*range(1, last + 1)}, seconds=60)
    first_arrivals = [*dict.fromkeys(receiver.versions(project))]
    assert first_arrivals == [*range(1, last + 1)]
    bodies: dict[str, bytes] = {}
    for each in receiver.accepted:
        assert bodies.setdefault(each.headers["webhook-id"], each.body) == each.body
