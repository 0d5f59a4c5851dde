"""Restricted values in webhooks: in the clear for who is granted the class, at the moment of each attempt, and nowhere
else.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from standardwebhooks import Webhook

from genjin_deploy.embedded_postgres import EmbeddedPostgres
from tests.api_process import api_process
from tests.databases import copy_migrated
from tests.end_to_end.conftest import notifier_process
from tests.notifier.receiver import Received, Receiver, Reply, until
from tests.pursuit import done
from tests.stakeholders.inside import NAME, NOTE, new_contact, new_stakeholder, score
from tests.subjects.registered import LI_SAID, PROFILE, REPORT, WANG_SAID, register
from tests.subjects.test_whole_database import rows_with
from tests.world import World, make_world

PATH = "/v1/webhook-subscriptions"
SAID = "评标办法已经定了三个月"
SECRETS = (WANG_SAID, LI_SAID, NAME, NOTE, SAID)


@dataclass(frozen=True, slots=True)
class Story:
    """What came by path, the granted subscription's attempts, and where the database and the logs hold a secret."""

    received: list[Received]
    secret: str
    attempts: list[dict[str, Any]]
    other_attempts: list[dict[str, Any]]
    found: set[str]
    logged: list[str]

    def events(self, path: str, event_type: str) -> list[dict[str, Any]]:
        came = [each.event for each in self.received if each.path == f"/hook?{path}"]
        return [event for event in came if event["type"] == event_type]


async def subscribe(world: World, receiver: Receiver, path: str, **more: Any) -> Any:
    body = {"url": f"{receiver.url}?{path}", "event_types": ["*"], **more}
    return done(await world.owner.post(PATH, body)).json()


async def live(world: World, receiver: Receiver, granted: str) -> None:
    """Persons in forms, a contact and a stakeholder; one contact erased, and then the grant taken away, between the
    tries of a delivery.
    """
    registered = await register(world)
    contact = await new_contact(world.marketer)
    made = await new_stakeholder(registered.first, contact_id=contact["id"])
    scored = {**score("2026-03-02", trust=2), "evidence": SAID}
    await registered.first.post(f"stakeholders/{made['id']}/scores", scored)
    await until(lambda: len({each.path for each in receiver.accepted if is_scored(each)}) == 2)

    async def erase(contact: dict[str, Any]) -> None:
        await registered.erase(contact["subject_id"])

    async def take_away(_contact: dict[str, Any]) -> None:
        done(await world.owner.patch(f"{PATH}/{granted}", {"classes": []}))

    await between_tries(world, receiver, erase)
    await between_tries(world, receiver, take_away)


async def between_tries(
    world: World, receiver: Receiver, happens: Callable[[dict[str, Any]], Awaitable[None]]
) -> None:
    receiver.reply = refuse_contacts
    contact = await new_contact(world.marketer)
    stream = f"contact-{contact['id']}"
    await until(lambda: "/hook?granted" in paths_of(stream, receiver.received))
    await happens(contact)
    receiver.reply = echo
    await until(lambda: len(set(paths_of(stream, receiver.accepted))) == 2)


def paths_of(stream: str, received: list[Received]) -> list[str]:
    """On which paths the events of a stream came."""
    return [each.path for each in received if each.event["stream"] == stream]


def is_scored(received: Received) -> bool:
    return bool(received.event["type"] == "stakeholder.scored")


def echo(received: Received) -> Reply:
    """A receiver that says again what it was told."""
    return Reply(body=received.body[:4000])


def refuse_contacts(received: Received) -> Reply:
    return Reply(503 if received.event["type"] == "contact.created" else 200, body=received.body)


@pytest.fixture(scope="module")
async def story(
    postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Story]:
    folder: Path = tmp_path_factory.mktemp("granted")
    database = await copy_migrated(postgres)
    api_log, notifier_log = folder / "api.log", folder / "notifier.log"
    owner = await asyncpg.connect(database.admin_url)
    async with (
        Receiver(echo) as receiver,
        api_process(database, api_log) as api,
        notifier_process(database, notifier_log),
        make_world(api) as world,
    ):
        made = await subscribe(world, receiver, "granted", classes=["restricted"])
        other = await subscribe(world, receiver, "other")
        one, two = (each["webhook_subscription"]["id"] for each in (made, other))
        await live(world, receiver, one)
        attempts, other_attempts = [
            (await world.auditor.get(f"{PATH}/{each}/attempts", limit=200)).json()["items"]
            for each in (one, two)
        ]
        found = set().union(*[await rows_with(owner, secret) for secret in SECRETS])
    await owner.close()
    logs = [path.read_text(errors="replace") for path in (api_log, notifier_log)]
    logged = [secret for secret in SECRETS if any(secret in log for log in logs)]
    yield Story(receiver.received, made["secret"], attempts, other_attempts, found, logged)


def test_who_is_granted_the_class_is_told_the_values(story: Story) -> None:
    reports = [each for each in story.events("granted", "form.completed")]
    values = {each["data"]["form"]: each["data"]["values"] for each in reports}
    assert [one["name"] for one in values[REPORT]["customer_people"]] == [WANG_SAID, LI_SAID]
    assert values[PROFILE]["preferences"] == WANG_SAID
    contact = story.events("granted", "contact.created")[0]
    assert (contact["data"]["values"]["name"], contact["data"]["withheld"]) == (NAME, {})
    [known] = story.events("granted", "stakeholder.identified")
    assert (known["data"]["values"]["note"], known["data"]["roles"]) == (NOTE, ["coach", "handler"])
    [scored] = story.events("granted", "stakeholder.scored")
    assert scored["data"]["values"]["evidence"] == SAID


def test_the_signature_is_of_the_bytes_with_the_values(story: Story) -> None:
    sent = [each for each in story.received if each.path == "/hook?granted"]
    assert any(
        SAID in Webhook(story.secret).verify(one.body, one.headers).__str__() for one in sent
    )


def test_nobody_else_is_told_them(story: Story) -> None:
    told = [each.body.decode() for each in story.received if each.path == "/hook?other"]
    assert len(story.events("other", "contact.created")) >= 3
    assert not any(secret in body for secret in SECRETS for body in told)


def test_an_erasure_and_the_end_of_a_grant_hold_from_the_next_attempt_on(story: Story) -> None:
    by_stream: dict[str, list[dict[str, Any]]] = {}
    for event in story.events("granted", "contact.created"):
        by_stream.setdefault(event["stream"], []).append(event["data"])
    _, erased, ungranted = by_stream.values()
    assert erased[0]["values"]["name"] == ungranted[0]["values"]["name"] == NAME
    assert set(erased[-1]["values"].values()) == {None}
    assert set(erased[-1]["withheld"].values()) == {"erased"}
    assert (ungranted[-1]["values"], ungranted[-1]["restricted"]) == (None, True)


def test_each_attempt_says_whether_it_disclosed_and_keeps_no_answer_of_who_may_know(
    story: Story,
) -> None:
    disclosed = {one["event_type"] for one in story.attempts if one["disclosed"] == ["restricted"]}
    assert disclosed == {
        *("form.completed", "contact.created"),
        *("stakeholder.identified", "stakeholder.scored"),
    }
    assert all(one["response"] is None for one in story.attempts if one["disclosed"])
    assert {tuple(one["disclosed"]) for one in story.other_attempts} == {()}
    assert any(one["response"] for one in story.other_attempts)


def test_no_row_and_no_log_holds_them_in_the_clear(story: Story) -> None:
    assert story.attempts
    assert (story.found, story.logged) == (set(), [])
