"""What is stored of an event: canonical bytes, their leaf hash, and a chain over the commits."""

import hashlib
import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import ClassVar
from uuid import UUID

import asyncpg

from genjin.event import Fact, RecordedEvent
from genjin.identifiers import new_id
from genjin.log.append import Appended, NewEvent
from tests.log.log import ACTOR, Log, Noted, chained, command, genesis

AWKWARD = ['"quoted" \\ /', "汉字 𠮷", "\n\t\x01\x7f", " ", "", "{}", "é e\u0301"]


async def test_a_body_is_canonical_json_of_the_documented_envelope(log: Log) -> None:
    await log.append(command("a", 0, *AWKWARD, causation_id="cause-1"))
    for number, event in enumerate(await log.events(), start=1):
        document = json.loads(event.body)
        canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert event.body == canonical
        identifier, occurred, recorded = (
            document.pop(name) for name in ("id", "occurred_at", "recorded_at")
        )
        assert UUID(identifier).version == 7
        assert occurred.endswith("Z") and recorded.endswith("Z") and len(occurred) == len(recorded)
        text = AWKWARD[number - 1]
        assert document == {
            "actor": {
                "type": "person",
                "id": str(ACTOR.id),
                "name": "赵敏",
                "role": "sales_manager",
            },
            "causation_id": "cause-1",
            "changes": [{"path": "/text", "before": None, "after": text}],
            "correlation_id": "correlation-1",
            "data": {"text": text},
            "position": number,
            "request_id": "request-1",
            "schema_version": 1,
            "stream": "a",
            "type": "test.noted",
            "version": number,
            "workspace_id": str(log.workspace_id),
        }


async def test_events_of_one_command_keep_their_own_type_version_and_time(log: Log) -> None:
    class Counted(Fact):
        type: ClassVar[str] = "test.counted"
        schema_version: ClassVar[int] = 3
        number: int

    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    told = [
        (Noted(text="1"), noon),
        (Counted(number=2), noon),
        (Noted(text="3"), noon.astimezone(timezone(timedelta(hours=8)))),
        (Counted(number=4), noon + timedelta(microseconds=1)),
    ]
    events = [NewEvent(new_id(), fact, occurred_at, []) for fact, occurred_at in told]
    [appended] = await log.append(replace(command("a", 0), events=events))
    stored = await log.events()
    assert isinstance(appended, Appended)
    assert list(appended.events) == stored
    documents = [json.loads(event.body) for event in stored]
    said = [
        (document["type"], document["schema_version"], document["occurred_at"][11:], event.type)
        for document, event in zip(documents, stored, strict=True)
    ]
    assert said == [
        ("test.noted", 1, "12:00:00.000000Z", "test.noted"),
        ("test.counted", 3, "12:00:00.000000Z", "test.counted"),
        ("test.noted", 1, "12:00:00.000000Z", "test.noted"),
        ("test.counted", 3, "12:00:00.000001Z", "test.counted"),
    ]


async def test_a_leaf_hash_is_that_of_a_merkle_leaf_over_the_stored_bytes(log: Log) -> None:
    await log.append(command("a", 0, *AWKWARD))
    for event in await log.events():
        assert event.leaf_hash == hashlib.sha256(b"\x00" + event.body.encode()).digest()
        assert json.loads(event.public_json()) == json.loads(event.body) | {
            "leaf_hash": event.leaf_hash.hex()
        }


async def test_the_columns_beside_the_body_say_the_same(log: Log) -> None:
    await log.append(command("a", 0, "1"))
    [row] = await log.pool.fetch("SELECT * FROM event WHERE workspace_id = $1", log.workspace_id)
    body = json.loads(row["body"])
    assert body["recorded_at"] == row["recorded_at"].strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert body["occurred_at"] == row["occurred_at"].strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert (body["actor"]["id"], body["actor"]["role"]) == (str(row["actor_id"]), row["actor_role"])
    for name in (
        "position",
        "stream",
        "version",
        "type",
        "schema_version",
        "request_id",
        "correlation_id",
    ):
        assert body[name] == row[name], name


async def test_the_chain_of_commits_can_be_computed_again_from_the_events(log: Log) -> None:
    versions = dict.fromkeys("abc", 0)
    chance = random.Random(1)
    for _ in range(30):
        commands = []
        for stream in chance.sample("abc", k=chance.randint(1, 3)):
            texts = [f"{stream}{number}" for number in range(chance.randint(1, 5))]
            commands.append(command(stream, versions[stream], *texts))
            versions[stream] += len(texts)
        await log.append(*commands)
    assert_chained(log.workspace_id, await commits(log), await log.events())


async def commits(log: Log) -> list[asyncpg.Record]:
    rows: list[asyncpg.Record] = await log.pool.fetch(
        "SELECT * FROM commit WHERE workspace_id = $1 ORDER BY last_position", log.workspace_id
    )
    return rows


def assert_chained(
    workspace_id: UUID, rows: list[asyncpg.Record], events: list[RecordedEvent]
) -> None:
    head, position = genesis(workspace_id), 0
    for row in rows:
        first, last = row["first_position"], row["last_position"]
        assert (first, row["previous_hash"]) == (position + 1, head)
        leaves = [event.leaf_hash for event in events[first - 1 : last]]
        head, position = chained(head, first, last, leaves), last
        assert row["hash"] == head
    assert position == len(events)
