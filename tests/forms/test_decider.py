"""Commands on attached forms: drafts, completed values, revisions, signatures."""

from typing import Any
from uuid import UUID

import pytest

from genjin.forms.events import FormCompleted, FormDrafted, FormRevised, FormSigned
from genjin.projects.events import ProjectClosed, ProjectSuspended
from genjin.stages.events import StageAdvanced, StageEntered
from genjin.subjects.sealed_values import Opened, open_places
from genjin_api.acting import Caller, Decided, Unsealed
from genjin_api.forms import signing
from genjin_api.subjects.decider import clear_forms
from tests.forms.values import valid_values
from tests.specification import (
    A_PROJECT,
    DEPT_HEAD,
    HOLDERS,
    MARKETER,
    OUTSIDER,
    OWNER,
    PROJECT_ID,
    TEMPLATE,
    Story,
    given,
    key_of,
    sealed,
)
from tests.stages.telling import Decide, judge, save, sign, withdraw

FORM = "initiation_application"
VALUES = valid_values(TEMPLATE.forms[FORM].json_schema)
COMMON: dict[str, Any] = {
    "form": FORM,
    "copy_number": 1,
    "restricted": False,
    "subjects": {},
    "own_subject": None,
}
CLOSED = ProjectClosed(outcome="lost", reason_code="price", reason="", receipt=None)


def saved(story: Story, form: str, **command: Any) -> FormCompleted:
    decision = sealed(save(form, **command)(story.now))
    assert isinstance(decision, Decided), decision
    [fact] = decision.facts
    assert isinstance(fact, FormCompleted)
    return fact


def test_a_draft_may_be_incomplete_and_leaves_the_facts_alone() -> None:
    values = {"project_name": "某项目"}
    drafted = FormDrafted(**COMMON, revision=1, values=values)
    given(A_PROJECT).when(save(FORM, values=values, complete=False)).then(drafted)


def test_complete_values_move_the_facts_of_the_stage_that_carries_the_form() -> None:
    story = given(A_PROJECT)
    story.when(save(FORM)).then(FormCompleted(**COMMON, revision=1, values=VALUES, facts_version=1))
    assert saved(story, "customer_profile").facts_version is None


def test_a_form_of_an_earlier_stage_moves_the_facts_once_somebody_has_judged() -> None:
    """What stages ahead carry comes out of the judgement, as a notice does; a draft changes nothing."""
    story = given(A_PROJECT)
    story.did(DEPT_HEAD, judge("dept_head"))
    assert saved(story, "customer_profile").facts_version is None
    story.did(MARKETER, save(FORM, values={}, complete=False))
    onward = StageAdvanced(stage="initiation", visit=1, to_stage="contact", receipt={})
    story.tell(MARKETER, [onward, StageEntered(stage="contact", visit=1, from_stage="initiation")])
    assert saved(story, FORM).facts_version is None
    story.did(DEPT_HEAD, judge("dept_head"))
    assert saved(story, FORM).facts_version == 1
    story.did(MARKETER, save(FORM))
    [judgement] = story.now.course.current.judgements.values()
    assert story.now.course.current.is_stale(judgement)
    story.did(DEPT_HEAD, withdraw("dept_head"))
    story.did(MARKETER, save(FORM, reason="更正"))
    assert story.now.course.current.facts_version == 1


def test_a_form_that_was_complete_changes_as_a_revision_with_a_reason() -> None:
    story = given(A_PROJECT)
    story.did(MARKETER, save(FORM))
    story.when(save(FORM)).refused("reason_required", "/reason")
    revised = FormRevised(
        **COMMON, revision=2, values=VALUES, complete=True, reason="金额更正", facts_version=2
    )
    story.when(save(FORM, reason="金额更正")).then(revised)


@pytest.mark.parametrize(
    ("values", "complete", "pointers"),
    [
        ({**VALUES, "expected_amount": "面议"}, True, ["/values/expected_amount"]),
        ({**VALUES, "expected_signing_on": "下月"}, True, ["/values/expected_signing_on"]),
        ({key: VALUES[key] for key in VALUES if key != "region"}, True, ["/values/region"]),
        ({**VALUES, "rival": "甲公司"}, True, ["/values/rival"]),
        ({"rival": "甲公司", "a/b~c": ""}, False, ["/values/a~1b~0c", "/values/rival"]),
    ],
)
def test_values_that_do_not_fit_are_refused_each_in_its_place(
    values: dict[str, Any], complete: bool, pointers: list[str]
) -> None:
    given(A_PROJECT).when(save(FORM, values=values, complete=complete)).refused(
        "form_invalid", *pointers
    )


