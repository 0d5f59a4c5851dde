"""A corrected form writes what is new in it, takes back its own word from the project, and nothing that others said."""

from functools import partial
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genjin_api.acting import Decision
from genjin_api.projects.state import Project
from genjin_api.stakeholders.commands import ChangeStakeholder, RemoveStakeholder
from genjin_api.stakeholders.decider import change, remove
from genjin_api.stakeholders.state import active
from tests.http.asserting import assert_problem
from tests.pursuit import Pursuit, done
from tests.specification import MARKETER, created, holds
from tests.specification import given as given_facts
from tests.stakeholders.inside import CONTACT, new_account, new_contact, new_stakeholder
from tests.stakeholders.story import (
    PEOPLE,
    complete,
    draft_again,
    hear,
    identify,
    story_with_everybody,
)
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


@pytest.mark.parametrize("by_way_of_a_draft", [False, True])
def test_a_form_that_is_saved_again_writes_what_it_did_not_say_before(
    by_way_of_a_draft: bool,
) -> None:
    story, person = given_facts(created(), holds("marketer", MARKETER)), PEOPLE[0]
    row = {"buying_role": "coach", "stance": 1, "influence": 4, "concerns": "交货期"}
    complete(story, ROLES, "people", [(person, row)])
    by_hand = ChangeStakeholder(roles=(), stance=-2)
    story.did(MARKETER, lambda project: change(project, person, by_hand, MARKETER))
    newer = story.now.stakeholders[str(person)]
    if by_way_of_a_draft:
        draft_again(story, f"{ROLES}:1")
    complete(story, ROLES, "people", [(person, {**row, "influence": 5})])
    known = story.now.stakeholders[str(person)]
    changed = {name for name in known.values if known.values[name] != newer.values[name]}
    assert (changed, known.roles) == ({"influence"}, ()), "what was said by hand since stays"
    complete(story, ROLES, "people", [])
    known = story.now.stakeholders[str(person)]
    assert known.values == {"stance": newer.values["stance"]}, "and never was the form's"
    assert story.refold() == story.now


def test_who_was_removed_comes_back_for_a_new_word_of_a_form_alone() -> None:
    story, person = given_facts(created(), holds("marketer", MARKETER)), PEOPLE[0]
    row = {"buying_role": "coach", "stance": 1}
    complete(story, ROLES, "people", [(person, row)])
    removal = RemoveStakeholder(reason="已调离")
    story.did(MARKETER, lambda project: remove(project, person, removal, MARKETER))
    other = (PEOPLE[1], row)
    complete(story, ROLES, "people", [(person, row), other])
    assert [one.id for one in active(story.now.stakeholders)] == [other[0]]
    complete(story, ROLES, "people", [(person, {**row, "stance": 2}), other])
    assert story.now.stakeholders[str(person)].roles == ("coach",), "with all that the form says"


def test_a_line_that_a_form_says_again_does_not_overwrite_a_newer_one() -> None:
    story, (low, high) = story_with_everybody(), PEOPLE[:2]
    row = {"person_b": "李四光", "kind": "reports_to", "strength": 3}
    complete(story, LINES, "relations", [(low, row)], names={"李四光": high})
    for who, above in ((low, None), (high, low)):
        turned = ChangeStakeholder(reports_to=above)
        story.did(MARKETER, partial(_change, who, turned))
    complete(story, LINES, "relations", [(low, {**row, "strength": 4})], names={"李四光": high})
    lines = [story.now.stakeholders[str(who)].reports_to for who in (low, high)]
    assert lines == [None, low], "and is no cycle"


def _change(who: UUID, command: ChangeStakeholder, project: Project) -> Decision:
    return change(project, who, command, MARKETER)


async def test_forms_write_what_is_new_to_contact_and_account_and_take_back_their_own_word(
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
    path = f"/v1/contacts/{made['id']}"
    words = done(await marketer.get(path)).json()["from_forms"]
    assert {one["detail"] for one in words} == {"birthday", "education", "post"}
    assert done(await pursuit.world.outsider.get(path)).json()["from_forms"] == []
    newer = {"education": "硕士", "phone": "13800000139"}
    done(await marketer.patch(f"/v1/contacts/{made['id']}", newer))
    draft = {"values": {}, "subjects": {}, "reason": "复核"}
    done(await marketer.put(f"{pursuit.path}/forms/contact_profile", draft))
    less = {name: profile[name] for name in ("name", "department", "phone")}
    await saved(pursuit, "contact_profile", {**less, "post": "处长"}, subjects)
    still = {name: profile[name] for name in profile if name != "birthday"}
    assert await values() == {**still, **newer, "post": "处长"}, "what a hand said since stays"

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
    done(await marketer.patch(account, {"industry": "水务"}))
    less = {**firm, "size": "", "ownership": "state_owned"}
    done(await marketer.put(path, {**body, "values": less}))
    now = done(await marketer.get(account)).json()["details"]
    assert now == {
        "region": "天津",
        "industry": "水务",
        "ownership": "state_owned",
        "address": firm["address"],
    }, "the size is taken back, what was said by hand since stays"
    other = await new_account(marketer)
    named = done(await marketer.get(f"/v1/accounts/{other}")).json()["name"]
    assert named != firm["legal_name"]
    done(await marketer.put(f"{pursuit.path}/account", {"account_id": other}))
    done(await marketer.put(path, {**body, "values": less}))
    left = done(await marketer.get(account)).json()
    assert (left["details"], left["from_forms"]) == ({"region": "天津", "industry": "水务"}, [])
    moved = done(await marketer.get(f"/v1/accounts/{other}")).json()
    told = {name: less[name] for name in ("industry", "ownership", "address")}
    assert (moved["name"], moved["details"]) == (named, {"region": "天津", **told}), "no new name"
    events = await pursuit.world.owner.get("/v1/events", type="account.changed")
    first, by_hand, again, back, to_other = done(events).json()["items"]
    assert [one["data"]["revision"] for one in (first, again, back, to_other)] == [1, 2, 3, 3]
    assert {one["data"]["form"] for one in (first, again, back)} == {"customer_profile:1"}
    assert [one["detail"] for one in moved["from_forms"]] == sorted(told)
    assert first["causation_id"] and not by_hand["causation_id"] and not by_hand["data"]["form"]


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
