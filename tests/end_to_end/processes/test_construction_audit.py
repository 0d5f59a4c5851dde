"""The audit of a construction project from its planning to the settlement: the auditors close what they find."""

from tests.end_to_end.processes.walker import Walk
from tests.http.asserting import assert_problem
from tests.world import World

FOUND = {
    "severity": "high",
    "title": "偷工减料",
    "description": "三号楼外墙使用次品砖",
}


async def test_building_goes_on_once_the_auditors_closed_what_they_found(world: World) -> None:
    walk = await Walk.begin(world, "construction.audit")
    await walk.advance_to("construction")
    finding = (await walk.post("auditor", "findings", FOUND))["finding"]["id"]
    await walk.fulfil()
    assert {code for code, _ in await walk.blockers()} == {"finding_open"}
    correction = {"measures": "已全部更换为合格砖"}
    await walk.post("constructor", f"findings/{finding}/corrections", correction)
    closure = {"reason": "现场复核合格"}
    refused = await walk.ask("constructor", f"findings/{finding}/closures", closure)
    assert_problem(refused, 403, "role_not_allowed")
    assert {code for code, _ in await walk.blockers()} == {"finding_open"}
    await walk.post("auditor", f"findings/{finding}/closures", closure)
    await walk.advance()
    await walk.fulfil()
    await walk.close("completed", "auditor")
    assert (await walk.card())["status"] == "closed"


async def test_nobody_audits_what_they_build(world: World) -> None:
    walk = await Walk.begin(world, "construction.audit")
    builder = {"role": "constructor", "person_id": walk.people["auditor"].id}
    assert_problem(await walk.ask("auditor", "role-holders", builder), 409, "roles_exclusive")
