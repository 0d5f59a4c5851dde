"""Subscriptions over HTTP, while a notifier serves them: what is done to them shows in what is delivered."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from genjin_deploy.embedded_postgres import EmbeddedPostgres
from tests.api_process import api_process
from tests.databases import Database, copy_migrated
from tests.end_to_end.conftest import notifier_process
from tests.notifier.receiver import Received, Receiver, Reply, until
from tests.projections.filled import Installation
from tests.pursuit import done
from tests.stakeholders.inside import new_account
from tests.world import World, make_world

PATH = "/v1/webhook-subscriptions"


@pytest.fixture(scope="module")
async def database(postgres: EmbeddedPostgres) -> Database:
    return await copy_migrated(postgres)


@pytest.fixture(scope="module")
async def served(
    database: Database, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    folder = tmp_path_factory.mktemp("served")
    async with (
        api_process(database, folder / "api.log") as api,
        notifier_process(database, folder / "notifier.log"),
        make_world(api) as world,
    ):
        yield world


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver() as made:
        yield made


def fits(secret: str, received: Received) -> bool:
    try:
        Webhook(secret).verify(received.body, received.headers)
    except WebhookVerificationError:
        return False
    return True


async def newest_told(world: World, receiver: Receiver) -> Received:
    """A delivery of what happens now."""
    stream = f"account-{await new_account(world.marketer)}"
    await until(lambda: any(each.event["stream"] == stream for each in receiver.accepted))
    return next(each for each in receiver.accepted if each.event["stream"] == stream)


async def told_with(secret: str, world: World, receiver: Receiver) -> Received:
    """The first delivery that a secret fits: the notifier learns of a rotation a moment later."""
    for _ in range(100):
        if fits(secret, received := await newest_told(world, receiver)):
            return received
    raise AssertionError("the secret is not used")


async def test_a_rotated_secret_overlaps_with_the_one_before_as_long_as_is_asked(
    served: World, receiver: Receiver, database: Database
) -> None:
    body = {"url": receiver.url, "event_types": ["account.*"]}
    made = done(await served.owner.post(PATH, body)).json()
    one = f"{PATH}/{made['webhook_subscription']['id']}/secret-rotations"
    first = made["secret"]
    assert fits(first, await newest_told(served, receiver))
    keyed = {"Idempotency-Key": "rotate"}
    answer = done(await served.owner.client.post(one, json={}, headers=keyed))
    second = answer.json()["secret"]
    [event] = answer.json()["events"]
    assert event["data"] == {"overlap_until": answer.json()["overlap_until"]}
    received = await told_with(second, served, receiver)
    assert fits(first, received)
    kept = "SELECT count(*) FROM genjin.webhook_secret WHERE previous_sealed IS NOT NULL AND subscription_id = $1"
    subscription_id = UUID(made["webhook_subscription"]["id"])
    owner = await asyncpg.connect(database.admin_url)
    assert await owner.fetchval(kept, subscription_id) == 1
    third = done(await served.owner.post(one, {"overlap_seconds": 0})).json()["secret"]
    assert await owner.fetchval(kept, subscription_id) == 0
    await owner.close()
    received = await told_with(third, served, receiver)
    assert not fits(first, received)
    assert not fits(second, received)
    again = await served.owner.client.post(one, json={}, headers=keyed)
    assert (again.json(), again.headers["idempotent-replayed"]) == (answer.json(), "true")
    for wrong in (-1, 7 * 24 * 3600 + 1, "1"):
        assert (await served.owner.post(one, {"overlap_seconds": wrong})).status_code == 422
    assert (await served.marketer.post(one, {})).status_code == 403


async def test_a_receiver_that_is_gone_disables_its_subscription_until_it_is_made_active(
    served: World, receiver: Receiver, database: Database, tmp_path: Path
) -> None:
    receiver.reply = lambda _: Reply(410, body=b"no more")
    body = {"url": receiver.url, "event_types": ["account.*"]}
    path: str = done(await served.owner.post(PATH, body)).headers["location"]
    stream = f"account-{await new_account(served.marketer)}"

    async def state() -> str:
        shown: str = (await served.auditor.get(path)).json()["state"]
        return shown

    async def is_disabled() -> bool:
        return await state() == "disabled"

    await until(is_disabled)
    shown = (await served.auditor.get(path)).json()
    assert (shown["active"], shown["disabled_because"], shown["version"]) == (False, "gone", 2)
    verified = await Installation(database, tmp_path).projections("verify", "--report", "r.json")
    assert verified.exit_code == 0, verified.err
    receiver.reply = lambda _: Reply()
    changed = done(await served.owner.patch(path, {"active": True})).json()
    assert changed["webhook_subscription"]["disabled_because"] is None
    await until(lambda: stream in [each.event["stream"] for each in receiver.accepted])
    assert await state() == "delivering"


async def test_a_class_is_granted_and_taken_away_by_events_of_owners_and_admins(
    served: World,
) -> None:
    body = {"url": "https://example.com/in", "event_types": ["risk.*"], "classes": ["restricted"]}
    made = done(await served.owner.post(PATH, body))
    path, [event] = made.headers["location"], made.json()["events"]
    assert event["data"]["classes"] == ["restricted"]
    assert (await served.auditor.get(path)).json()["classes"] == ["restricted"]
    same = done(await served.owner.patch(path, {"classes": ["restricted", "restricted"]})).json()
    assert same["events"] == []
    for person in (served.auditor, served.marketer):
        assert (await person.patch(path, {"classes": []})).status_code == 403
    assert (await served.owner.patch(path, {"classes": ["secret"]})).status_code == 422
    [event] = done(await served.owner.patch(path, {"classes": []})).json()["events"]
    assert event["changes"] == [{"path": "/classes", "before": ["restricted"], "after": []}]
