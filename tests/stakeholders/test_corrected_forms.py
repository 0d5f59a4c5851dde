"""What a form said and says no more is taken back, and nothing that others said."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.http.asserting import assert_problem
from tests.pursuit import Pursuit, done
from tests.specification import MARKETER, created, holds
from tests.specification import given as given_facts
from tests.stakeholders.inside import CONTACT, new_account, new_contact, new_stakeholder
from tests.stakeholders.story import PEOPLE, hear, identify
from tests.stakeholders.test_forms import PERSON, saved
from tests.world import World

LINES, ROLES = "collaboration_reporting", "stakeholder_roles"
OF_FORM = {"coach": "coach", "decision": "decision_maker", "user": "user"}
BY_HAND = ("coach", "user", "handler")
ROWS = st.lists(st.tuples(st.sampled_from(PEOPLE[:3]), st.sampled_from(list(OF_FORM))), max_size=5)
SAVES = st.lists(st.tuples(st.sampled_from(["first:1", "second:1"]), ROWS), max_size=6)
HAND = st.sets(st.sampled_from(BY_HAND))


@pytest.fixture
async def pursuit(world: World) -> Pursuit:
    return Pursuit(world, await world.project())


@given(HAND, SAVES)
def test_roles_are_those_said_by_hand_and_those_that_a_form_says_still(
    by_hand: set[str], saves: list[tuple[str, list[tuple[UUID, str]]]]
) -> None:
    story = given_facts(created(), holds("marketer", MARKETER))
    identify(story, PEOPLE[0], roles=sorted(by_hand))
    newest: dict[str, list[tuple[UUID, str]]] = {}
    for form, rows in saves:
        hear(story, form, *rows)
        newest[form] = rows
        for person in PEOPLE[:3]:
            said = {
                OF_FORM[role] for rows in newest.values() for who, role in rows if who == person
            }
            known = story.now.stakeholders.get(str(person))
            assert set(known.roles if known else ()) == said | (
                by_hand if person == PEOPLE[0] else set()
            )
            concerned = any(who == person for rows in newest.values() for who, _ in rows)
            assert known is None or concerned or "concerns" not in known.values
    assert story.refold() == story.now


async def test_a_profile_is_written_to_the_contact_and_to_the_account_and_taken_back(
    pursuit: Pursuit,
) -> None:
    marketer = pursuit.world.marketer
    made = await new_stakeholder(pursuit)
    contact = done(await marketer.get(f"/v1/contacts/{made['id']}")).json()
    account = f"/v1/accounts/{contact['account_id']}"
    done(await marketer.put(f"{pursuit.path}/account", {"account_id": contact["account_id"]}))
    subjects = {contact["subject_id"]: [""]}
    profile: dict[str, Any] = {
        **CONTACT,
        "post": "副处长",
        "education": "本科",
        "birthday": "1980-02-03",
    }
    await saved(pursuit, "contact_profile", profile, subjects)

    async def values() -> Any:
        return done(await marketer.get(f"/v1/contacts/{made['id']}")).json()["values"]

    assert await values() == profile
    done(await marketer.patch(f"/v1/contacts/{made['id']}", {"education": "硕士"}))
    less = {name: profile[name] for name in ("name", "department", "post")}
    await saved(pursuit, "contact_profile", less, subjects)
    assert await values() == {**less, "education": "硕士"}, "what was said by hand since stays"

    firm: dict[str, Any] = {
        "legal_name": "滨海水务有限公司",
        "industry": "环保",
        "ownership": "private",
        "address": "天津市" + "滨" * 250,
        "size": "3000人",
        "owner": "王芳",
    }
    body: dict[str, Any] = {"values": firm, "complete": True, "reason": "补充"}
    path = f"{pursuit.path}/forms/customer_profile"
    done(await marketer.put(path, body))
    known = done(await marketer.get(account)).json()
    assert (known["name"], known["details"]["size"]) == (firm["legal_name"], "3000人")
    assert known["details"]["region"] == "天津"
    done(await marketer.put(path, {**body, "values": {**firm, "size": ""}}))
    known = done(await marketer.get(account)).json()
    assert "size" not in known["details"] and known["details"]["address"] == firm["address"]
    form, said = done(await pursuit.world.owner.get("/v1/events", type="account.changed")).json()[
        "items"
    ]
    assert said["actor"]["id"] == form["actor"]["id"] == marketer.id
    assert form["causation_id"], "the form that said it"


async def test_who_is_reported_to_is_known_or_taken_up_by_the_same_form(pursuit: Pursuit) -> None:
    marketer = pursuit.world.marketer
    account = await new_account(marketer)
    low, high = [await new_contact(marketer, account, name=name) for name in ("张三丰", "李四光")]
    profile = {"name": "张三丰", "department": "设备科", "post": "科长", "reports_to": "李四光"}
    whole = {low["subject_id"]: [""]}
    body = {"values": profile, "subjects": whole, "complete": True}
    refused = await marketer.put(f"{pursuit.path}/forms/contact_profile", body)
    assert_problem(refused, 422, "field_invalid", "/values/reports_to")

    line = {"person_a": "张三丰", "person_b": "李四光", "kind": "reports_to", "strength": 3}
    other = {"person_a": "李四光", "person_b": "张三丰", "kind": "cooperates_with", "strength": 3}
    subjects = {low["subject_id"]: ["/relations/0"], high["subject_id"]: ["/relations/1"]}
    told = await saved(pursuit, LINES, {"relations": [line, other]}, subjects)
    assert told == ["form.completed", "stakeholder.identified", "stakeholder.identified"]

    async def lines() -> dict[str, Any]:
        return {one["id"]: one["reports_to"] for one in await pursuit.items("stakeholders")}

    assert await lines() == {low["id"]: high["id"], high["id"]: None}
    turned = [{**other, "kind": "reports_to"}, {**line, "kind": "cooperates_with"}]
    subjects = {high["subject_id"]: ["/relations/0"], low["subject_id"]: ["/relations/1"]}
    await saved(pursuit, LINES, {"relations": turned}, subjects)
    assert await lines() == {low["id"]: None, high["id"]: low["id"]}, "turned round in one save"
    unknown = [{**line, "person_b": "无名氏"}]
    body = {"values": {"relations": unknown}, "complete": True, "reason": "更正"}
    body |= {"subjects": {low["subject_id"]: ["/relations/0"]}}
    refused = await marketer.put(f"{pursuit.path}/forms/{LINES}", body)
    assert_problem(refused, 422, "field_invalid", "/values/relations/0/person_b")


async def test_a_form_without_its_people_takes_back_what_it_said_of_them(pursuit: Pursuit) -> None:
    contact = await new_contact(pursuit.world.marketer)
    subjects = {contact["subject_id"]: ["/people/0"]}
    await saved(pursuit, ROLES, {"people": [PERSON]}, subjects)
    stranger = {**PERSON, "person": "不在册的人"}
    told = await saved(pursuit, ROLES, {"people": [stranger]}, {})
    assert told == ["form.revised", "stakeholder.changed"]
    [left] = await pursuit.items("stakeholders")
    assert (left["roles"], left["values"], left["from_forms"]) == ([], {}, [])
    [hidden] = done(await pursuit.world.outsider.get(f"{pursuit.path}/stakeholders")).json()[
        "items"
    ]
    assert hidden["from_forms"] == []
    told_outside = done(
        await pursuit.world.outsider.get(f"{pursuit.path}/events", type="stakeholder.*")
    )
    assert "/roles/coach" not in told_outside.text and ROLES not in told_outside.text
