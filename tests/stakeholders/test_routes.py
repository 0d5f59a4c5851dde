"""A project's stakeholders over HTTP: what is said of them, who sees it, and what is told outside."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from genjin.catalog import public_payload
from tests.http.asserting import assert_problem
from tests.pursuit import Pursuit, done
from tests.stakeholders.inside import NAME, NOTE, new_contact, new_stakeholder, score
from tests.subjects.test_doors import release
from tests.world import World


@pytest.fixture
async def pursuit(world: World) -> Pursuit:
    return Pursuit(world, await world.project())


async def patched(pursuit: Pursuit, path: str, body: dict[str, Any]) -> None:
    done(await pursuit.world.marketer.patch(f"{pursuit.path}/{path}", body))


async def test_a_stakeholder_is_told_to_the_team_and_to_nobody_else(pursuit: Pursuit) -> None:
    world = pursuit.world
    made = await new_stakeholder(pursuit)
    said = {"stance": 1, "influence": 4, "note": NOTE}
    assert (made["values"], made["withheld"]) == (said, {})
    [listed] = done(await world.dept_head.get(f"{pursuit.path}/stakeholders")).json()["items"]
    assert listed["values"] == said
    path, version = f"{pursuit.path}/stakeholders/{made['id']}", (await pursuit.card())["version"]
    await patched(pursuit, f"stakeholders/{made['id']}", {"stance": 2})
    for asked in (path, f"{pursuit.path}/state", f"{pursuit.path}/blame"):
        for query in ({}, {"as_of": version}):
            answer = done(await world.outsider.get(asked, **query))
            assert NOTE not in answer.text
            assert "no-store" in answer.headers["cache-control"]
            if not asked.endswith("blame"):
                assert NOTE in done(await world.dept_head.get(asked, **query)).text
    diff = done(await world.outsider.get(f"{pursuit.path}/diff")).text
    assert NOTE not in diff
    lines = done(await world.dept_head.get(f"{pursuit.path}/diff", **{"from": str(version)}))
    stances = [
        (one["before"], one["after"])
        for one in lines.json()["lines"]
        if one["path"].endswith("values/stance")
    ]
    assert stances == [(1, 2)]
    assert f"Stakeholder “{NAME}” · attitude and notes · stance: 1 → 2" in lines.text
    assert NAME not in diff
    [hidden] = done(await world.outsider.get(f"{pursuit.path}/stakeholders")).json()["items"]
    assert (hidden["roles"], hidden["withheld"]["/stance"]) == ([], "restricted")
    told = done(await world.outsider.get(f"{pursuit.path}/events", type="stakeholder.*")).json()
    assert [one["data"]["roles"] for one in told["items"]] == [None, None]
    events = await pursuit.items("events", type="stakeholder.*")
    assert NOTE not in str(events)
    for event in events:
        payload = public_payload(event)
        assert payload is not None and payload["changes"] == []
        assert payload["data"]["values"] is payload["data"]["roles"] is None
        assert payload["data"]["restricted"] is True


async def test_an_auditors_look_is_recorded(pursuit: Pursuit) -> None:
    world, made = pursuit.world, await new_stakeholder(pursuit)
    done(await world.marketer.get(f"{pursuit.path}/stakeholders"))
    done(await world.auditor.get(f"{pursuit.path}/stakeholders"))
    [look] = done(await world.owner.get("/v1/events", type="audit.disclosed")).json()["items"]
    assert look["data"]["stakeholders"] == [made["id"]]
    assert look["data"]["subjects"] == {made["subject_id"]: 3}


async def test_a_look_at_lines_alone_is_recorded_and_is_one_beside_that_at_forms(
    pursuit: Pursuit,
) -> None:
    world = pursuit.world
    before = (await pursuit.card())["version"]
    contact = await new_contact(world.marketer)
    body = {"contact_id": contact["id"], "roles": ["handler"]}
    made = (await pursuit.post("stakeholders", body))["stakeholder"]
    profile = {"name": NAME, "department": "设备科", "post": "科长"}
    asked = {"values": profile, "complete": True, "subjects": {str(uuid4()): [""]}}
    done(await world.marketer.put(f"{pursuit.path}/forms/contact_profile", asked))
    version = (await pursuit.card())["version"]
    doors = ("stakeholders", f"stakeholders/{made['id']}", "state", "blame", "diff")
    for door in doors:
        query = {"from": before, "to": version} if door == "diff" else {"as_of": version}
        answer = done(await world.dept_head.get(f"{pursuit.path}/{door}", **query))
        assert "handler" in answer.text, door
    asked_for = {"type": "audit.disclosed", "actor": world.dept_head.id, "order": "asc"}
    looks = done(await world.owner.get("/v1/events", **asked_for)).json()["items"]
    told = [(one["data"]["stakeholders"], one["data"]["forms"]) for one in looks]
    assert told == [([made["id"]], [])] * 2 + [([made["id"]], ["contact_profile"])] * 3
    assert [one["data"]["from_version"] for one in looks] == [None] * 4 + [before]


async def test_who_reported_to_whom_is_not_told_by_a_removal(pursuit: Pursuit) -> None:
    world = pursuit.world
    boss = await new_stakeholder(pursuit)
    await new_stakeholder(pursuit, reports_to=boss["id"])
    reason = {"reason": "与甲方领导不和，已调离"}
    made = await pursuit.post(f"stakeholders/{boss['id']}/removals", reason)
    [removed] = made["events"]
    assert any(one["path"].endswith("/reports_to") for one in removed["changes"])
    asked = f"{pursuit.path}/events", {"type": "stakeholder.removed"}
    for path, query in (asked, (f"/v1/events/{removed['id']}", {})):
        told = done(await world.outsider.get(path, **query)).text
        assert removed["id"] in told
        assert "reports_to" not in told
        assert reason["reason"] not in told
    payload = public_payload(removed)
    assert payload is not None
    assert (payload["changes"], payload["data"]["reason"]) == ([], None)
    version = (await pursuit.card())["version"]
    for door in ("stakeholders", f"stakeholders/{boss['id']}", "state", "blame", "diff"):
        query = {"to" if door == "diff" else "as_of": version}
        for asked_so in ({}, query):
            path = f"{pursuit.path}/{door}"
            assert reason["reason"] in done(await world.dept_head.get(path, **asked_so)).text
            assert reason["reason"] not in done(await world.outsider.get(path, **asked_so)).text
    done(await world.auditor.get(f"/v1/events/{removed['id']}"))
    asked_for = {"type": "audit.read", "actor": world.auditor.id}
    [look] = done(await world.owner.get("/v1/events", **asked_for)).json()["items"]
    assert look["data"]["restricted_events"] == 1


async def test_who_loses_the_role_is_told_no_more_of_a_kept_answer(pursuit: Pursuit) -> None:
    made = await new_stakeholder(pursuit)
    path, key = f"{pursuit.path}/stakeholders/{made['id']}/removals", str(uuid4())

    async def removed() -> httpx.Response:
        said = {"reason": "与甲方领导不和，已调离"}
        return done(await pursuit.world.marketer.post(path, said, idempotency_key=key))

    first, again = await removed(), await removed()
    assert again.headers["idempotent-replayed"] == "true"
    assert first.content == again.content
    assert "已调离" in again.text
    await release(pursuit)
    assert "已调离" not in (await removed()).text


async def test_nobody_comes_to_report_to_themselves(pursuit: Pursuit) -> None:
    first = await new_stakeholder(pursuit)
    second = await new_stakeholder(pursuit, reports_to=first["id"])
    third = await new_stakeholder(pursuit, reports_to=second["id"])
    path = f"{pursuit.path}/stakeholders/{first['id']}"
    for above in (first, second, third):
        answer = await pursuit.world.marketer.patch(path, {"reports_to": above["id"]})
        assert_problem(answer, 409, "reporting_cycle", "/reports_to")
    answer = await pursuit.world.marketer.patch(path, {"reports_to": str(uuid4())})
    assert_problem(answer, 422, "field_invalid", "/reports_to")
    await pursuit.post(f"stakeholders/{second['id']}/removals", {"reason": "已调离"})
    await patched(pursuit, f"stakeholders/{first['id']}", {"reports_to": third["id"]})
    left = await pursuit.items("stakeholders", status="active")
    assert {one["id"]: one["reports_to"] for one in left} == {
        first["id"]: third["id"],
        third["id"]: None,
    }
    again = await new_stakeholder(pursuit, contact_id=second["id"], roles=["evaluator"])
    assert (again["status"], again["roles"]) == ("active", ["evaluator"])


async def test_scores_are_kept_for_ever_and_told_by_their_day_with_their_trend(
    pursuit: Pursuit,
) -> None:
    made = await new_stakeholder(pursuit)
    path = f"stakeholders/{made['id']}/scores"
    for body in (
        score("2026-03-02", trust=2, contact=3),
        score("2026-03-18", trust=4, contact=3, support=5),
        score("2026-03-10", trust=3, contact=3),
    ):
        await pursuit.post(path, body)
    told = await pursuit.items(path)
    assert [(one["assessed_on"], one["average"], one["change"]) for one in told] == [
        ("2026-03-02", "2.50", None),
        ("2026-03-10", "3.00", "0.50"),
        ("2026-03-18", "4.00", "1.00"),
    ]
    assert told[2]["changes"] == {"trust": 1, "contact": 0}
    assert {one["scorer_name"] for one in told} == {pursuit.world.marketer.name}
    hidden = done(await pursuit.world.outsider.get(f"{pursuit.path}/{path}")).json()["items"]
    assert [(one["average"], one["values"]["scores"]) for one in hidden] == [(None, None)] * 3
    answer = await pursuit.world.marketer.post(f"{pursuit.path}/{path}", score("2999-01-01", x=1))
    assert_problem(answer, 422, "field_invalid", "/assessed_on")


async def test_an_erasure_empties_the_stakeholder_its_scores_and_its_past(
    pursuit: Pursuit,
) -> None:
    world, made = pursuit.world, await new_stakeholder(pursuit)
    path = f"stakeholders/{made['id']}"
    await pursuit.post(f"{path}/scores", score("2026-03-02", trust=2))
    version = (await pursuit.card())["version"]
    body = {"reason": "本人要求删除"}
    done(await world.owner.post(f"/v1/subjects/{made['subject_id']}/erasures", body))
    for query in ({}, {"as_of": version}):
        shown = done(await world.marketer.get(f"{pursuit.path}/{path}", **query)).json()
        found: list[dict[str, Any]] = [shown, shown["scores"]["1"]]
        for one in found:
            assert set(one["values"].values()) == {None}
            assert set(one["withheld"].values()) == {"erased"}
    [event] = await pursuit.items("events", type="stakeholder.erased")
    assert event["data"] == {"contact_id": made["id"], "subject_id": made["subject_id"]}
    contact = done(await world.marketer.get(f"/v1/contacts/{made['id']}"))
    assert NAME not in contact.text
    answer = await world.marketer.patch(f"{pursuit.path}/{path}", {"stance": 2})
    assert_problem(answer, 409, "subject_erased")
    await patched(pursuit, path, {"roles": ["evaluator"]})


async def test_what_a_project_does_not_know_is_not_there(pursuit: Pursuit) -> None:
    contact = await new_contact(pursuit.world.marketer)
    path = f"{pursuit.path}/stakeholders/{contact['id']}"
    assert_problem(await pursuit.world.marketer.get(path), 404, "not_found")
    assert_problem(await pursuit.world.marketer.patch(path, {"stance": 1}), 404, "not_found")
