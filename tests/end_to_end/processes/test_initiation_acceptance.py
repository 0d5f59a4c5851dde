"""A project from its initiation plan to the accepted results, over HTTP."""

from tests.control import CHANGE, CONFIRMATION, IMPACT, REQUIREMENT
from tests.end_to_end.processes.walker import Walk
from tests.http.asserting import assert_problem
from tests.pursuit import done
from tests.world import World

OFFICE = "project_management"


async def _change_is_approved(walk: Walk) -> str:
    """Its path within the project."""
    requirement = (await walk.post(OFFICE, "requirements", REQUIREMENT))["requirement"]["id"]
    await walk.post(OFFICE, f"requirements/{requirement}/confirmations", CONFIRMATION)
    raised = await walk.post(OFFICE, "change-requests", CHANGE | {"requirement_id": requirement})
    change = f"change-requests/{raised['change_request']['id']}"
    await walk.post(OFFICE, f"{change}/assessments", IMPACT)
    await walk.post(OFFICE, f"{change}/submissions", {})
    await walk.post("stakeholder", f"{change}/decisions", {"decision": "approve"})
    return change


async def _evaluation_before_the_criteria_does_not_count(walk: Walk) -> None:
    await walk.complete("result_evaluation")
    await walk.fulfil()
    await walk.advance()
    assert ("form_missing", "result_evaluation") in await walk.blockers()
    await walk.fulfil()
    assert await walk.blockers() == set()


async def _what_was_agreed_is_rewritten_by_none_but_its_signers(walk: Walk) -> None:
    for form, author in (("acceptance_criteria", OFFICE), ("result_evaluation", "expert")):
        path = f"{walk.path}/forms/{form}"
        [kept] = done(await walk.people[OFFICE].get(path)).json()["items"]
        body = {"values": kept["values"], "complete": True, "reason": "情况有变"}
        refused = await walk.people["responsible"].put(path, body)
        assert_problem(refused, 403, "role_not_allowed")
        done(await walk.people[author].put(path, body))
        assert ("condition_not_met", "c1") in await walk.blockers()
        await walk.revise(form)
    assert await walk.blockers() == {("judgement_stale", "stakeholder")}
    await walk.judge("stakeholder")
    assert await walk.blockers() == set()


async def test_a_change_leads_through_the_revision_and_criteria_come_before_evaluation_and_report(
    world: World,
) -> None:
    walk = await Walk.begin(world, "initiation.acceptance")
    for stage in ("plan", "milestones", "breakdown"):
        assert (await walk.stage()).key == stage
        await walk.fulfil()
        await walk.advance()
    await walk.fulfil()
    change = await _change_is_approved(walk)
    refused = await walk.ask(OFFICE, "stage-advances", {"to_stage": "criteria"})
    assert refused.json()["code"] == "exit_closed"
    await walk.advance()
    assert (await walk.stage()).key == "revision"
    await walk.fulfil()
    assert await walk.blockers() == {("change_undecided", "c1")}
    await walk.post(OFFICE, f"{change}/applications", {})
    await walk.advance()
    await _evaluation_before_the_criteria_does_not_count(walk)
    await walk.advance("report", "成果为文件,无需测试")
    await walk.fulfil()
    await _what_was_agreed_is_rewritten_by_none_but_its_signers(walk)
    closed = await walk.close("accepted", OFFICE)
    assert closed["project"]["closing"]["outcome"] == "accepted"


async def test_a_second_change_does_not_pass_by_the_revision_of_the_plan(world: World) -> None:
    walk = await Walk.begin(world, "initiation.acceptance")
    await walk.advance_to("tracking")
    await walk.fulfil()
    for _ in ("first", "second"):
        change = await _change_is_approved(walk)
        await walk.post(OFFICE, f"{change}/applications", {})
        refused = await walk.ask(OFFICE, "stage-advances", {"to_stage": "criteria"})
        assert refused.json()["code"] == "exit_closed"
        await walk.advance("revision")
        assert ("form_missing", "revised_plan") in await walk.blockers()
        await walk.fulfil()
        assert await walk.blockers() == set()
        await walk.post(OFFICE, "stage-returns", {"to_stage": "tracking", "reason": "又有变化"})
        await walk.fulfil()


async def test_who_makes_the_results_neither_evaluates_nor_signs_them(world: World) -> None:
    walk = await Walk.begin(world, "initiation.acceptance")
    producer = walk.people["responsible"].id
    for role in ("expert", "stakeholder"):
        body = {"role": role, "person_id": producer}
        refused = await world.owner.post(f"{walk.path}/role-holders", body)
        assert (refused.status_code, refused.json()["code"]) == (409, "roles_exclusive")
