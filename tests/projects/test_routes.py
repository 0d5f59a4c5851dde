"""A project over HTTP: its header, its people, its rests and its ends."""

import pytest

from tests.pursuit import Pursuit, done
from tests.world import JUDGES, World


async def test_a_header_patch_shows_each_field_before_and_after(world: World) -> None:
    path = await world.project(region="天津", customer="某集团")
    patch = {"header": {"region": "河北", "customer": None, "quoter": "王芳"}}
    changed = done(await world.marketer.patch(path, patch))
    [event] = changed.json()["events"]
    assert event["type"] == "project.header_changed"
    assert {entry["path"]: (entry["before"], entry["after"]) for entry in event["changes"]} == {
        "/header/region": ("天津", "河北"),
        "/header/customer": ("某集团", None),
        "/header/quoter": (None, "王芳"),
    }
    header = {"name": "滨海新区污水处理厂", "region": "河北", "quoter": "王芳"}
    assert done(await world.auditor.get(path)).json()["header"] == header
    again = done(await world.marketer.patch(path, {"header": {"region": "河北"}}))
    assert again.json()["events"] == []
    assert again.headers["etag"] == changed.headers["etag"]


@pytest.mark.parametrize("amount", ["", "  ", "1,250"])
async def test_an_amount_that_is_none_is_refused_at_creation(world: World, amount: str) -> None:
    body = {"code": "XM-9", "header": {"name": "某项目", "expected_amount": amount}}
    answer = await world.marketer.post("/v1/projects", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "field_invalid")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/header/expected_amount"]


async def test_roles_are_given_and_taken(world: World) -> None:
    path = await world.project()
    holder = {"role": "dept_head", "person_id": world.outsider.id}
    done(await world.owner.post(f"{path}/role-holders", holder))
    holders = done(await world.auditor.get(f"{path}/role-holders")).json()["role_holders"]
    assert holders.keys() == set(JUDGES)
    assert [one["person_name"] for one in holders["dept_head"]] == ["李强", "吴外"]
    place = f"{path}/role-holders/dept_head/{world.outsider.id}"
    without_reason = await world.owner.delete(place)
    assert (without_reason.status_code, without_reason.json()["code"]) == (422, "validation_failed")
    released = done(await world.owner.delete(place, reason="调岗"))
    assert [event["type"] for event in released.json()["events"]] == ["project.role_released"]
    again = await world.owner.delete(place, reason="调岗")
    assert (again.status_code, again.json()["code"]) == (404, "not_found")


async def test_a_suspended_project_says_why_and_until_when_and_resumes(world: World) -> None:
    pursuit = Pursuit(world, await world.project())
    pause = {"reason": "客户预算冻结", "until": "2027-03-01"}
    suspended = (await pursuit.post("suspensions", pause))["project"]
    assert suspended["status"] == "suspended"
    assert suspended["suspension"].items() >= pause.items()
    resumed = (await pursuit.post("resumptions", {"note": "已批复"}))["project"]
    assert (resumed["status"], resumed["suspension"]) == ("open", None)
    assert await pursuit.card() == resumed


async def test_a_lost_project_is_reopened_as_a_new_visit_and_the_old_one_stays(
    world: World,
) -> None:
    pursuit = Pursuit(world, await world.project())
    loss = {"outcome": "lost", "reason_code": "competitor", "reason": "对手报价低"}
    lost = (await pursuit.post("closings", loss))["project"]
    assert lost["closing"].items() >= loss.items()
    listed = done(await world.marketer.get("/v1/projects", outcome="lost")).json()["items"]
    assert [item["id"] for item in listed] == [lost["id"]]
    chance = {"to_stage": "initiation", "reason": "客户重新招标"}
    reopened = (await pursuit.post("reopenings", chance))["project"]
    assert (reopened["status"], reopened["closing"]) == ("open", None)
    assert (reopened["stage"], reopened["visit"]) == ("initiation", 2)
    visits = await pursuit.items("stages")
    assert [(visit["number"], visit["left_by"]) for visit in visits] == [(1, "closing"), (2, None)]
    assert done(await world.marketer.get("/v1/projects", outcome="lost")).json()["items"] == []


async def test_a_returned_project_keeps_the_receipt_of_the_visit_that_passed(world: World) -> None:
    pursuit = Pursuit(world, await world.project())
    await pursuit.advance_to("contact")
    back = {"to_stage": "initiation", "reason": "客户更换负责人"}
    returned = await pursuit.post("stage-returns", back, by="dept_head")
    assert [event["type"] for event in returned["events"]] == ["stage.returned", "stage.entered"]
    first, second, third = await pursuit.items("stages")
    assert first["receipt"]["visit"] == 1
    assert (second["left_by"], second["return_reason"]) == ("return", "客户更换负责人")
    assert (third["stage"], third["number"], third["judgements"]) == ("initiation", 2, {})


async def test_nothing_happens_in_a_project_before_it_was_created(world: World) -> None:
    path = await world.project("XM-OLD")
    body = {"text": "去年的记录", "occurred_at": "2025-01-01T08:00:00+08:00"}
    answer = await world.marketer.post(f"{path}/actuals", body)
    assert answer.status_code == 422
    assert answer.json()["code"] == "occurred_at_refused"


async def test_an_advance_to_where_the_project_stands_makes_nothing_and_says_200(
    world: World,
) -> None:
    path = await world.project("XM-STAY")
    answer = await world.marketer.post(f"{path}/stage-advances", {"to_stage": "initiation"})
    assert (answer.status_code, answer.json()["events"]) == (200, [])
