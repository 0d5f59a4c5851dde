"""Commands on attached forms: drafts, completed values, revisions, signatures."""

from typing import Any

import pytest

from genjin.forms.events import FormCompleted, FormDrafted, FormRevised, FormSigned
from genjin.projects.events import ProjectClosed, ProjectSuspended
from genjin_api.acting import Decided
from tests.forms.values import valid_values
from tests.specification import (
    A_PROJECT,
    DEPT_HEAD,
    MARKETER,
    OUTSIDER,
    TEMPLATE,
    given,
)
from tests.stages.telling import save, sign

FORM = "initiation_application"
VALUES = valid_values(TEMPLATE.forms[FORM].json_schema)
COMMON: dict[str, Any] = {"form": FORM, "copy_number": 1, "restricted": False}
CLOSED = ProjectClosed(outcome="lost", reason_code="price", reason="", receipt=None)


def test_a_draft_may_be_incomplete_and_leaves_the_facts_alone() -> None:
    values = {"project_name": "某项目"}
    drafted = FormDrafted(**COMMON, revision=1, values=values)
    given(A_PROJECT).when(save(FORM, values=values, complete=False)).then(drafted)


def test_complete_values_move_the_facts_of_the_stage_that_carries_the_form() -> None:
    story = given(A_PROJECT)
    story.when(save(FORM)).then(FormCompleted(**COMMON, revision=1, values=VALUES, facts_version=1))
    decision = save("customer_profile")(story.now)
    assert isinstance(decision, Decided)
    [of_a_later_stage] = decision.facts
    assert isinstance(of_a_later_stage, FormCompleted)
    assert of_a_later_stage.facts_version is None


def test_a_form_that_was_complete_changes_as_a_revision_with_a_reason() -> None:
    story = given(A_PROJECT)
    story.did(MARKETER, save(FORM))
    story.when(save(FORM)).refused("reason_required", "/reason")
    revised = FormRevised(
        **COMMON, revision=2, values=VALUES, complete=True, reason="金额更正", facts_version=2
    )
    story.when(save(FORM, reason="金额更正")).then(revised)


def test_a_form_with_personal_data_says_so_in_its_facts() -> None:
    decision = save("contact_profile")(given(A_PROJECT).now)
    assert isinstance(decision, Decided)
    [completed] = decision.facts
    assert isinstance(completed, FormCompleted)
    assert completed.restricted


@pytest.mark.parametrize(
    ("values", "complete", "pointers"),
    [
        ({**VALUES, "expected_amount": "面议"}, True, ["/values/expected_amount"]),
        ({**VALUES, "expected_signing_on": "下月"}, True, ["/values/expected_signing_on"]),
        ({key: VALUES[key] for key in VALUES if key != "region"}, True, ["/values"]),
        ({**VALUES, "rival": "甲公司"}, True, ["/values"]),
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


def test_a_signature_needs_a_complete_form_and_a_holder_of_a_signing_role() -> None:
    story = given(A_PROJECT)
    story.when(sign(FORM, "marketer")).refused("not_found")
    story.did(MARKETER, save(FORM, values={}, complete=False))
    story.when(sign(FORM, "marketer")).refused("form_not_complete")
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
