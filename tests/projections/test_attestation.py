"""State attestation: what the rows hold is what anybody gets who folds the log up to the same position."""

from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import pytest

from genjin.event import RecordedEvent
from genjin_api.projections.content import content_hash
from genjin_api.projections.tables import PROJECTIONS, kinds
from tests.control import new_change, new_milestone, new_risk
from tests.documents.attaching import attach, upload
from tests.engaged import engaged
from tests.evidence.sealed_log import seal_log
from tests.http.asserting import assert_problem, newest_position
from tests.projections.filled import Ended, Installation
from tests.pursuit import Pursuit, done
from tests.small_registers import keep_registers
from tests.specification import WORKSPACE_ID
from tests.stakeholders.inside import new_contact, new_stakeholder
from tests.subjects.registered import save_and_erase
from tests.world import World

TABLES = sorted(one.table for one in PROJECTIONS)


async def attest(world: World) -> Ended:
    """By whoever owns the database."""
    installation = Installation(world.api.database, Path())
    ended = await installation.projections("attest", "--workspace", world.workspace_id)
    assert ended.exit_code == 0, ended.err
    return ended


async def exported(world: World) -> list[dict[str, Any]]:
    """The whole log, as any auditor reads it."""
    events: list[dict[str, Any]] = []
    query = {"limit": "200", "order": "asc"}
    while True:
        page = done(await world.auditor.get("/v1/events", **query)).json()
        events += page["items"]
        if page["next_cursor"] is None:
            return events
        query["cursor"] = page["next_cursor"]


def folded(events: list[dict[str, Any]], workspace_id: str) -> dict[str, tuple[int, str]]:
    """By table how many rows a fold of the events makes, and the hash of their content."""
    known = kinds(PROJECTIONS)
    states: dict[str, Any] = {}
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}
    for event in events:
        stream, body = event["stream"], orjson.dumps(event).decode()
        recorded = RecordedEvent(
            event["position"], stream, event["version"], event["type"], body, b""
        )
        kind = known[stream.partition("-")[0]]
        states[stream], past = kind.fold_with_past(states.get(stream), [recorded])
        for table, of_table in past.items():
            rows[table] += [{"workspace_id": UUID(workspace_id), **row} for row in of_table]
    for stream, state in states.items():
        for table, of_table in known[stream.partition("-")[0]].rows(None, state).items():
            rows[table] += [{"workspace_id": UUID(workspace_id), **row} for row in of_table]
    return {
        one.table: (len(rows[one.table]), content_hash(rows[one.table], one.key).hex())
        for one in PROJECTIONS
    }


async def test_an_auditor_who_folds_the_exported_events_gets_the_attested_hashes(
    world: World,
) -> None:
    pursuit = Pursuit(world, await world.project(expected_amount="1250000.50", currency="CNY"))
    await pursuit.open_gate()
    await pursuit.advance()
    await new_change(pursuit)
    await new_risk(pursuit)
    await new_milestone(pursuit)
    await keep_registers(pursuit)
    await attach(pursuit, await upload(pursuit, b"agreement"))
    await save_and_erase(pursuit)
    due = {"role": "marketer", "action": "回访", "owner_id": world.marketer.id}
    await pursuit.post("follow-ups", {**due, "due_on": "2030-01-01"})
    contact = await new_contact(world.marketer)
    done(await world.marketer.put(f"{pursuit.path}/account", {"account_id": contact["account_id"]}))
    await new_stakeholder(pursuit, contact_id=contact["id"])
    both = await engaged(world)
    await both.occur()
    await both.assess()
    subscription = {"url": "https://example.com/hook", "event_types": ["*"]}
    done(await world.owner.post("/v1/webhook-subscriptions", subscription))
    await pursuit.post("suspensions", {"reason": "业主暂停"}, by="general_manager")
    await attest(world)
    items = done(await world.auditor.get("/v1/projections")).json()["items"]
    assert [item["projection"] for item in items] == TABLES
    expected = folded(await exported(world), world.workspace_id)
    assert {item["projection"]: (item["rows"], item["content_hash"]) for item in items} == expected
    assert [table for table, (rows, _) in expected.items() if rows == 0] == []


async def test_it_names_the_position_and_the_commit_that_it_stands_on(world: World) -> None:
    await attest(world)
    [item, *_] = done(await world.owner.get("/v1/projections")).json()["items"]
    assert item["position"] == await newest_position(world)
    connection = await asyncpg.connect(world.api.database.admin_url)
    stored = await connection.fetchval(
        "SELECT encode(hash, 'hex') FROM genjin.commit WHERE workspace_id = $1 AND last_position = $2",
        UUID(world.workspace_id),
        item["position"],
    )
    await connection.close()
    assert item["commit_hash"] == stored


