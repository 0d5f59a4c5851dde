"""No door shows restricted values to a member who holds no role in the project, however they came into the log.

Here they came before there was sealing: they stand in it in the clear.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest

from genjin.event import RecordedEvent
from genjin.subjects.sealed_values import clear_places
from tests.feed.listening import listening
from tests.http import openapi
from tests.pursuit import Pursuit, done
from tests.subjects.plain import kept_answer, save_plain
from tests.subjects.registered import LI_SAID, REPORT, WANG_SAID, report_of, save
from tests.world import Person, World

PLACE = "/customer_people"
PATH = f"/forms/{REPORT}:1/values{PLACE}"
WITHHELD = {"withheld": "restricted"}
VALUES = report_of(WANG_SAID, LI_SAID)
STREAM = "/v1/projects/{project_id}/events/stream"

# The doors at which those are shown what was said who may be.
OF_A_PROJECT = {
    *(f"/v1/projects/{{project_id}}/{one}" for one in ("forms", "forms/{form}", "state", "diff")),
    *("/v1/projects/{project_id}/blame", "/v1/projects/{project_id}/events", STREAM),
    "/v1/events/{event_id}",
}
OF_A_WORKSPACE = {
    *("/v1/events", "/v1/events/stream", "/v1/events/export", "/v1/requests/{request_id}"),
}


@dataclass(frozen=True, slots=True)
class Plain:
    """A project with a form in the clear, saved by event, and revised since: the revision's changes have it as well."""

    pursuit: Pursuit
    event: RecordedEvent
    version: int

    @property
    def ids(self) -> dict[str, str]:
        event_id = orjson.loads(self.event.body)["id"]
        project_id = self.pursuit.path.rpartition("/")[2]
        known = {"project_id": project_id, "event_id": event_id, "request_id": "request-plain"}
        return {**known, "form": REPORT, "stage": "s1", "number": "1", "role": "marketer"}


@pytest.fixture
async def plain(world: World) -> Plain:
    pursuit = Pursuit(world, await world.project())
    return Plain(pursuit, await save_plain(pursuit, VALUES), (await pursuit.card())["version"])


async def revise(plain: Plain) -> None:
    """The newest revision is sealed; the changes of its event are those from what was in the clear."""
    values = {**report_of(LI_SAID), "place": "天津"}
    await save(plain.pursuit, REPORT, values=values, reason="补录")


async def release(pursuit: Pursuit) -> None:
    """The marketer holds no role in the project any more."""
    marketer = pursuit.world.marketer
    path = f"{pursuit.path}/role-holders/marketer/{marketer.id}"
    done(await marketer.delete(path, reason="调岗"))


