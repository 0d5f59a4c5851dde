"""A client that is developed over HTTP: promises are kept, and a client may become project manager."""

from tests.end_to_end.processes.walker import Walk
from tests.forms.values import valid_values
from tests.world import World

KEPT_PROMISES = ("condition_not_met", "trust_c3")


async def test_a_promise_that_is_overdue_or_broken_holds_the_round_until_it_is_kept(
    world: World,
) -> None:
    walk = await Walk.begin(world, "client.dev")
    promise = valid_values(walk.template.forms["commitments"].json_schema)["promises"][0]
    await walk.fulfil({"commitments": {"promises": [promise | {"status": "open"}]}})
    assert await walk.blockers() == {KEPT_PROMISES}
    refused = await walk.ask("pm", "stage-advances", {"to_stage": "develop"})
    assert refused.json()["code"] == "gate_closed"
    await walk.revise("commitments", {"promises": [promise | {"status": "broken"}]})
    assert KEPT_PROMISES in await walk.blockers()
    await walk.revise("commitments", {"promises": [promise]})
    await walk.judge("pm")
    assert await walk.blockers() == set()


async def test_a_round_goes_to_the_client_as_project_manager_or_begins_again(world: World) -> None:
    walk = await Walk.begin(world, "client.dev")
    await walk.fulfil()
    await walk.advance("client_as_pm")
    await walk.fulfil()
    assert await walk.blockers() == set()
    await walk.advance()
    card = await walk.card()
    assert (card["stage"], card["visit"]) == ("develop", 2)
    await walk.fulfil()
    await walk.advance("develop")
    card = await walk.card()
    assert (card["stage"], card["visit"]) == ("develop", 3)
