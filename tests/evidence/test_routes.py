"""Evidence over HTTP: what the sealer stored, proofs that the verifier takes, and who may ask."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from genjin.evidence.verify import parse_note
from tests.evidence.sealed_log import seal_log, verify
from tests.pursuit import done
from tests.world import Person, World


async def sealed_world(world: World, *, times: int = 1) -> None:
    for _ in range(times):
        await world.marketer.post("/v1/projects", {"code": f"XM-{times}", "header": {"name": "x"}})
        await change_something(world)
        await seal_log(world.api.database, UUID(world.workspace_id))


async def change_something(world: World) -> None:
    done(await world.owner.post("/v1/people", {"name": "新人", "workspace_role": "member"}))


async def answer(person: Person, path: str, **query: Any) -> dict[str, Any]:
    body: dict[str, Any] = done(await person.get(path, **query)).json()
    return body


def kept(folder: Path, name: str, body: Any) -> Path:
    path = folder / name
    path.write_text(body if isinstance(body, str) else json.dumps(body), encoding="utf-8")
    return path


async def first_key(world: World) -> str:
    keys = await answer(world.owner, "/v1/log/keys")
    return str(keys["items"][0]["verifier_key"])


async def test_the_newest_checkpoint_is_the_head_of_the_log(world: World) -> None:
    await sealed_world(world, times=2)
    latest = await answer(world.outsider, "/v1/log/checkpoints/latest")
    events = await answer(world.owner, "/v1/events", order="desc", limit=1)
    note = parse_note(latest["note"])
    assert latest["size"] == note.size == events["items"][0]["position"]
    assert (latest["root"], latest["commit_hash"]) == (note.root.hex(), note.extensions["commit"])


async def test_the_newest_checkpoint_comes_as_a_bare_note_to_who_asks_for_text(
    world: World,
) -> None:
    await sealed_world(world)
    document = await answer(world.owner, "/v1/log/checkpoints/latest")
    path = "/v1/log/checkpoints/latest"
    text = await world.owner.client.get(path, headers={"Accept": "text/plain"})
    assert text.headers["content-type"].startswith("text/plain")
    assert text.text == document["note"]


async def test_checkpoints_are_listed_in_pages_the_newest_first(world: World) -> None:
    await sealed_world(world, times=3)
    sizes, cursor = [], None
    for _ in range(3):
        query = {"limit": 1} | ({"cursor": cursor} if cursor else {})
        page = await answer(world.auditor, "/v1/log/checkpoints", **query)
        sizes += [item["size"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert cursor is None and len(sizes) == 3 and sizes == sorted(sizes, reverse=True)


async def test_before_the_first_seal_there_is_nothing(world: World) -> None:
    for path in ("checkpoints/latest", "proofs/inclusion?position=1", "proofs/consistency?from=1"):
        refused = await world.owner.get(f"/v1/log/{path}")
        assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    assert (await answer(world.owner, "/v1/log/keys"))["items"] == []


async def test_an_inclusion_proof_convinces_the_verifier_of_an_event(
    world: World, tmp_path: Path
) -> None:
    await sealed_world(world)
    [event] = (await answer(world.owner, "/v1/events", limit=1, type="project.created"))["items"]
    proof = await answer(world.outsider, "/v1/log/proofs/inclusion", event_id=event["id"])
    same = await answer(world.outsider, "/v1/log/proofs/inclusion", position=event["position"])
    assert proof == same
    body = (await world.owner.get(f"/v1/events/{event['id']}")).text
    files = kept(tmp_path, "proof", proof), "--event", kept(tmp_path, "event", body)
    assert verify("proof", *files, "--key", await first_key(world)) == 0
    kept(tmp_path, "event", body.replace("XM-1", "XM-2"))
    assert verify("proof", *files) == 1


async def test_an_inclusion_proof_can_be_had_for_a_smaller_tree(world: World) -> None:
    await sealed_world(world)
    proof = await answer(world.owner, "/v1/log/proofs/inclusion", position=2, size=3)
    assert (proof["size"], proof["leaf_index"], proof["checkpoint"]) == (3, 1, None)


async def test_a_consistency_proof_joins_two_checkpoints_for_the_verifier(
    world: World, tmp_path: Path
) -> None:
    await sealed_world(world, times=2)
    new, old = (await answer(world.owner, "/v1/log/checkpoints"))["items"]
    proof = await answer(world.outsider, "/v1/log/proofs/consistency", **{"from": old["size"]})
    assert (proof["to"], proof["to_checkpoint"]) == (new["size"], new["note"])
    files = kept(tmp_path, "old", old["note"]), kept(tmp_path, "proof", proof)
    assert verify("checkpoints", *files, "--key", await first_key(world)) == 0


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("inclusion", "?position"),
        ("inclusion?position=1&event_id=019ab0c2-7c1e-7d3a-9a51-3f0c6a2b4e10", "?position"),
        ("inclusion?position=0", "?position"),
        ("inclusion?position=1&size=1000", "?size"),
        ("consistency", "?from"),
        ("consistency?from=5&to=4", "?from"),
        ("consistency?from=1&to=1000", "?to"),
        ("consistency?from=1000", "?from"),
    ],
)
async def test_a_proof_that_cannot_be_is_refused_by_the_parameter(
    world: World, query: str, pointer: str
) -> None:
    await sealed_world(world)
    refused = await world.owner.get(f"/v1/log/proofs/{query}")
    assert (refused.status_code, refused.json()["code"]) == (422, "validation_failed")
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]


@pytest.mark.parametrize(
    "query", ["position=1000", "event_id=019ab0c2-7c1e-7d3a-9a51-3f0c6a2b4e10", "position=3&size=2"]
)
async def test_there_is_no_proof_of_an_event_that_is_not_in_the_tree(
    world: World, query: str
) -> None:
    await sealed_world(world)
    refused = await world.owner.get(f"/v1/log/proofs/inclusion?{query}")
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")


async def test_a_damaged_log_is_said_instead_of_a_proof(world: World) -> None:
    await sealed_world(world)
    superuser = await asyncpg.connect(world.api.database.admin_url)
    await superuser.execute("SET session_replication_role = replica")
    await superuser.execute(
        "UPDATE genjin.event SET leaf_hash = sha256('') WHERE workspace_id = $1 AND position = 2",
        UUID(world.workspace_id),
    )
    await superuser.close()
    for query in ("inclusion?position=1", "inclusion?position=2", "consistency?from=3"):
        said = await world.owner.get(f"/v1/log/proofs/{query}")
        assert (said.status_code, said.json()["code"]) == (500, "log_damaged")


# Keys


async def test_a_new_key_is_asked_for_by_an_event_and_stands_at_the_next_checkpoint(
    world: World, tmp_path: Path
) -> None:
    await sealed_world(world)
    asked = done(await world.owner.post("/v1/log/keys", {"reason": "年度更换"}))
    assert [event["type"] for event in asked.json()["events"]] == ["log_key.rotation_requested"]
    assert len((await answer(world.owner, "/v1/log/keys"))["items"]) == 1
    await sealed_world(world)
    keys = await answer(world.outsider, "/v1/log/keys")
    first, second = keys["items"]
    latest = await answer(world.owner, "/v1/log/checkpoints/latest")
    assert first["until_size"] == second["from_size"] == latest["size"]
    assert (second["until_size"], second["checkpoint"]) == (None, latest["note"])
    await sealed_world(world)
    proof = await answer(world.owner, "/v1/log/proofs/inclusion", position=1)
    file, key = kept(tmp_path, "proof", proof), first["verifier_key"]
    assert verify("proof", file, "--key", key) == 1
    assert verify("proof", file, "--key", key, "--keys", kept(tmp_path, "keys", keys)) == 0


@pytest.mark.parametrize("who", ["marketer", "auditor"])
async def test_only_owners_and_admins_ask_for_a_new_key(world: World, who: str) -> None:
    refused = await getattr(world, who).post("/v1/log/keys", {"reason": "x"})
    assert (refused.status_code, refused.json()["code"]) == (403, "workspace_role_not_allowed")
