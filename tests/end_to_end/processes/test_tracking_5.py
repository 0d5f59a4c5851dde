"""The tracking process from its goals to its end: an adjusted plan is carried out once the stakeholders accepted it."""

from tests.end_to_end.processes.walker import Walk
from tests.forms.values import valid_values
from tests.pursuit import done
from tests.world import World

TEAM = "management_team"


async def _go_back(walk: Walk) -> None:
    body = {"to_stage": "execution", "reason": "按调整后的计划继续执行"}
    await walk.post(TEAM, "stage-returns", body)


async def _adjust_without_asking(walk: Walk) -> int:
    """The revision of an adjustment that no stakeholder has signed."""
    values = valid_values(walk.template.forms["plan_adjustment"].json_schema)
    body = {"values": values, "complete": True}
    saved = done(await walk.people[TEAM].put(f"{walk.path}/forms/plan_adjustment", body))
    walk.saved["plan_adjustment"] = 1
    revision: int = saved.json()["form"]["revision"]
    return revision


async def test_an_adjusted_plan_is_carried_out_once_the_stakeholders_accepted(world: World) -> None:
    walk = await Walk.begin(world, "tracking.5")
    await walk.advance_to("adjustment")
    revision = await _adjust_without_asking(walk)
    await _go_back(walk)
    await walk.fulfil()
    assert await walk.blockers() == {("condition_not_met", "accepted")}
    signature = {"role": "stakeholder", "revision": revision}
    await walk.post("stakeholder", "forms/plan_adjustment/signatures", signature)
    assert await walk.blockers() == set()


async def test_a_project_whose_plan_needs_no_adjustment_is_completed_from_monitoring(
    world: World,
) -> None:
    walk = await Walk.begin(world, "tracking.5")
    await walk.advance_to("monitoring")
    await _go_back(walk)
    await walk.advance_to("monitoring")
    await walk.fulfil()
    await walk.close("completed", TEAM)
    assert (await walk.card())["status"] == "closed"
