"""Receipts over HTTP: what was kept of a passed gate, and that the log gives it again."""

from typing import Any

import asyncpg

from tests.http.asserting import assert_problem
from tests.pursuit import Pursuit, done
from tests.stages.rich_telling import REASON
from tests.templates.rich import rich_project
from tests.world import World


async def receipt(
    pursuit: Pursuit, stage: str = "initiation", number: int = 1, **query: Any
) -> dict[str, Any]:
    path = f"{pursuit.path}/stages/{stage}/visits/{number}/receipt"
    found: dict[str, Any] = done(await pursuit.world.auditor.get(path, **query)).json()
    return found


async def advanced(world: World) -> Pursuit:
    pursuit = Pursuit(world, await world.project())
    await pursuit.open_gate()
    await pursuit.advance()
    return pursuit


async def test_the_receipt_of_a_passed_gate_replays(world: World) -> None:
    pursuit = await advanced(world)
    [event] = await pursuit.items("events", type="stage.advanced")
    found = await receipt(pursuit)
    assert found["receipt"] == event["data"]["receipt"]
    assert (found["replays"], found["differences"]) == (True, [])
    for name in ("version", "position", "recorded_at"):
        assert found[name] == event[name]
    assert found["event_id"] == event["id"]


async def test_the_receipt_of_an_override_replays(world: World) -> None:
    pursuit = Pursuit(world, await rich_project(world, "XM-R", amount="5000.00"))
    path = f"{pursuit.path}/conditions"
    done(await world.dept_head.put(f"{path}/safe", {"met": True}))
    for role, person in (("boss", world.general_manager), ("clerk", world.dept_head)):
        said = {"role": role, "approved": True}
        done(await person.post(f"{path}/plan/approvals", said))
    blockers = (await pursuit.gate())["blockers"]
    waive = [{"code": one["code"], "subject": one["subject"]} for one in blockers]
    override = {"override": {"waive": waive, "reason": REASON}}
    done(await world.general_manager.post(f"{pursuit.path}/stage-advances", override))
    found = await receipt(pursuit, "first")
    assert found["receipt"]["override"]["role"] == "boss"
    assert found["receipt"]["exit"]["to_stage"] == "big"
    assert (found["replays"], found["differences"]) == (True, [])


async def test_a_receipt_that_the_log_does_not_give_says_where_it_differs(world: World) -> None:
    """The log is altered behind everybody's back."""
    pursuit = await advanced(world)
    [marked, *_] = await pursuit.items("events", type="stage.condition_marked")
    owner = await asyncpg.connect(world.api.database.admin_url)
    await owner.execute("SET session_replication_role = replica")
    await owner.execute(
        "UPDATE genjin.event SET body = replace(body, '\"met\":true', '\"met\":false') WHERE id = $1",
        marked["id"],
    )
    await owner.close()
    found = await receipt(pursuit)
    assert not found["replays"]
    assert found["differences"] != []


async def test_a_visit_without_a_receipt_has_none_to_show(world: World) -> None:
    pursuit = Pursuit(world, await world.project())
    for stage, number in (("initiation", 1), ("initiation", 2), ("nowhere", 1)):
        path = f"{pursuit.path}/stages/{stage}/visits/{number}/receipt"
        assert_problem(await world.marketer.get(path), 404, "not_found")


async def test_before_the_advance_there_was_no_receipt(world: World) -> None:
    pursuit = await advanced(world)
    found = await receipt(pursuit)
    assert await receipt(pursuit, as_of=found["version"]) == found
    path = f"{pursuit.path}/stages/initiation/visits/1/receipt"
    before = await world.marketer.get(path, as_of=found["version"] - 1)
    assert_problem(before, 404, "not_found")
