"""Where an advance may lead: branches under their conditions, stages passed over, loops."""

from genjin.stages.events import AdvanceRefused, StageAdvanced, StageSkipped
from tests.specification import GENERAL_MANAGER, MARKETER
from tests.stages.rich_telling import (
    REASON,
    advance,
    begun,
    blockers,
    judge,
    ready,
    record,
    stage_of,
)
from tests.templates.rich import AMOUNT, rich_with, stage


def test_the_branch_whose_condition_holds_is_taken() -> None:
    story = ready(amount="2500.00")
    story.did(MARKETER, advance())
    assert stage_of(story) == "big"
    story = ready(amount="900.00")
    story.did(MARKETER, advance())
    assert stage_of(story) == "small"


def test_a_receipt_names_the_condition_of_the_branch() -> None:
    story = ready(amount="2500.00")
    decided = story.do(MARKETER, advance(to_stage="big"))
    [advanced, _] = decided.facts
    assert isinstance(advanced, StageAdvanced)
    assert advanced.receipt["exit"] == {"to_stage": "big", "when": AMOUNT}


def test_a_branch_whose_condition_does_not_hold_is_closed() -> None:
    story = ready(amount="900.00")
    refused = story.when(advance(to_stage="big")).refused("exit_closed")
    assert "above 1000" in refused.detail
    [fact] = refused.facts
    closed = [{"code": "exit_closed", "subject": "big", "value": AMOUNT}]
    assert fact == AdvanceRefused(stage="first", visit=1, blockers=closed)
    assert (refused.blockers, refused.role) == (closed, "seller")


def test_a_stage_that_nothing_leads_to_is_refused() -> None:
    ready().when(advance(to_stage="first")).then_nothing()
    ready().when(advance(to_stage="nowhere")).refused("skip_refused")


def test_a_skippable_stage_is_passed_over_by_who_may_and_for_a_reason() -> None:
    story = ready(amount="900.00")
    story.when(advance(MARKETER, to_stage="last", reason="已熟识")).refused("skip_refused")
    story.when(advance(GENERAL_MANAGER, to_stage="last")).refused("reason_required", "/reason")
    decided = story.do(GENERAL_MANAGER, advance(GENERAL_MANAGER, to_stage="last", reason="已熟识"))
    [advanced, skipped, _] = decided.facts
    assert isinstance(advanced, StageAdvanced)
    assert advanced.receipt["skipped"] == ["small"]
    assert skipped == StageSkipped(
        stage="small", from_stage="first", to_stage="last", reason="已熟识"
    )
    assert stage_of(story) == "last"
    assert [skip.stage for skip in story.now.course.skips] == ["small"]


def test_a_stage_that_is_not_skippable_is_not_passed_over() -> None:
    story = ready(amount="2500.00")
    story.when(advance(GENERAL_MANAGER, to_stage="last", reason=REASON)).refused("skip_refused")


def test_a_skip_passes_the_gate_of_the_stage_that_is_left() -> None:
    begun().when(advance(GENERAL_MANAGER, to_stage="last", reason=REASON)).refused("gate_closed")


def test_a_loop_comes_back_as_a_new_visit_and_asks_again() -> None:
    loop = rich_with(
        kind="loop",
        period={"every": "month"},
        judgement={
            "roles": ["seller"],
            "verdicts": [{"key": "advance", "title": {"zh": "推", "en": "a"}}],
        },
        stages=[stage("report", {"to": "report"})],
    )
    story = begun(loop)
    story.did(MARKETER, record(template=loop))
    story.did(MARKETER, judge("seller", template=loop))
    story.did(MARKETER, advance(template=loop, to_stage="report"))
    assert (stage_of(story), story.now.course.current.number) == ("report", 2)
    assert blockers(story, loop) == {
        ("actual_missing", "report"),
        ("judgement_missing", "seller"),
    }
