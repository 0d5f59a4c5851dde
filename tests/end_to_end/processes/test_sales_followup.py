"""Projects that a salesperson follows over HTTP: before the start, while underway, after the end, and again."""

from tests.end_to_end.processes.walker import Walk
from tests.world import World

WHILE_UNDERWAY = {
    "team_meeting",
    "customer_communication",
    "progress_review",
    "progress_report",
    "customer_feedback",
}


async def test_the_team_agrees_to_the_goals_and_each_round_underway_assesses_risks_again(
    world: World,
) -> None:
    walk = await Walk.begin(world, "sales.followup")
    await walk.fulfil()
    await walk.revise("project_goals")
    assert ("approval_missing", "goals_c3") in await walk.blockers()
    await walk.approve("goals_c3", "member")
    await walk.judge("salesperson")
    await walk.advance()
    await walk.fulfil()
    await walk.advance("underway")
    card = await walk.card()
    assert (card["stage"], card["visit"]) == ("underway", 2)
    blockers = await walk.blockers()
    assert {subject for code, subject in blockers if code == "form_missing"} == WHILE_UNDERWAY
    assert ("condition_not_met", "adjusting_c1") in blockers
    await walk.fulfil()
    await walk.advance()
    await walk.fulfil()
    await walk.advance()
    card = await walk.card()
    assert (card["stage"], card["visit"]) == ("before", 2)
