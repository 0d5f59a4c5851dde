"""The oversight of an investment: finance, the director, the chief executive, round by round, until its handover."""

from tests.end_to_end.processes.walker import Walk
from tests.http.asserting import assert_problem
from tests.pursuit import done
from tests.world import World

KEY = "invest.oversight"


async def _pass_stages(walk: Walk, *stages: str) -> None:
    for stage in stages:
        await walk.fulfil()
        moved = await walk.advance()
        assert moved["events"][0]["data"]["stage"] == stage


async def test_a_year_of_rounds_ends_with_the_chief_executive_handing_over(world: World) -> None:
    walk = await Walk.begin(world, KEY, days_ago=366)
    await _pass_stages(walk, "report", "analysis", "proposal")
    judgement = {"role": "ceo", "verdict": "advance"}
    assert_problem(await walk.ask("ceo", "judgements", judgement), 409, "out_of_turn")
    await _pass_stages(walk, "decision", "execution", "evaluation")
    assert ("form_missing", "financial_statement") in await walk.blockers()
    await _pass_stages(walk, "report")
    assert ("form_missing", "condition_analysis") in await walk.blockers()
    await _pass_stages(walk, "analysis", "proposal", "decision", "execution")
    await walk.fulfil()
    refused = await walk.ask("ops_manager", "closings", {"outcome": "entrusted"})
    assert_problem(refused, 403, "role_not_allowed")
    await walk.close("entrusted", "ceo")
    assert (await walk.card())["status"] == "closed"


async def test_within_the_year_only_the_chief_executive_ends_it_and_says_why(world: World) -> None:
    walk = await Walk.begin(world, KEY)
    entrusted = await walk.ask("ceo", "closings", {"outcome": "entrusted"})
    assert_problem(entrusted, 409, "outcome_not_possible")
    early = {"outcome": "ended_early", "reason_code": "directly_managed"}
    assert_problem(await walk.ask("ops_director", "closings", early), 403, "role_not_allowed")
    silent = await walk.ask("ceo", "closings", {"outcome": "ended_early"})
    assert_problem(silent, 422, "reason_required", "/reason_code")
    done(await walk.ask("ceo", "closings", early))
