"""Attached forms over HTTP: draft, completion, signatures, revision."""

from typing import Any

from tests.forms.values import valid_values
from tests.pursuit import TEMPLATE, Pursuit, done
from tests.world import World

FORM = "initiation_application"
VALUES = valid_values(TEMPLATE.forms[FORM].json_schema)


async def _put(pursuit: Pursuit, **body: Any) -> dict[str, Any]:
    answer = await pursuit.world.marketer.put(f"{pursuit.path}/forms/{FORM}", body)
    saved: dict[str, Any] = done(answer).json()
    return saved


async def test_a_form_goes_from_a_draft_over_its_signatures_to_a_revision(world: World) -> None:
    pursuit = Pursuit(world, await world.project())
    draft = await _put(pursuit, values={"project_name": "某项目"})
    assert (draft["form"]["state"], draft["form"]["revision"]) == ("draft", 1)
    completed = await _put(pursuit, values=VALUES, complete=True)
    assert (completed["form"]["state"], completed["form"]["revision"]) == ("complete", 2)
    for role in ("marketer", "dept_head"):
        name = f"forms/{FORM}/signatures"
        signed = await pursuit.post(name, {"role": role, "revision": 2}, by=role)
    assert signed["form"]["signatures"].keys() == {"marketer", "dept_head"}
    revision = {**VALUES, "expected_amount": "1380000.00"}
    revised = await _put(pursuit, values=revision, complete=True, reason="客户调整预算")
    assert [event["type"] for event in revised["events"]] == ["form.revised"]
    assert (revised["form"]["revision"], revised["form"]["signatures"]) == (3, {})
    paths = {entry["path"]: entry for entry in revised["events"][0]["changes"]}
    amount = paths[f"/forms/{FORM}:1/values/expected_amount"]
    assert (amount["before"], amount["after"]) == ("1250000.00", "1380000.00")
    assert await pursuit.items(f"forms/{FORM}") == [revised["form"]]


async def test_each_wrong_value_is_named_in_its_place_and_nothing_is_saved(world: World) -> None:
    pursuit = Pursuit(world, await world.project())
    values = {**VALUES, "expected_amount": "面议", "expected_signing_on": "下月"}
    body = {"values": values, "complete": True}
    refused = await world.marketer.put(f"{pursuit.path}/forms/{FORM}", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "form_invalid")
    assert {error["pointer"] for error in refused.json()["errors"]} == {
        "/values/expected_amount",
        "/values/expected_signing_on",
    }
    unknown = await world.marketer.put(f"{pursuit.path}/forms/{FORM}", {"values": {"a/b": 1}})
    assert [error["pointer"] for error in unknown.json()["errors"]] == ["/values/a~1b"]
    assert await pursuit.items("forms") == []


async def test_a_form_that_was_revised_while_suspended_makes_judgements_stale(world: World) -> None:
    pursuit = Pursuit(world, await world.project())
    await pursuit.open_gate()
    await pursuit.post("suspensions", {"reason": "客户推迟"})
    await _put(pursuit, values=VALUES, complete=True, reason="重新核对")
    await pursuit.post("resumptions", {})
    assert {field["stale"] for field in (await pursuit.items("judgements"))} == {True}


async def test_copies_of_a_repeatable_form_are_listed_in_their_order(world: World) -> None:
    pursuit = Pursuit(world, await world.project())
    values = valid_values(TEMPLATE.forms["visit_report"].json_schema)
    for number in (1, 2):
        body = {"values": values, "complete": True, "copy_number": number}
        done(await world.marketer.put(f"{pursuit.path}/forms/visit_report", body))
    copies = await pursuit.items("forms/visit_report")
    assert [copy["copy_number"] for copy in copies] == [1, 2]
    unknown = await world.marketer.get(f"{pursuit.path}/forms/wish_list")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")
