"""Two rounds of a project that is followed by KPIs, over HTTP."""

from tests.end_to_end.processes.walker import Values, Walk
from tests.world import World

GOALS = {"goals": ["年销售额一亿元"], "milestones": [{"milestone": "首单", "due_on": "2026-12-31"}]}
KPI = {"name": "销售额", "target": "100000000"}
OF_THE_GOAL = {"measures": "年销售额一亿元", "kpi": "sales", **KPI}
OF_THE_MILESTONE = {"measures": "首单", "kpi": "other", **KPI}
PLANNED: Values = {
    "project_goals": GOALS,
    "kpi_plan": {"kpis": [OF_THE_GOAL]},
    "process_review": {"adjustment": "not_needed"},
}


async def _round(walk: Walk) -> None:
    """From the data to the review, whose gate is open then."""
    for stage in ("collection", "sharing", "problems"):
        assert (await walk.stage()).key == stage
        await walk.fulfil()
        await walk.advance()
    await walk.fulfil(PLANNED)


async def test_every_goal_and_milestone_has_a_kpi_and_every_round_its_data(world: World) -> None:
    walk = await Walk.begin(world, "progress.kpi")
    await walk.fulfil(PLANNED)
    await walk.advance()
    await walk.fulfil(PLANNED)
    assert await walk.blockers() == {("condition_not_met", "c2")}
    await walk.revise("kpi_plan", {"kpis": [OF_THE_GOAL, OF_THE_MILESTONE]})
    await walk.judge("team")
    await walk.advance()
    assert ("condition_not_met", "c2") in await walk.blockers()
    await walk.record_metric("sales", 2_000_000.0, 100_000_000.0)
    await _round(walk)
    await walk.advance()
    assert ("form_missing", "kpi_data") in await walk.blockers()
    await _round(walk)
    closed = await walk.close("completed", "team")
    assert closed["project"]["closing"]["outcome"] == "completed"
