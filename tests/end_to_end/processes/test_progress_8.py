"""Schedule tracking from the plan to the reports: a late milestone is acted on at once, or nothing moves."""

from datetime import UTC, datetime, timedelta

from tests.end_to_end.processes.walker import Values, Walk
from tests.world import World

NO_ISSUES: Values = {"progress_report": {"issues": []}}


async def _late_milestone(walk: Walk) -> str:
    """The id of one of the project's own that was due yesterday."""
    due_on = (datetime.now(UTC).date() - timedelta(days=1)).isoformat()
    body = {"title": "主体封顶", "due_on": due_on, "stage": "milestones"}
    made: str = (await walk.post("team", "milestones", body))["milestone"]["id"]
    return made


async def test_a_late_milestone_stops_the_project_until_it_is_acted_on(world: World) -> None:
    walk = await Walk.begin(world, "progress.8")
    await walk.advance_to("key_tasks")
    milestone = await _late_milestone(walk)
    await walk.advance_to("updates")
    await walk.fulfil(NO_ISSUES)
    late = {("condition_not_met", "late_milestones")}
    assert await walk.blockers() == late
    later = (datetime.now(UTC).date() + timedelta(days=30)).isoformat()
    put_off = {"due_on": later, "reason": "x"}
    await walk.post("team", f"milestones/{milestone}/reschedulings", put_off)
    assert await walk.blockers() == late
    await walk.complete("milestone_delay", {"milestone": milestone})
    await walk.judge("team")
    await walk.advance()
    await walk.advance_to("milestones")
    await walk.fulfil()
    assert await walk.blockers() == {("milestone_open", "c1")}
    reached = {"reached_on": datetime.now(UTC).date().isoformat(), "evidence": "监理签认单"}
    await walk.post("team", f"milestones/{milestone}/attainments", reached)
    await walk.advance()
    await walk.fulfil()
    await walk.close("completed", "team")
    assert (await walk.card())["status"] == "closed"
