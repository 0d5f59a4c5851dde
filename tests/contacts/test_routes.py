"""Contacts over HTTP: who sees whom, what is kept, and what an erasure leaves."""

from typing import Any
from uuid import uuid4

from tests.http.asserting import assert_problem
from tests.pursuit import Pursuit, done
from tests.stakeholders.inside import CONTACT, NAME, PHONE, new_account, new_contact
from tests.world import Person, World


async def seen_by(person: Person, contact: str, **query: Any) -> dict[str, Any]:
    answer = done(await person.get(f"/v1/contacts/{contact}", **query))
    assert "no-store" in answer.headers["cache-control"]
    document: dict[str, Any] = answer.json()
    return document


async def taken_up(world: World, contact: dict[str, Any]) -> Pursuit:
    """By a project of its own."""
    pursuit = Pursuit(world, await world.project(code=f"XM-{uuid4().hex[:8]}"))
    await pursuit.post("stakeholders", {"contact_id": contact["id"], "roles": ["handler"]})
    return pursuit


async def test_a_contact_is_sealed_in_the_log_and_shown_to_who_works_with_it_alone(
    world: World,
) -> None:
    marketer, judge = world.marketer, world.dept_head
    contact = await new_contact(marketer)
    path = f"/v1/contacts/{contact['id']}"
    assert (contact["values"], contact["withheld"]) == (CONTACT, {})
    history = done(await world.owner.get("/v1/events", type="contact.created"))
    assert NAME not in history.text and contact["id"] in history.text
    for person in (judge, world.outsider, marketer):
        shown = await seen_by(person, contact["id"])
        assert set(shown["values"].values()) == {None}
        assert set(shown["withheld"].values()) == {"restricted"}
    for person in (judge, world.outsider):
        answer = await person.patch(path, {"post": "处长"})
        assert_problem(answer, 403, "role_not_allowed")
    changed = done(await marketer.patch(path, {"post": "处长"})).json()["contact"]
    assert changed["values"]["name"] is None
    pursuit = Pursuit(world, await world.project())
    answer = await judge.post(f"{pursuit.path}/stakeholders", {"contact_id": contact["id"]})
    assert_problem(answer, 403, "role_not_allowed")
    await pursuit.post("stakeholders", {"contact_id": contact["id"], "roles": ["handler"]})
    for person in (judge, marketer):
        assert (await seen_by(person, contact["id"]))["values"] == {**CONTACT, "post": "处长"}
    assert (await seen_by(world.outsider, contact["id"]))["values"]["name"] is None


async def test_who_made_a_contact_sees_it_no_longer_than_they_hold_a_role(world: World) -> None:
    marketer, judge, contact = world.marketer, world.dept_head, await new_contact(world.marketer)
    pursuit, other = await taken_up(world, contact), Pursuit(world, await world.project())
    holder = f"{pursuit.path}/role-holders/marketer/{marketer.id}"
    done(await world.owner.delete(holder, reason="调岗"))
    for query in ({}, {"as_of": "1"}):
        assert NAME not in str(await seen_by(marketer, contact["id"], **query))
    listed = done(await marketer.get("/v1/contacts", account_id=contact["account_id"]))
    assert NAME not in listed.text and contact["id"] in listed.text
    answer = await marketer.patch(f"/v1/contacts/{contact['id']}", {"post": "处长"})
    assert_problem(answer, 403, "role_not_allowed")
    answer = await marketer.post(f"{other.path}/stakeholders", {"contact_id": contact["id"]})
    assert_problem(answer, 403, "role_not_allowed")
    assert (await seen_by(judge, contact["id"]))["values"] == CONTACT
    path = f"{pursuit.path}/stakeholders"
    done(await judge.post(f"{path}/{contact['id']}/removals", {"reason": "已调离"}))
    assert NAME not in str(await seen_by(judge, contact["id"]))
    done(await judge.post(path, {"contact_id": contact["id"]}))
    assert (await seen_by(judge, contact["id"]))["values"] == CONTACT


async def test_the_looks_of_those_who_see_everybody_are_recorded(world: World) -> None:
    contact = await new_contact(world.marketer)
    await taken_up(world, contact)
    assert (await seen_by(world.marketer, contact["id"]))["values"]["phone"] == PHONE
    done(await world.auditor.get("/v1/contacts", account_id=contact["account_id"]))
    await seen_by(world.marketer, contact["id"], as_of="1")
    looks = done(await world.owner.get("/v1/events", type="audit.contacts_disclosed")).json()
    who = [one["actor"]["id"] for one in looks["items"]]
    assert who == [world.auditor.id, world.marketer.id], "of today's looks the auditor's alone"
    assert [one["data"]["contacts"] for one in looks["items"]] == [{contact["id"]: 4}] * 2


async def test_a_merge_patch_changes_what_it_names_and_an_unchanged_value_is_no_change(
    world: World,
) -> None:
    marketer, contact = world.marketer, await new_contact(world.marketer)
    await taken_up(world, contact)
    path, other = f"/v1/contacts/{contact['id']}", await new_account(world.marketer)
    same = done(await marketer.patch(path, {"post": "科长"}, if_match='"1"')).json()
    assert same["events"] == []
    body = {"post": "副处长", "phone": None, "account_id": other}
    changed = done(await marketer.patch(path, body)).json()
    left = {"name": NAME, "department": "设备科", "post": "副处长"}
    assert changed["contact"]["values"] == left
    assert set(changed["events"][0]["data"]["values"]) == {"post", "phone"}
    assert (await seen_by(marketer, contact["id"], as_of="1"))["values"] == CONTACT
    items = done(await marketer.get("/v1/contacts", account_id=other)).json()["items"]
    assert [one["values"] for one in items] == [left]
    done(await marketer.post(f"{path}/archivings", {"reason": "已调离"}))
    assert_problem(await marketer.patch(path, body), 409, "contact_archived")
    done(await marketer.post(f"{path}/restorations", {"reason": "调回"}))
    done(await marketer.patch(path, {"phone": PHONE}))


async def test_an_erasure_empties_every_contact_of_the_person(world: World) -> None:
    marketer, subject = world.marketer, str(uuid4())
    key = {"Idempotency_Key": f"key-{uuid4()}"}
    body = {**CONTACT, "account_id": await new_account(marketer), "subject_id": subject}
    made = done(await marketer.post("/v1/contacts", body, **key))
    first = made.json()["contact"]["id"]
    second = (await new_contact(marketer, subject_id=subject))["id"]
    for made_one in (first, second):
        await taken_up(world, {"id": made_one})
    replayed = done(await marketer.post("/v1/contacts", body, **key))
    assert replayed.content == made.content
    known = done(await marketer.get("/v1/contacts", subject_id=subject)).json()["items"]
    assert [one["id"] for one in known] == [first, second]
    done(await world.owner.post(f"/v1/subjects/{subject}/erasures", {"reason": "本人要求删除"}))
    for contact in (first, second):
        for query in ({}, {"as_of": "1"}):
            shown = await seen_by(marketer, contact, **query)
            assert set(shown["values"].values()) == {None}
            assert set(shown["withheld"].values()) == {"erased"}
    assert NAME not in done(await marketer.post("/v1/contacts", body, **key)).text
    answer = await marketer.patch(f"/v1/contacts/{first}", {"post": "处长"})
    assert_problem(answer, 409, "subject_erased")
    events = done(await world.owner.get("/v1/events", type="contact.erased")).json()["items"]
    assert {one["stream"] for one in events} == {f"contact-{first}", f"contact-{second}"}
