"""Corrections over HTTP: given, listed, seen on the receipts that rest on them, as of any version."""

from typing import Any

from tests.http.asserting import assert_problem
from tests.pursuit import Pursuit
from tests.stages.test_receipt_routes import advanced, receipt
from tests.world import World

RIGHT = {"reason": "会议纪要日期抄错", "note": "会议在3月6日举行"}


async def _correct_the_mark(pursuit: Pursuit) -> dict[str, Any]:
    """A correction of an event that the first receipt rests on; the answer's body."""
    [marked, *_] = await pursuit.items("events", type="stage.condition_marked")
    return await pursuit.post("corrections", {"event_id": marked["id"], **RIGHT})


async def test_a_corrected_fact_marks_the_receipt_that_rests_on_it(world: World) -> None:
    pursuit = await advanced(world)
    before = await receipt(pursuit)
    made = await _correct_the_mark(pursuit)
    [event] = made["events"]
    after = await receipt(pursuit)
    assert after["basis_corrected"] == [
        {
            "corrected_event_id": made["correction"]["corrected_event_id"],
            "correction_event_id": event["id"],
            "at": after["basis_corrected"][0]["at"],
        }
    ]
    assert after == {**before, "basis_corrected": after["basis_corrected"]}
    assert after["replays"]
    [left, _] = await pursuit.items("stages")
    assert left["basis_corrected"] == after["basis_corrected"]
    assert (await pursuit.card())["counts"]["corrected_receipts"] == 1


async def test_before_the_correction_the_receipt_was_not_marked(world: World) -> None:
    pursuit = await advanced(world)
    made = await _correct_the_mark(pursuit)
    version = made["events"][0]["version"]
    assert await pursuit.items("corrections", as_of=version) == [made["correction"]]
    assert await pursuit.items("corrections", as_of=version - 1) == []
    assert (await receipt(pursuit, as_of=version - 1))["basis_corrected"] == []
    [left, _] = await pursuit.items("stages", as_of=version - 1)
    assert left["basis_corrected"] == []


async def test_corrections_are_listed_as_they_were_given(world: World) -> None:
    pursuit = await advanced(world)
    made = await _correct_the_mark(pursuit)
    assert await pursuit.items("corrections") == [made["correction"]]
    assert made["correction"]["note"] == RIGHT["note"]
    assert made["correction"]["receipts"] == [{"stage": "initiation", "visit": 1}]


async def test_the_corrected_event_leads_to_its_correction(world: World) -> None:
    """By the history's own filter: an event names the ids that stand in its data."""
    pursuit = await advanced(world)
    made = await _correct_the_mark(pursuit)
    corrected = made["correction"]["corrected_event_id"]
    found = await pursuit.items("events", subject=corrected)
    assert [event["id"] for event in found] == [made["events"][0]["id"]]


async def test_an_event_of_another_project_is_not_corrected_here(world: World) -> None:
    pursuit, other = await advanced(world), Pursuit(world, await world.project("XM-OTHER"))
    [marked, *_] = await pursuit.items("events", type="stage.condition_marked")
    body = {"event_id": marked["id"], **RIGHT}
    answer = await world.marketer.post(f"{other.path}/corrections", body)
    assert_problem(answer, 409, "correction_refused", "/event_id")


async def test_a_correction_says_what_is_right(world: World) -> None:
    pursuit = await advanced(world)
    [marked, *_] = await pursuit.items("events", type="stage.condition_marked")
    body = {"event_id": marked["id"], "reason": "抄错"}
    answer = await world.marketer.post(f"{pursuit.path}/corrections", body)
    assert_problem(answer, 422, "validation_failed", "/note")
