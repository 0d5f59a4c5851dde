"""A business that is followed over HTTP: round after round, without an end."""

from tests.end_to_end.processes.walker import Walk
from tests.world import World

EACH_QUARTER = {
    "strategy",
    "return_visit",
    "resource_allocation",
    "satisfaction_survey",
    "trend_analysis",
}


async def test_every_round_asks_for_all_of_it_anew_and_no_outcome_ends_it(world: World) -> None:
    walk = await Walk.begin(world, "engagement")
    await walk.fulfil()
    assert await walk.blockers() == set()
    await walk.advance()
    card = await walk.card()
    assert (card["stage"], card["visit"]) == ("follow_up", 2)
    blockers = await walk.blockers()
    assert {subject for code, subject in blockers if code == "form_missing"} == EACH_QUARTER
    assert ("condition_not_met", "risks_c1") in blockers
    ended = await walk.ask("business_team", "closings", {"outcome": "won"})
    assert ended.json()["code"] == "field_invalid"
    await walk.fulfil()
    await walk.advance()
    assert (await walk.card())["visit"] == 3
