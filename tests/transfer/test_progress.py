"""An export that goes on for long: it shows that it lives, and ends for whoever may no longer read."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest

from genjin.event import RecordedEvent
from genjin.history.filter import EventFilter
from genjin.history.phrase import parse_phrase
from genjin.postgres import create_pool
from genjin_api.feed.log_pages import LogPages
from genjin_api.http.streams import CutOffError
from genjin_api.transfer.export import Client, export
from tests.databases import Database
from tests.evidence.sealed_log import verify
from tests.feed.test_ends import deaf_client, long_log, read_all, until_logged
from tests.log.log import Log, command
from tests.pursuit import done
from tests.transfer.files import EXPORT
from tests.world import Person, World

EVENTS = 40
NOTHING = "after:nobody-wrote-this"
# One that stands in the middle.
ONE = "after:text-20"


@pytest.fixture
async def log(fresh_database: Database) -> AsyncIterator[Log]:
    pool = await create_pool(fresh_database.api_url, "genjin_api", 4)
    made = Log(uuid4(), fresh_database, pool)
    await made.append(*(command(f"s-{n}", 0, f"text-{n}") for n in range(EVENTS)))
    yield made
    await pool.close()


async def unrecorded(_events: Sequence[RecordedEvent]) -> None:
    """This log holds nothing restricted."""


async def always() -> bool:
    return True


async def never() -> bool:
    return False


async def pieces_of(log: Log, phrase: str, client: Client) -> AsyncIterator[bytes]:
    """With pages of one event."""
    asked = parse_phrase(phrase)
    assert isinstance(asked, EventFilter)
    pages = LogPages(log.pool, 1)
    async for piece in export(log.pool, pages, log.workspace_id, EVENTS, asked, client):
        yield piece


async def lines_of(log: Log, phrase: str, **seconds: float) -> list[dict[str, Any]]:
    client = Client(unrecorded, always, **seconds)
    return [orjson.loads(piece) async for piece in pieces_of(log, phrase, client)]


async def test_a_filter_that_finds_nothing_tells_how_far_it_has_looked(log: Log) -> None:
    _, *told, end = await lines_of(log, NOTHING, silence_seconds=0)
    assert told == [{"progress": {"position": n}} for n in range(1, EVENTS + 1)]
    assert end["end"]["count"] == 0


async def test_progress_is_told_between_the_events_and_never_instead_of_one(log: Log) -> None:
    _, *told, end = await lines_of(log, ONE, silence_seconds=0)
    assert told[20]["data"] == {"text": "text-20"}
    assert [line["progress"]["position"] for line in told[:20] + told[21:]] == [
        n for n in range(1, EVENTS + 1) if n != 21
    ]
    assert end["end"]["count"] == 1


async def test_nobody_is_told_of_progress_who_does_not_wait(log: Log) -> None:
    assert len(await lines_of(log, ONE, silence_seconds=60)) == 3


async def test_the_verifier_takes_lines_of_progress_in_their_order_alone(
    log: Log, tmp_path: Path
) -> None:
    client = Client(unrecorded, always, silence_seconds=0)
    lines = [piece async for piece in pieces_of(log, ONE, client)]
    path = tmp_path / "export"
    path.write_bytes(b"".join(lines))
    assert verify("export", path) == 0
    for turned in (20, 21):  # the event behind the next progress, and two of them turned round
        wrong = [*lines]
        wrong[turned + 1], wrong[turned + 2] = wrong[turned + 2], wrong[turned + 1]
        path.write_bytes(b"".join(wrong))
        assert verify("export", path) == 1


@pytest.mark.parametrize("phrase", ["", NOTHING])
async def test_an_export_is_cut_off_when_its_client_may_no_longer_read(
    log: Log, phrase: str
) -> None:
    read = []
    with pytest.raises(CutOffError):
        async for piece in pieces_of(log, phrase, Client(unrecorded, never, welcome_seconds=0)):
            read.append(piece)
    assert [b'"export"' in piece for piece in read] == [True]


async def test_a_revoked_key_ends_its_export_without_an_end_line(world: World) -> None:
    await long_log(world)
    made = await world.owner.post("/v1/api-keys", {"person_id": world.owner.id, "name": "x"})
    key = made.json()
    reader = Person(world.owner.id, "x", key["secret"], world.owner.client)
    async with deaf_client(reader, EXPORT) as client:
        begun = await asyncio.get_running_loop().sock_recv(client, 1)  # else it may not be let in
        done(await world.owner.delete(f"/v1/api-keys/{key['api_key']['id']}", reason="x"))
        await asyncio.sleep(6)  # it is asked every five seconds
        read = begun + await asyncio.wait_for(read_all(client), 30)
    assert b'"export":' in read
    assert b'"end":' not in read
    await until_logged(world.api, "stream_cut_off")
