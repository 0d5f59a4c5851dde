"""The standard follow-up from its goals to the summary: within the cost that was set, with a report that goes up."""

from tests.end_to_end.processes.walker import Walk
from tests.http.asserting import assert_problem
from tests.world import World


async def test_a_project_stays_within_its_cost_and_answers_upward_for_its_report(
    world: World,
) -> None:
    walk = await Walk.begin(world, "followup.std")
    await walk.advance_to("cost_quality")
    await walk.fulfil()
    await walk.record_metric("cost", 120.0)
    assert await walk.blockers() == {("metric_out_of_band", "c3")}
    await walk.record_metric("cost", 98.0)
    await walk.advance()
    own = {"role": "pm", "verdict": "advance"}
    assert_problem(await walk.ask("pm", "judgements", own), 422, "field_invalid", "/role")
    await walk.advance_to("improvement")
    await walk.fulfil()
    await walk.close("completed", "pm")
    assert (await walk.card())["status"] == "closed"