def test_a_mistake_deep_in_a_form_is_found_where_it_is() -> None:
    opinions = valid_values(TEMPLATE.forms["customer_feedback"].json_schema)["opinions"]
    wrong = {"opinions": [opinions[0], {**opinions[0], "severity": "terrible"}]}
    given(A_PROJECT).when(save("customer_feedback", values=wrong)).refused(
        "form_invalid", "/values/opinions/1/severity"
    )


def test_only_a_repeatable_form_has_copies_and_they_are_numbered_one_by_one() -> None:
    story = given(A_PROJECT)
    story.when(save(FORM, copy_number=2)).refused("form_not_repeatable")
    story.when(save("visit_report", copy_number=2)).refused("field_invalid", "/copy_number")
    story.did(MARKETER, save("visit_report"))
    story.did(MARKETER, save("visit_report", copy_number=2))
    assert {"visit_report:1", "visit_report:2"} <= story.now.forms.keys()


def test_a_signature_is_of_the_revision_that_the_signer_has_seen() -> None:
    story = given(A_PROJECT)
    story.did(MARKETER, save(FORM))
    signed = FormSigned(form=FORM, copy_number=1, revision=1, role="dept_head")
    story.when(sign(FORM, "dept_head")).then(signed, role="dept_head")
    story.did(DEPT_HEAD, sign(FORM, "dept_head"))
    story.when(sign(FORM, "dept_head")).refused("form_already_signed")
    story.did(MARKETER, save(FORM, reason="金额更正"))
    assert story.now.forms[f"{FORM}:1"].signatures == {}
    story.when(sign(FORM, "dept_head")).refused("facts_changed")
    story.did(DEPT_HEAD, sign(FORM, "dept_head", revision=2))


def test_with_four_eyes_who_saved_a_revision_does_not_sign_it() -> None:
    spec = TEMPLATE.forms[FORM].model_copy(update={"four_eyes": True})
    template = TEMPLATE.model_copy(update={"forms": {**TEMPLATE.forms, FORM: spec}})

    def signed_by(caller: Caller, role: str, revision: int) -> Decide:
        command = signing.SignForm(role=role, revision=revision)
        return lambda project: signing.sign(project, template, FORM, command, caller)

    story = given(A_PROJECT)
    story.did(MARKETER, save(FORM))
    story.when(signed_by(MARKETER, "marketer", 1)).refused("self_signature")
    story.did(DEPT_HEAD, signed_by(DEPT_HEAD, "dept_head", 1))
    story.did(DEPT_HEAD, save(FORM, caller=DEPT_HEAD, reason="金额更正"))
    story.when(signed_by(DEPT_HEAD, "dept_head", 2)).refused("self_signature")
    story.did(MARKETER, signed_by(MARKETER, "marketer", 2))


def test_a_signature_needs_a_complete_form_and_a_holder_of_a_signing_role() -> None:
    story = given(A_PROJECT)
    story.when(sign(FORM, "marketer")).refused("not_found")
    draft = {key: VALUES[key] for key in VALUES if key != "region"}
    story.did(MARKETER, save(FORM, values=draft, complete=False))
    story.when(sign(FORM, "marketer")).refused("form_not_complete", "/values/region")
    story.when(sign(FORM, "general_manager")).refused("field_invalid", "/role")
    story.when(sign(FORM, "dept_head", caller=MARKETER)).refused("not_role_holder")


def test_a_form_that_the_template_does_not_have_is_not_found() -> None:
    given(A_PROJECT).when(save("wish_list")).refused("not_found")


def test_only_role_holders_fill_forms_and_only_while_the_project_lives() -> None:
    story = given(A_PROJECT)
    story.when(save(FORM, OUTSIDER)).refused("role_not_allowed")
    story.did(MARKETER, save(FORM))
    story.tell(MARKETER, [CLOSED])
    story.when(save(FORM, reason="更正")).refused("project_closed")
    story.when(sign(FORM, "marketer")).refused("project_closed")


def test_a_form_completed_while_the_project_is_suspended_moves_the_facts_as_well() -> None:
    story = given(A_PROJECT, ProjectSuspended(reason="客户推迟", until=None))
    story.when(save(FORM)).then(FormCompleted(**COMMON, revision=1, values=VALUES, facts_version=1))


PERSONAL = "contact_profile"
PROFILE = valid_values(TEMPLATE.forms[PERSONAL].json_schema)
WANG, LI = UUID(int=0x51), UUID(int=0x52)


def opened(fact: FormCompleted) -> Opened:
    context = f"{PROJECT_ID}/{fact.form}:{fact.copy_number}"
    keys = {subject: key_of(subject) for subject in fact.subjects}
    return open_places(fact.values, fact.subjects, keys, context)


