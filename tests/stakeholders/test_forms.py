"""The forms about the people inside the customer write what is known of them, and are filled with it."""

from collections.abc import Mapping
from typing import Any

import pytest

from genjin.stakeholders.events import RelationshipScored
from genjin.templates.binding import FormBinding
from genjin.templates.bindings import binding_of
from genjin.templates.mistakes.forms import of_binding
from genjin_api.refusal import Refusal
from genjin_api.stakeholders.decider import SCORES_MAX
from genjin_api.stakeholders.form_facts import Told
from genjin_api.stakeholders.from_forms import Customer, told_by_form
from tests.http.asserting import assert_problem
from tests.pursuit import TEMPLATE, Pursuit, done
from tests.specification import MARKETER, TODAY, created, given, holds, key_of
from tests.stakeholders.inside import (
    CONTACT,
    NAME,
    new_account,
    new_contact,
    new_stakeholder,
    score,
)
from tests.stakeholders.story import PEOPLE, identify
from tests.world import World

ROLES, SCORES, LINES = "stakeholder_roles", "relationship_assessment", "collaboration_reporting"
PERSON = {
    "person": NAME,
    "buying_role": "coach",
    "stance": 1,
    "influence": 4,
    "concerns": "交货期",
    "evidence": "主动来电",
    "assessed_on": "2026-03-02",
}
ASSESSMENT = {
    "contact": NAME,
    "relation_stage": "trusted",
    "scores": [{"dimension": "信任", "score": 4}],
    "evidence": "告知评标小组名单",
}


@pytest.fixture
async def pursuit(world: World) -> Pursuit:
    return Pursuit(world, await world.project())


async def saved(
    pursuit: Pursuit, form: str, values: Mapping[str, Any], subjects: Mapping[str, list[str]]
) -> list[str]:
    """The types of the events that it makes, in one commit."""
    body = {"values": values, "subjects": subjects, "complete": True, "reason": "补充"}
    answer = done(await pursuit.world.marketer.put(f"{pursuit.path}/forms/{form}", body)).json()
    assert len({event["recorded_at"] for event in answer["events"]}) == 1
    return [event["type"] for event in answer["events"]]


def test_what_is_said_beside_a_template_is_about_fields_that_it_has() -> None:
    bound = {form: binding_of(TEMPLATE, form) for form in TEMPLATE.forms}
    assert {ROLES, SCORES, LINES} < {form for form, binding in bound.items() if binding}
    for form, binding in bound.items():
        if binding is not None:
            spec = TEMPLATE.forms[form]
            assert list(of_binding((form,), binding, spec.json_schema)) == []
            assert spec.restricted or not binding.writes


def test_a_binding_to_a_field_that_the_form_does_not_have_is_a_mistake() -> None:
    binding = FormBinding(rows="people", person="nobody", attitude={"stance": "stance"})
    found = list(of_binding(("forms", ROLES), binding, TEMPLATE.forms[ROLES].json_schema))
    assert [(one.pointer, "nobody" in one.rule) for one in found] == [(f"/forms/{ROLES}", True)]
    [no_rows] = of_binding((ROLES,), FormBinding(rows="rows"), TEMPLATE.forms[ROLES].json_schema)
    assert no_rows.pointer == f"/{ROLES}/rows"


async def test_a_form_takes_a_contact_up_and_changes_it_in_its_own_commit(
    pursuit: Pursuit,
) -> None:
    contact = await new_contact(pursuit.world.marketer)
    stranger = {**PERSON, "person": "不在册的人", "stance": -2}
    values = {"people": [PERSON, stranger]}
    subjects = {contact["subject_id"]: ["/people/0"]}
    told = await saved(pursuit, ROLES, values, subjects)
    assert told == ["form.completed", "stakeholder.identified"]
    assert await saved(pursuit, ROLES, values, subjects) == ["form.revised"]
    [known] = await pursuit.items("stakeholders")
    names = ("stance", "influence", "concerns", "evidence", "assessed_on")
    assert known["values"] == {name: PERSON[name] for name in names}
    assert (known["id"], known["roles"]) == (contact["id"], ["coach"])
    now = {**PERSON, "stance": 2, "buying_role": "decision"}
    told = await saved(
        pursuit, ROLES, {"people": [stranger, now]}, {contact["subject_id"]: ["/people/1"]}
    )
    assert told == ["form.revised", "stakeholder.changed"]
    [known] = await pursuit.items("stakeholders")
    assert (known["values"]["stance"], known["roles"]) == (2, ["decision_maker"])


async def test_whom_the_writer_may_not_see_stays_in_the_form_alone(pursuit: Pursuit) -> None:
    contact = await new_contact(pursuit.world.outsider)
    subjects = {contact["subject_id"]: ["/people/0"]}
    assert await saved(pursuit, ROLES, {"people": [PERSON]}, subjects) == ["form.completed"]
    assert await pursuit.items("stakeholders") == []


async def test_an_assessment_is_a_score_and_one_that_stood_there_before_is_none(
    pursuit: Pursuit,
) -> None:
    first, second = [await new_stakeholder(pursuit) for _ in range(2)]
    subjects = {first["subject_id"]: ["/assessments/0"]}
    told = await saved(pursuit, SCORES, {"assessments": [ASSESSMENT]}, subjects)
    assert told == ["form.completed", "stakeholder.scored"]
    both = {
        second["subject_id"]: ["/assessments/0"],
        first["subject_id"]: ["/assessments/1"],
    }
    other = {**ASSESSMENT, "scores": [{"dimension": "信任", "score": 2}]}
    told = await saved(pursuit, SCORES, {"assessments": [other, ASSESSMENT]}, both)
    assert told == ["form.revised", "stakeholder.scored"]
    for who, average in ((first, "4.00"), (second, "2.00")):
        path = f"stakeholders/{who['id']}/scores"
        [told_of] = await pursuit.items(path)
        assert (told_of["average"], told_of["form"]) == (average, f"{SCORES}:1")
        hidden = done(await pursuit.world.outsider.get(f"{pursuit.path}/{path}")).json()
        assert [one["form"] for one in hidden["items"]] == [None]


