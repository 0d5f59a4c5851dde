"""A project that is held against its plan, from the entry criteria to its end, over HTTP."""

from typing import Any

from tests.end_to_end.processes.walker import Walk
from tests.pursuit import done
from tests.world import World

FINDING = {"severity": "major", "title": "评审记录缺失", "description": "需求评审无签字记录"}


def _qualified(walk: Walk) -> dict[str, Any]:
    return {"project_manager": walk.people["pm"].name, "able": True}


async def _another_manager_is_vouched_for_anew(walk: Walk, world: World) -> None:
    """Whoever was trained leaves the project, and comes back to it."""
    manager = walk.people["pm"]
    released = f"{walk.path}/role-holders/pm/{manager.id}"
    done(await world.owner.delete(released, reason="调岗"))
    taken = {walk.people[role].id for role in ("qa", "department_manager", "pm")}
    another = next(one for one in (world.outsider, world.owner) if one.id not in taken)
    body = {"role": "pm", "person_id": another.id}
    done(await world.owner.post(f"{walk.path}/role-holders", body))
    unvouched = {("condition_not_met", f"criteria_c{number}") for number in (3, 4)}
    assert await walk.blockers() == unvouched
    released = f"{walk.path}/role-holders/pm/{another.id}"
    done(await world.owner.delete(released, reason="调回"))
    await walk.appoint("pm", by=world.owner)
    assert await walk.blockers() == set()


async def _plan_is_approved_anew(walk: Walk) -> None:
    await walk.revise("project_plan")
    assert ("approval_missing", "criteria_c2") in await walk.blockers()
    await walk.approve("criteria_c2", "department_manager")
    await walk.judge("department_manager")


async def _finding_stands_in_the_way_until_it_is_closed(walk: Walk) -> None:
    finding = f"findings/{(await walk.post('qa', 'findings', FINDING))['finding']['id']}"
    assert await walk.blockers() == {("finding_open", "tracking_c7")}
    await walk.post("member", f"{finding}/corrections", {"measures": "已补签"})
    await walk.post("qa", f"{finding}/closures", {"reason": "复核属实"})


async def test_an_approved_plan_and_a_trained_manager_open_it_and_deviations_keep_it_from_closing(
    world: World,
) -> None:
    walk = await Walk.begin(world, "monitor.pmc")
    plan, trained = ("form_missing", "project_plan"), ("condition_not_met", "criteria_c3")
    assert {plan, trained, ("approval_missing", "criteria_c2")} <= await walk.blockers()
    await walk.fulfil({"manager_qualification": _qualified(walk)})
    assert await walk.blockers() == set()
    await _another_manager_is_vouched_for_anew(walk, world)
    await _plan_is_approved_anew(walk)
    await walk.advance()
    for stage in ("scheduling", "kickoff"):
        assert (await walk.stage()).key == stage
        await walk.fulfil()
        await walk.advance()
    await walk.fulfil()
    await walk.record_metric("cost", 120.0)
    assert await walk.blockers() == {("metric_out_of_band", "deviations_c3")}
    await walk.record_metric("cost", 120.0, target=115.0)
    assert await walk.blockers() == set()
    await _finding_stands_in_the_way_until_it_is_closed(walk)
    await walk.advance()
    await walk.fulfil()
    closed = await walk.close("completed", "pm")
    assert closed["project"]["closing"]["outcome"] == "completed"