async def test_the_signed_tree_is_shown_once_the_sealer_has_come_to_the_position(
    world: World,
) -> None:
    """The first that has it: a later checkpoint does not take its place."""
    await attest(world)
    before = done(await world.owner.get("/v1/projections")).json()["items"]
    assert [item["signed_tree"] for item in before] == [None] * len(TABLES)
    await world.project()
    for code in ("XM-2", "XM-3"):
        await seal_log(world.api.database, UUID(world.workspace_id))
        await world.project(code)
    checkpoints = done(await world.owner.get("/v1/log/checkpoints")).json()["items"]
    first = {"size": checkpoints[-1]["size"], "root": checkpoints[-1]["root"]}
    assert len(checkpoints) == 2 and first["size"] > before[0]["position"]
    after = done(await world.owner.get("/v1/projections")).json()["items"]
    assert after == [{**item, "signed_tree": first} for item in before]


async def test_an_attestation_behind_a_checkpoint_of_its_position_has_its_tree_at_once(
    world: World,
) -> None:
    await seal_log(world.api.database, UUID(world.workspace_id))
    lines = [orjson.loads(line) for line in (await attest(world)).out.splitlines()]
    latest = done(await world.owner.get("/v1/log/checkpoints/latest")).json()
    tree = {"size": latest["size"], "root": latest["root"]}
    assert [line["signed_tree"] for line in lines] == [tree] * len(TABLES)
    assert {line["position"] for line in lines} == {latest["size"]}


async def test_the_last_attestation_is_shown_and_the_earlier_ones_stay(world: World) -> None:
    await attest(world)
    before = done(await world.owner.get("/v1/projections")).json()["items"]
    await world.project()
    await attest(world)
    after = done(await world.owner.get("/v1/projections")).json()["items"]
    moved = {
        later["projection"]
        for earlier, later in zip(before, after, strict=True)
        if later["content_hash"] != earlier["content_hash"]
    }
    assert moved == {
        *("project", "project_past", "stage_visit"),
        *("stage_entry", "project_standing", "project_standing_past"),
    }
    assert {item["position"] for item in after} == {await newest_position(world)}


async def test_the_command_prints_what_it_stored(world: World) -> None:
    lines = [orjson.loads(line) for line in (await attest(world)).out.splitlines()]
    items = done(await world.owner.get("/v1/projections")).json()["items"]
    printed = sorted(lines, key=lambda line: str(line["projection"]))
    assert [{**item, "workspace_id": world.workspace_id} for item in items] == printed


async def test_nothing_is_attested_before_the_command_has_run(world: World) -> None:
    assert done(await world.owner.get("/v1/projections")).json()["items"] == []


async def test_members_do_not_read_attestations(world: World) -> None:
    assert_problem(await world.marketer.get("/v1/projections"), 403, "workspace_role_not_allowed")


async def test_a_row_that_was_touched_has_another_hash(installation: Installation) -> None:
    first = await _hash_of_projects(installation)
    await installation.execute('UPDATE genjin.project SET body = body || \'{"name": "改"}\'')
    assert await _hash_of_projects(installation) != first


async def test_a_workspace_that_does_not_exist_is_not_attested(installation: Installation) -> None:
    unknown = "019ab0c2-7c1e-7d3a-9a51-3f0c6a2b4e10"
    ended = await installation.projections("attest", "--workspace", unknown)
    assert (ended.exit_code, ended.out) == (1, "")
    assert unknown in ended.err


async def test_attestations_are_insert_only(installation: Installation) -> None:
    await installation.projections("attest")
    for statement in (
        "UPDATE genjin.projection_attestation SET position = 1",
        "DELETE FROM genjin.projection_attestation",
        "TRUNCATE genjin.projection_attestation",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="insert-only"):
            await installation.execute(statement)


async def test_the_services_cannot_attest(installation: Installation) -> None:
    ended = await installation.projections("attest", url=installation.database.api_url)
    assert ended.exit_code == 1
    assert "permission denied" in ended.err


async def _hash_of_projects(installation: Installation) -> str:
    told = await installation.projections("attest", "--workspace", str(WORKSPACE_ID))
    lines = [orjson.loads(line) for line in told.out.splitlines()]
    [hash_] = [line["content_hash"] for line in lines if line["projection"] == "project"]
    return str(hash_)
