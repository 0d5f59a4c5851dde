"""The projects of a key account over HTTP: planned with those who take part, carried out, evaluated, and again."""

from tests.end_to_end.processes.walker import Walk
from tests.world import World


async def test_participants_know_the_responsibility_matrix_as_it_stands_now(world: World) -> None:
    walk = await Walk.begin(world, "keyaccount")
    await walk.fulfil()
    assert await walk.blockers() == set()
    await walk.revise("responsibility_matrix")
    assert ("approval_missing", "responsibility_c2") in await walk.blockers()
    await walk.approve("responsibility_c2", "participant")
    await walk.judge("pm")
    assert await walk.blockers() == set()


async def test_a_round_of_planning_execution_and_evaluation_leads_to_the_next_planning(
    world: World,
) -> None:
    walk = await Walk.begin(world, "keyaccount")
    for stage in ("planning", "execution", "evaluation"):
        assert (await walk.card())["stage"] == stage
        await walk.fulfil()
        assert await walk.blockers() == set()
        await walk.advance()
    card = await walk.card()
    assert (card["stage"], card["visit"]) == ("planning", 2)