async def test_a_form_that_is_complete_again_unchanged_tells_no_score_anew(
    pursuit: Pursuit,
) -> None:
    made = await new_stakeholder(pursuit)
    values, subjects = {"assessments": [ASSESSMENT]}, {made["subject_id"]: ["/assessments/0"]}
    assert "stakeholder.scored" in await saved(pursuit, SCORES, values, subjects)
    draft = {"values": values, "subjects": subjects, "complete": False, "reason": "复核"}
    done(await pursuit.world.marketer.put(f"{pursuit.path}/forms/{SCORES}", draft))
    await pursuit.post(f"stakeholders/{made['id']}/scores", score("2026-03-02", trust=5))
    assert await saved(pursuit, SCORES, values, subjects) == ["form.completed"]
    done(await pursuit.world.marketer.put(f"{pursuit.path}/forms/{SCORES}", draft))
    other = {**ASSESSMENT, "scores": [{"dimension": "信任", "score": 2}]}
    told = await saved(pursuit, SCORES, {"assessments": [other]}, subjects)
    assert told == ["form.completed", "stakeholder.scored"]


def test_a_form_with_more_scores_than_a_stakeholder_may_have_is_refused() -> None:
    story = given(created(), holds("marketer", MARKETER))
    person, binding = PEOPLE[0], binding_of(TEMPLATE, SCORES)
    identify(story, person)
    score_of = RelationshipScored(
        contact_id=person,
        number=1,
        assessed_on=TODAY,
        values={},
        subjects={},
        restricted=True,
    )
    many = [score_of.model_copy(update={"number": 1 + n}) for n in range(SCORES_MAX)]
    story.tell(MARKETER, many)
    assert binding is not None
    told = told_by_form(
        story.now,
        binding,
        f"{SCORES}:1",
        {"assessments": [ASSESSMENT]},
        {str(person): ("/assessments/0",)},
        None,
        Customer({str(person): person}, {}),
        TODAY,
    )
    assert isinstance(told, Told)
    refused = told.facts({str(person): key_of(str(person))})
    assert isinstance(refused, Refusal)
    assert refused.code == "limit_reached"


async def test_a_line_is_drawn_to_who_bears_the_name_and_never_back(pursuit: Pursuit) -> None:
    marketer = pursuit.world.marketer
    account = await new_account(marketer)
    low, high = [await new_contact(marketer, account, name=name) for name in ("张三丰", "李四光")]
    for contact in (low, high):
        await new_stakeholder(pursuit, contact_id=contact["id"])
    row = {"person_a": "张三丰", "person_b": "李四光", "kind": "reports_to", "strength": 3}
    subjects = {low["subject_id"]: ["/relations/0"]}
    told = await saved(pursuit, LINES, {"relations": [row]}, subjects)
    assert told == ["form.completed", "stakeholder.changed"]
    lines = {one["id"]: one["reports_to"] for one in await pursuit.items("stakeholders")}
    assert lines == {low["id"]: high["id"], high["id"]: None}
    back = {**row, "person_a": "李四光", "person_b": "张三丰"}
    body = {
        "values": {"relations": [row, back]},
        "subjects": {**subjects, high["subject_id"]: ["/relations/1"]},
        "complete": True,
        "reason": "补充",
    }
    answer = await marketer.put(f"{pursuit.path}/forms/{LINES}", body)
    assert_problem(answer, 409, "reporting_cycle", "/values/relations/1")


async def test_a_new_form_is_filled_with_what_is_known_and_can_be_saved_as_it_is(
    pursuit: Pursuit,
) -> None:
    world = pursuit.world
    contact = await new_contact(world.marketer)
    done(await world.marketer.put(f"{pursuit.path}/account", {"account_id": contact["account_id"]}))
    subject = contact["subject_id"]
    await saved(pursuit, ROLES, {"people": [PERSON]}, {subject: ["/people/0"]})
    await saved(pursuit, SCORES, {"assessments": [ASSESSMENT]}, {subject: ["/assessments/0"]})

    async def filled(form: str, person: str = "dept_head", **query: str) -> dict[str, Any]:
        path = f"{pursuit.path}/forms/{form}/prefill"
        document: dict[str, Any] = done(await getattr(world, person).get(path, **query)).json()
        return document

    people = await filled(ROLES)
    assert people == {"values": {"people": [PERSON]}, "subjects": {subject: ["/people/0"]}}
    assert (await filled(SCORES))["values"] == {"assessments": [ASSESSMENT]}
    assert (await filled(LINES))["values"] == {}
    profile = await filled("contact_profile", contact_id=contact["id"])
    assert profile == {"values": {**CONTACT, "influence": 4}, "subjects": {subject: [""]}}
    told = await saved(pursuit, "contact_profile", **profile)
    assert told == ["form.completed", "stakeholder.changed"], "it stands behind the influence now"
    customer = await filled("customer_profile")
    assert customer["values"] == {"legal_name": "滨海水务集团", "industry": "水务"}
    assert NAME not in str(await filled(ROLES, "outsider"))
    assert await filled("proposal_statement") == {
        "values": {},
        "subjects": {},
    }
