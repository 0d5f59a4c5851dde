"""The characteristic rules of enterprise.5, in its own words."""

import pytest

from genjin.templates.catalog import template
from genjin.templates.conditions import ApprovalCondition
from tests.templates.expressed import copy_of_form, is_met

ENTERPRISE = template("enterprise.5", 1)
DEPARTMENTS = ("business_department", "technical_department", "finance_department")
NOTICE = {"project_manager": "李强"}
MANAGER = [{"id": "p1", "name": "李强"}]
BEFORE, AFTER = "2026-11-19T01:00:00.000000Z", "2026-11-21T01:00:00.000000Z"
REVIEWED = {
    form: [copy_of_form({}, saved_at=BEFORE)]
    for form in ("initiation_application", "initiation_review")
}


def test_its_steps_are_the_parts_of_five_stages() -> None:
    assert [(stage.key, len(stage.parts)) for stage in ENTERPRISE.stages] == [
        ("initiation", 3),
        ("kickoff", 4),
        ("execution", 4),
        ("closing", 4),
        ("management", 3),
    ]


def test_every_department_concerned_reviews_the_application() -> None:
    rule = ENTERPRISE.judgement_of("initiation")
    assert (rule.roles, rule.mode) == (DEPARTMENTS, "all")


def test_nobody_reviews_their_own_application_or_accepts_their_own_results() -> None:
    assert ENTERPRISE.never_both == (("initiator", *DEPARTMENTS), ("pm", *DEPARTMENTS))


@pytest.mark.parametrize(
    ("signed_by", "state", "met"),
    [(("company",), "complete", True), ((), "complete", False), (("company",), "draft", False)],
)
def test_the_notice_is_complete_and_signed_by_the_company(
    signed_by: tuple[str, ...], state: str, met: bool
) -> None:
    notice = copy_of_form(NOTICE, signed_by=signed_by, state=state)
    forms = REVIEWED | {"initiation_notice": [notice]}
    assert is_met(ENTERPRISE, "initiation", "notice_c1", forms=forms) is met


@pytest.mark.parametrize("form", REVIEWED)
def test_the_notice_goes_out_after_the_review_of_what_was_applied_for(form: str) -> None:
    forms = REVIEWED | {"initiation_notice": [copy_of_form(NOTICE, signed_by=("company",))]}
    late, draft = copy_of_form({}, saved_at=AFTER), copy_of_form({}, saved_at=BEFORE, state="draft")
    for copies in ([], [late], [draft]):
        told = forms | {form: copies}
        assert not is_met(ENTERPRISE, "initiation", "notice_c1", forms=told)


def test_a_project_is_not_initiated_before_the_notice_names_whoever_is_the_manager() -> None:
    named = {"initiation_notice": [copy_of_form(NOTICE)]}
    another = {"pm": [{"id": "p2", "name": "王芳"}]}
    assert is_met(ENTERPRISE, "initiation", "notice_c2", forms=named, holders={"pm": MANAGER})
    assert not is_met(ENTERPRISE, "initiation", "notice_c2", forms=named, holders=another)
    assert not is_met(ENTERPRISE, "initiation", "notice_c2", forms=named)
    assert not is_met(ENTERPRISE, "initiation", "notice_c2", holders={"pm": MANAGER})


def test_the_notice_goes_out_without_turning_the_departments_judgements_stale() -> None:
    """Completing a form of the stage would."""
    assert "initiation_notice" not in ENTERPRISE.stage("initiation").forms


@pytest.mark.parametrize(("conclusion", "met"), [("initiate", True), ("do_not_initiate", False)])
def test_the_review_determines_whether_the_project_is_initiated(conclusion: str, met: bool) -> None:
    forms = {"initiation_review": [copy_of_form({"conclusion": conclusion})]}
    assert is_met(ENTERPRISE, "initiation", "review_c3", forms=forms) is met


def test_problems_of_the_execution_are_solved_before_its_end() -> None:
    def with_problems(*statuses: str) -> bool:
        records = [copy_of_form({"status": status}) for status in statuses]
        return is_met(ENTERPRISE, "execution", "progress_c2", forms={"problem_record": records})

    assert with_problems()
    assert with_problems("solved", "solved")
    assert not with_problems("solved", "open")


def test_closing_needs_the_departments_acceptance_and_nobody_can_waive_it() -> None:
    acceptance = ENTERPRISE.condition("closing", "acceptance_c1")
    assert isinstance(acceptance, ApprovalCondition)
    assert (acceptance.by, acceptance.mode) == (DEPARTMENTS, "all")
    assert acceptance.form == "result_acceptance"
    assert not acceptance.waivable


def test_the_goals_are_reached_only_if_each_of_them_is() -> None:
    def with_goals(*reached: bool) -> bool:
        goals = [{"goal": "投产", "reached": one} for one in reached]
        forms = {"result_acceptance": [copy_of_form({"goals": goals})]}
        return is_met(ENTERPRISE, "closing", "acceptance_c2", forms=forms)

    assert with_goals(True, True)
    assert not with_goals(True, False)


def test_the_company_alone_concludes_a_project() -> None:
    assert ENTERPRISE.judgement_of("closing").roles == ("company",)
    assert ENTERPRISE.forms["closing_document"].signed_by == ("company",)
    [completed] = [one for one in ENTERPRISE.outcomes if one.key == "completed"]
    assert (completed.final_gate_only, completed.by) == (True, ("company",))
