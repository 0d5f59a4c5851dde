"""Audit findings over HTTP, in a process of the workspace's own that keeps them."""

from typing import Any

from tests.pursuit import Pursuit, done
from tests.small_registers import FINDING, new_finding, small_project
from tests.world import World

MEASURES = {"measures": "已补测并由监理签字"}
DATES = {"reason": "补签日期早于检测报告日期"}
SETTLED = {"reason": "现场复核属实"}


async def test_a_finding_goes_back_once_and_is_closed_in_the_end(world: World) -> None:
    pursuit = await small_project(world)
    finding = await new_finding(pursuit, responsible_id=world.marketer.id)
    await pursuit.post(f"{finding}/corrections", MEASURES)
    returned = (await pursuit.post(f"{finding}/rejections", DATES, "dept_head"))["finding"]
    assert (returned["status"], returned["rejection_reason"]) == ("open", DATES["reason"])
    await pursuit.post(f"{finding}/corrections", MEASURES, "sales_manager")
    closed = (await pursuit.post(f"{finding}/closures", SETTLED, "dept_head"))["finding"]
    assert (closed["status"], closed["rejections"]) == ("closed", 1)
    assert closed["responsible_name"] == world.marketer.name
    assert closed["correction"]["person_name"] == world.sales_manager.name
    assert done(await world.auditor.get(f"{pursuit.path}/{finding}")).json() == closed
    assert [event["type"] for event in await pursuit.items("events", type="finding.*")] == [
        "finding.raised",
        "finding.corrected",
        "finding.rejected",
        "finding.corrected",
        "finding.closed",
    ]


async def test_findings_are_listed_by_status_and_severity_now_and_as_they_were(
    world: World,
) -> None:
    pursuit = await small_project(world)
    major, minor = await new_finding(pursuit), await new_finding(pursuit, severity="minor")
    version = (await pursuit.card())["version"]
    await pursuit.post(f"{major}/corrections", MEASURES)
    assert (await pursuit.card())["counts"]["open_findings"] == 2
    await pursuit.post(f"{major}/closures", SETTLED, "dept_head")
    assert (await pursuit.card())["counts"]["open_findings"] == 1
    assert await listed(pursuit) == [major, minor]
    assert await listed(pursuit, status="open") == [minor]
    assert await listed(pursuit, status="closed", severity="major") == [major]
    assert await listed(pursuit, status="closed", severity="minor") == []
    assert await listed(pursuit, status="open", as_of=version) == [major, minor]
    assert await listed(pursuit, severity="minor", as_of=version) == [minor]
    then = done(await world.auditor.get(f"{pursuit.path}/{major}", as_of=version)).json()
    assert then["status"] == "open"


async def listed(pursuit: Pursuit, **query: Any) -> list[str]:
    return [f"findings/{item['id']}" for item in await pursuit.items("findings", **query)]


async def test_a_gate_stays_closed_until_the_findings_are(world: World) -> None:
    condition = {"key": "audited", "kind": "finding", "severities": ["major"]}
    pursuit = await small_project(world, condition)
    finding = await new_finding(pursuit)
    await pursuit.post(f"{finding}/corrections", MEASURES)
    [blocker] = [one for one in (await pursuit.gate())["blockers"] if one["subject"] == "audited"]
    identifier = finding.rpartition("/")[2]
    assert blocker == {
        "code": "finding_open",
        "subject": "audited",
        "value": {identifier: "corrected"},
    }
    await pursuit.post(f"{finding}/closures", SETTLED, "dept_head")
    assert "audited" not in {one["subject"] for one in (await pursuit.gate())["blockers"]}


async def test_a_finding_says_in_which_stage_it_was_raised(world: World) -> None:
    pursuit = await small_project(world)
    made = (await pursuit.post("findings", FINDING, "dept_head"))["finding"]
    assert (made["stage"], made["visit"]) == ("initiation", 1)
    assert (made["raiser_name"], made["responsible_id"]) == (world.dept_head.name, None)