def test_nothing_personal_gets_into_a_fact_before_it_is_sealed() -> None:
    decision = save(PERSONAL)(given(A_PROJECT).now)
    assert isinstance(decision, Unsealed)
    fact = saved(given(A_PROJECT), PERSONAL)
    assert fact.restricted
    assert set(decision.subjects) == fact.subjects.keys()
    assert PROFILE["name"] not in fact.model_dump_json()
    assert opened(fact).values == PROFILE


def test_what_nobody_is_named_for_is_of_a_subject_of_the_forms_own() -> None:
    story = given(A_PROJECT)
    first = saved(story, PERSONAL)
    assert first.subjects.keys() == {str(first.own_subject)}
    story.did(MARKETER, save(PERSONAL))
    revised = sealed(save(PERSONAL, reason="更正")(story.now))
    assert isinstance(revised, Decided)
    [fact] = revised.facts
    assert isinstance(fact, FormRevised)
    assert fact.own_subject == first.own_subject
    assert fact.values == first.values  # the same in the clear, so the same sealed: no change
    assert saved(given(A_PROJECT), "stakeholder_roles").own_subject != first.own_subject


def test_each_person_that_is_named_has_values_of_their_own() -> None:
    values = valid_values(TEMPLATE.forms["visit_report"].json_schema)
    people = [{**values["customer_people"][0], "name": name} for name in ("王工", "李工")]
    named = {WANG: ["/customer_people/0"], LI: ["/customer_people/1"]}
    values = {**values, "customer_people": people}
    fact = saved(given(A_PROJECT), "visit_report", values=values, subjects=named)
    assert fact.subjects[str(WANG)] == ("/customer_people/0",)
    assert fact.subjects[str(LI)] == ("/customer_people/1",)
    assert opened(fact).values == values


def test_a_person_cannot_be_named_where_nothing_is_personal() -> None:
    story = given(A_PROJECT)
    story.when(save(FORM, subjects={WANG: ["/region"]})).refused("field_invalid", "/subjects")
    unknown = save(PERSONAL, subjects={WANG: ["/nobody"]})
    story.when(unknown).refused("field_invalid", f"/subjects/{WANG}")


def test_one_value_cannot_be_of_two_persons() -> None:
    both = save(PERSONAL, subjects={WANG: ["/name"], LI: ["/name"]})
    given(A_PROJECT).when(both).refused("field_invalid", f"/subjects/{LI}")


def test_who_knows_nothing_of_the_persons_cannot_make_their_values_nobodys() -> None:
    story = given(A_PROJECT)
    story.did(MARKETER, save(PERSONAL, subjects={WANG: ["/name"]}))
    story.when(save(PERSONAL, reason="更正")).refused("field_invalid", "/subjects")
    story.did(MARKETER, save(PERSONAL, reason="更正", subjects={}))
    story.did(MARKETER, save(PERSONAL, reason="再更正"))
    assert str(WANG) not in story.now.forms[f"{PERSONAL}:1"].subjects


def test_what_a_form_shows_of_its_persons_can_be_said_again() -> None:
    story = given(A_PROJECT)
    story.did(MARKETER, save(PERSONAL, subjects={WANG: ["/name"]}))
    before = story.now.forms[f"{PERSONAL}:1"]
    story.did(MARKETER, save(PERSONAL, reason="更正", subjects=before.subjects))
    after = story.now.forms[f"{PERSONAL}:1"]
    assert (after.subjects, after.own_subject) == (before.subjects, before.own_subject)
    assert after.values == before.values


def test_an_erasure_empties_the_places_of_that_person_and_leaves_the_signatures() -> None:
    story = given(A_PROJECT)
    story.did(MARKETER, save(PERSONAL, subjects={WANG: ["/name"]}))
    for role in TEMPLATE.forms[PERSONAL].signed_by:
        story.did(HOLDERS[role], sign(PERSONAL, role))
    before = story.now.forms[f"{PERSONAL}:1"]
    story.did(OWNER, lambda project: clear_forms(project, WANG, OWNER))
    after = story.now.forms[f"{PERSONAL}:1"]
    assert after.values == {**before.values, "name": None}
    assert (after.revision, after.signatures) == (before.revision, before.signatures)
    story.when(lambda project: clear_forms(project, WANG, OWNER)).then_nothing()


def test_after_the_forms_own_subject_was_erased_it_has_another() -> None:
    story = given(A_PROJECT)
    story.did(MARKETER, save(PERSONAL))
    erased = story.now.forms[f"{PERSONAL}:1"].own_subject
    assert erased is not None
    story.did(OWNER, lambda project: clear_forms(project, erased, OWNER))
    story.did(MARKETER, save(PERSONAL, reason="重新登记"))
    assert story.now.forms[f"{PERSONAL}:1"].own_subject not in (None, erased)
