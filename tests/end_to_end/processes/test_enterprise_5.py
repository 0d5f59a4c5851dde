"""A project of an enterprise from its application to the closing document, over HTTP."""

from tests.end_to_end.processes.walker import Walk
from tests.http.asserting import assert_problem
from tests.world import World

JUDGED = {"verdict": "advance"}


async def _is_initiated(walk: Walk, world: World) -> None:
    """The departments have judged; then the notice goes out, and the manager whom it names is appointed."""
    await walk.complete("initiation_notice", {"project_manager": "李强"})
    initiated = await walk.ask("initiator", "judgements", JUDGED | {"role": "finance_department"})
    assert_problem(initiated, 403, "not_role_holder")
    await walk.fulfil()
    notice, manager = ("condition_not_met", "notice_c1"), ("condition_not_met", "notice_c2")
    assert await walk.blockers() == {notice, manager}
    await walk.revise("initiation_notice", {"project_manager": walk.people["pm"].name})
    assert await walk.blockers() == {manager}
    await walk.appoint("pm", by=world.owner)
    assert await walk.blockers() == set()
    await walk.advance()


async def _is_concluded_by_the_company_alone(walk: Walk) -> None:
    """Once the management is assessed, the archive is there and the lessons are written."""
    assert (await walk.stage()).key == "management"
    assert {
        ("document_missing", "archive_c1"),
        ("form_missing", "management_assessment"),
        ("form_missing", "experience_summary"),
    } <= await walk.blockers()
    await walk.fulfil()
    refused = await walk.ask("pm", "closings", {"outcome": "completed"})
    assert_problem(refused, 403, "role_not_allowed")
    await walk.close("completed", "company")
    assert (await walk.card())["status"] == "closed"


async def test_departments_review_a_notice_names_the_manager_and_their_acceptance_lets_it_close(
    world: World,
) -> None:
    walk = await Walk.begin(world, "enterprise.5", without=["pm"])
    await _is_initiated(walk, world)
    for stage in ("kickoff", "execution"):
        assert (await walk.stage()).key == stage
        await walk.fulfil()
        await walk.advance()
    await walk.fulfil()
    assert await walk.blockers() == set()
    await walk.revise("result_acceptance")
    assert await walk.blockers() == {
        ("approval_missing", "acceptance_c1"),
        ("judgement_stale", "company"),
    }
    for department in ("business_department", "technical_department", "finance_department"):
        await walk.approve("acceptance_c1", department)
    await walk.judge("company")
    await walk.advance()
    await _is_concluded_by_the_company_alone(walk)


async def test_nobody_accepts_what_they_answer_for_as_the_manager(world: World) -> None:
    walk = await Walk.begin(world, "enterprise.5")
    manager = walk.people["pm"].id
    body = {"role": "finance_department", "person_id": manager}
    refused = await world.owner.post(f"{walk.path}/role-holders", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "roles_exclusive")
