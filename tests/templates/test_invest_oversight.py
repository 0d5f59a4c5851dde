"""The oversight of investments: finance reports, the director reviews, the chief executive decides, for a year."""

import pytest

from genjin.templates.catalog import latest
from genjin.templates.expressions import holds
from genjin.templates.judging import JudgementRule
from genjin.templates.registers import Outcome

OVERSIGHT = latest("invest.oversight")
ENDS = {outcome.key: outcome for outcome in OVERSIGHT.outcomes}
AFTER_A_YEAR = ("directly_managed", "entrusted")


def holds_at(outcome: Outcome, age_days: int) -> bool:
    assert outcome.when is not None
    held, why = holds(outcome.when, {"project": {"age_days": age_days}})
    assert why == ""
    return held


def test_a_round_goes_from_the_report_to_the_evaluation_and_back_to_the_report() -> None:
    assert OVERSIGHT.kind == "loop"
    course = [(stage.key, [way.to for way in stage.exits]) for stage in OVERSIGHT.stages]
    assert course == [
        ("report", ["analysis"]),
        ("analysis", ["proposal"]),
        ("proposal", ["decision"]),
        ("decision", ["execution"]),
        ("execution", ["evaluation"]),
        ("evaluation", ["report"]),
    ]


def test_the_chief_executive_judges_only_after_the_director() -> None:
    rule = OVERSIGHT.judgement_of("decision")
    assert (rule.mode, rule.roles) == ("sequence", ("ops_director", "ceo"))


def test_the_owner_of_the_process_judges_every_other_stage() -> None:
    others = [stage.key for stage in OVERSIGHT.stages if stage.key != "decision"]
    rules: list[JudgementRule] = [OVERSIGHT.judgement_of(stage) for stage in others]
    assert {rule.roles for rule in rules} == {("ops_manager",)}


def test_the_decision_is_neither_waived_nor_passed_over() -> None:
    decision = OVERSIGHT.stage("decision")
    assert "judgement_missing" not in decision.waivable
    assert decision.skip is None


@pytest.mark.parametrize(
    ("form", "stage"),
    [
        ("financial_statement", "report"),
        ("condition_analysis", "analysis"),
        ("finance_improvement_proposal", "proposal"),
    ],
)
def test_finance_signs_its_share_anew_in_each_round_before_the_decision(
    form: str, stage: str
) -> None:
    spec = OVERSIGHT.forms[form]
    assert form in OVERSIGHT.stage(stage).forms
    assert OVERSIGHT.stage_index(stage) < OVERSIGHT.stage_index("decision")
    assert (spec.required, spec.each_visit, spec.signed_by) == (True, True, ("finance_manager",))


def test_every_form_is_asked_for_anew_in_each_round() -> None:
    assert all(form.each_visit and form.required for form in OVERSIGHT.forms.values())


def test_the_investee_accepts_and_carries_out_what_was_decided() -> None:
    [accepted] = OVERSIGHT.stage("execution").conditions()
    assert accepted.kind == "manual"
    assert (accepted.by, accepted.evidence) == (("investee_manager",), True)


def test_nobody_proposes_reviews_decides_and_carries_out_the_same() -> None:
    assert ("ops_manager", "ops_director", "ceo", "investee_manager") in OVERSIGHT.never_both


@pytest.mark.parametrize("outcome", AFTER_A_YEAR)
@pytest.mark.parametrize(("age_days", "possible"), [(0, False), (364, False), (365, True)])
def test_head_office_hands_the_investment_over_after_one_year(
    outcome: str, age_days: int, possible: bool
) -> None:
    assert holds_at(ENDS[outcome], age_days) is possible


@pytest.mark.parametrize("outcome", AFTER_A_YEAR)
def test_the_chief_executive_hands_over_behind_the_evaluation(outcome: str) -> None:
    end = ENDS[outcome]
    assert (end.final_gate_only, end.at, end.by) == (True, ("evaluation",), ("ceo",))


def test_an_earlier_end_is_the_chief_executives_alone_and_has_a_reason() -> None:
    early = ENDS["ended_early"]
    assert (early.by, early.reason_required, early.when) == (("ceo",), True, None)
    assert {reason.key for reason in early.reasons} > set(AFTER_A_YEAR)
