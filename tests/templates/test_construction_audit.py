"""The audit of a construction project: what the auditors find, they alone close, at each of four gates."""

import pytest

from genjin.templates.catalog import latest
from genjin.templates.conditions import DocumentCondition, FindingCondition

AUDIT = latest("construction.audit")
STAGES = ("preliminary", "design_bidding", "construction", "settlement")


def test_the_auditors_go_along_from_the_planning_to_the_settlement() -> None:
    assert tuple(stage.key for stage in AUDIT.stages) == STAGES
    assert [way.to for stage in AUDIT.stages for way in stage.exits] == list(STAGES[1:])


def test_only_an_auditor_closes_a_finding_and_others_correct_it() -> None:
    assert AUDIT.findings is not None
    assert AUDIT.findings.raised_by == AUDIT.findings.closed_by == ("auditor",)
    assert AUDIT.findings.corrected_by == ("constructor", "department")


def test_nobody_is_auditor_and_audited_at_once() -> None:
    assert AUDIT.never_both == (("auditor", "constructor", "department"),)


@pytest.mark.parametrize("stage", STAGES)
def test_no_gate_opens_over_an_open_finding_of_whatever_severity(stage: str) -> None:
    [found, *_] = [
        condition
        for condition in AUDIT.stage(stage).conditions()
        if isinstance(condition, FindingCondition)
    ]
    assert (found.severities, found.waivable) == ((), False)


def test_nobody_overrides_the_auditors() -> None:
    assert AUDIT.override_by == ()
    assert all(stage.waivable == () and stage.skip is None for stage in AUDIT.stages)


def test_the_auditors_record_and_judge_and_decide_no_change() -> None:
    for stage in AUDIT.stages:
        assert stage.actual_by == AUDIT.judgement_of(stage.key).roles == ("auditor",)
    assert "auditor" not in AUDIT.change_deciders


@pytest.mark.parametrize(
    ("stage", "documents"),
    [
        ("preliminary", ["feasibility_report", "investment_estimate"]),
        ("design_bidding", ["design_proposal", "bidding_documents"]),
        ("construction", []),
        ("settlement", ["settlement"]),
    ],
)
def test_a_gate_asks_for_the_papers_that_its_stage_is_about(
    stage: str, documents: list[str]
) -> None:
    conditions = AUDIT.stage(stage).conditions()
    assert [one.document for one in conditions if isinstance(one, DocumentCondition)] == documents


def test_the_site_is_visited_again_and_again_while_it_is_built() -> None:
    [visits] = AUDIT.cadences
    assert (visits.form, visits.by, visits.stages) == (
        "site_visit",
        ("auditor",),
        ("construction",),
    )


def test_design_and_bidding_are_audited_side_by_side_before_building() -> None:
    assert [part.key for part in AUDIT.stage("design_bidding").parts] == ["design", "bidding"]