class _AnyId(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "metric" if name in ("metric", "key") else str(uuid4())


def says(text: str) -> bool:
    return WANG_SAID in text or LI_SAID in text


async def doors(world: World) -> list[str]:
    """Every path that can be read, from the API's own OpenAPI document."""
    document = done(await world.owner.get("/openapi.json")).json()
    return [one.path for one in openapi.operations(document) if one.method == "get"]


async def told(person: Person, path: str, plain: Plain, **query: Any) -> str:
    """What a door answers: a stream from the beginning of the log on, all else as it is asked for without more."""
    asked = path.format_map(_AnyId(plain.ids))
    if path.endswith("/stream"):
        # The history tells who may not.
        if (await person.get(asked.removesuffix("/stream"), limit=1)).status_code != 200:
            return ""
        async with listening(person, asked, after_position=0) as feed:
            messages = await feed.until(plain.event.position)
            return "".join(message.data for message in messages)
    query |= {"position": 1} if path.endswith("/proofs/inclusion") else {}
    answer = await person.get(asked, **query)
    assert answer.status_code < 500, (path, answer.text)
    return answer.text


async def showing(person: Person, plain: Plain, **query: Any) -> set[str]:
    paths = await doors(plain.pursuit.world)
    assert len(paths) > 50
    return {path for path in paths if says(await told(person, path, plain, **query))}


async def test_no_door_shows_a_member_without_a_role_what_stands_in_the_clear(plain: Plain) -> None:
    world = plain.pursuit.world
    assert await showing(world.marketer, plain) == OF_A_PROJECT
    assert await showing(world.auditor, plain) == OF_A_PROJECT | OF_A_WORKSPACE
    assert await showing(world.outsider, plain) == set()
    of_the_past = {path for path in OF_A_PROJECT if "event" not in path and "diff" not in path}
    version = str(plain.version)
    assert await showing(world.marketer, plain, as_of=version) >= of_the_past
    assert await showing(world.outsider, plain, as_of=version) == set()


async def test_what_a_sealed_revision_changed_is_withheld_as_well(plain: Plain) -> None:
    world = plain.pursuit.world
    await revise(plain)
    path = f"{plain.pursuit.path}/events"
    answers = [
        done(await person.get(path, type="form.revised")).json()["items"][0]["changes"]
        for person in (world.marketer, world.outsider)
    ]
    [in_full, seen] = [{one["path"]: one for one in changes} for changes in answers]
    assert in_full.keys() == seen.keys()
    assert WANG_SAID in str(in_full[PATH]["before"])
    assert seen[PATH] == {"path": PATH, "before": WITHHELD, "after": WITHHELD}
    place = f"/forms/{REPORT}:1/values/place"
    assert seen[place] == in_full[place] != {"path": place, "before": WITHHELD, "after": WITHHELD}
    for door in sorted(OF_A_PROJECT):
        assert not says(await told(world.outsider, door, plain)), door


async def test_only_what_the_template_marks_is_withheld_and_it_is_said_where(plain: Plain) -> None:
    pursuit, outsider = plain.pursuit, plain.pursuit.world.outsider
    [form] = done(await outsider.get(f"{pursuit.path}/forms/{REPORT}")).json()["items"]
    promise, objection = "/promises/0/made_by", "/objections/0/raised_by"
    assert form["withheld"] == dict.fromkeys((PLACE, promise, objection), "restricted")
    assert form["values"] == clear_places(VALUES, form["withheld"])
    assert form["values"]["promises"][0].keys() == VALUES["promises"][0].keys() > {"made_by"}
    [event] = done(await outsider.get(f"{pursuit.path}/events", type="form.*")).json()["items"]
    assert event["data"]["values"] == form["values"]
    assert event["data"]["withheld"] == form["withheld"]
    assert event["leaf_hash"] == plain.event.leaf_hash.hex()


async def test_nobody_finds_out_with_a_filter_what_is_withheld_from_them(world: World) -> None:
    """Whichever value they try, the answer is the same."""
    pursuit = Pursuit(world, await world.project())
    await save_plain(pursuit, {**VALUES, "customer_people": WANG_SAID})
    await save(pursuit, REPORT, values=VALUES, reason="补录")

    async def versions(person: Person, **query: str) -> list[int]:
        events = done(await person.get(f"{pursuit.path}/events", **query)).json()["items"]
        return [event["version"] for event in events]

    everything = await versions(world.outsider)
    assert len(await versions(world.marketer, after=WANG_SAID)) == 1
    assert len(await versions(world.marketer, before=WANG_SAID)) == 1
    for value in (WANG_SAID, LI_SAID, "别的"):
        for asked in ("after:{}", f"path:{PATH} after:{{}}", "before:{} type:form.revised"):
            assert await versions(world.outsider, phrase=asked.format(value)) == []
        assert await versions(world.outsider, phrase=f"-after:{value}") == everything
        for asked in (f"path:{PATH} -after:{{}}", f"path:{PATH} -before:{{}}"):
            found = await versions(world.outsider, phrase=asked.format(value))
            assert found == await versions(world.marketer, path=PATH)


async def test_who_loses_the_role_is_shown_no_more_of_a_kept_answer(world: World) -> None:
    """One of before the sealing: the form in it knows of no subjects, and the event is in the clear."""
    pursuit = Pursuit(world, await world.project())
    path, key = f"{pursuit.path}/forms/{REPORT}", "key-plain"
    body = orjson.dumps({"values": VALUES, "complete": True})
    canonical = orjson.dumps(orjson.loads(body), option=orjson.OPT_SORT_KEYS)
    fingerprint = sha256(b"\n".join((b"PUT", f"{path}?".encode(), b"", canonical))).digest()
    await save_plain(pursuit, VALUES, kept_answer(key, fingerprint, VALUES))
    headers = {"Idempotency-Key": key, "Content-Type": "application/json"}

    async def again() -> httpx.Response:
        return done(await world.marketer.client.put(path, content=body, headers=headers))

    kept = await again()
    assert kept.headers["idempotent-replayed"] == "true"
    assert says(kept.text)
    await release(pursuit)
    later = await again()
    assert not says(later.text)
    assert later.json()["form"]["withheld"][PLACE] == "restricted"
