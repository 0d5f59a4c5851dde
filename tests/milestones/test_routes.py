"""Milestones over HTTP: of a process that names none, where they are the project's own, and of one that names some."""

from tests.control import MILESTONE, new_milestone
from tests.http.asserting import assert_problem
from tests.pursuit import Pursuit, done
from tests.small_registers import small_project
from tests.world import World


async def test_a_milestone_is_set_put_off_and_reached(world: World) -> None:
    pursuit = Pursuit(world, await world.project())
    milestone = await new_milestone(pursuit)
    later = {"due_on": "2026-03-25", "reason": "业主现场停电"}
    moved = (await pursuit.post(f"{milestone}/reschedulings", later))["milestone"]
    assert (moved["due_on"], moved["first_due_on"]) == ("2026-03-25", MILESTONE["due_on"])
    proof = {"reached_on": "2026-03-27", "evidence": "测试报告第7号"}
    reached = (await pursuit.post(f"{milestone}/attainments", proof, by="dept_head"))["milestone"]
    assert (reached["status"], reached["days_late"]) == ("reached", 2)
    assert done(await world.auditor.get(f"{pursuit.path}/{milestone}")).json() == reached
    assert [event["type"] for event in await pursuit.items("events", type="milestone.*")] == [
        "milestone.set",
        "milestone.rescheduled",
        "milestone.reached",
    ]


async def test_milestones_are_listed_by_due_date_and_by_status(world: World) -> None:
    pursuit = Pursuit(world, await world.project())
    last = await new_milestone(pursuit, due_on="2026-09-01")
    first = await new_milestone(pursuit, due_on="2026-04-01")
    dropped = await new_milestone(pursuit, due_on="2026-05-01", title="样机")
    reason = {"reason": "改为整机采购"}
    await pursuit.post(f"{dropped}/cancellations", reason)
    listed = [f"milestones/{item['id']}" for item in await pursuit.items("milestones")]
    assert listed == [first, dropped, last]
    still = [
        f"milestones/{item['id']}" for item in await pursuit.items("milestones", status="open")
    ]
    assert still == [first, last]
    assert (await pursuit.card())["counts"]["open_milestones"] == 2


async def test_the_same_due_date_again_changes_nothing(world: World) -> None:
    pursuit = Pursuit(world, await world.project())
    milestone = await new_milestone(pursuit)
    same = {"due_on": MILESTONE["due_on"], "reason": "确认日期"}
    answer = done(await world.marketer.post(f"{pursuit.path}/{milestone}/reschedulings", same))
    assert (answer.status_code, answer.json()["events"]) == (200, [])


async def test_a_key_that_the_template_does_not_have_is_refused_in_its_place(world: World) -> None:
    path = await world.project()
    body = {"key": "delivery", "due_on": "2026-09-01"}
    answer = await world.marketer.post(f"{path}/milestones", body)
    assert_problem(answer, 422, "field_invalid", "/key")


async def test_a_gate_stays_closed_until_the_template_s_milestone_is_reached(world: World) -> None:
    condition = {"key": "delivered", "kind": "milestone", "milestone": "delivery"}
    pursuit = await small_project(world, condition)
    made = await pursuit.post("milestones", {"key": "delivery", "due_on": "2026-09-01"})
    [blocker] = [one for one in (await pursuit.gate())["blockers"] if one["subject"] == "delivered"]
    found = {"due_on": "2026-09-01", "reached_on": None}
    assert blocker == {"code": "milestone_open", "subject": "delivered", "value": found}
    proof = {"reached_on": "2026-03-27", "evidence": "签收单"}
    await pursuit.post(f"milestones/{made['milestone']['id']}/attainments", proof)
    assert "delivered" not in {one["subject"] for one in (await pursuit.gate())["blockers"]}
