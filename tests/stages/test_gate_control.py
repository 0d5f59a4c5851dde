"""What stands in the way of a gate besides the stage itself: follow-ups, risks, change requests."""

from datetime import date
from uuid import UUID

import pytest

from genjin.changes.events import ChangeDecided, ChangeRaised, ChangeWithdrawn, Decision
from genjin.event import Fact
from genjin.risks.events import (
    ResponsePlanned,
    RiskAssessed,
    RiskClosed,
    RiskIdentified,
    RiskReopened,
)
from tests.specification import (
    A_PROJECT,
    DEPT_HEAD,
    GENERAL_MANAGER,
    MARKETER,
    TEMPLATE,
    TODAY,
    TOMORROW,
    YESTERDAY,
    given,
)
from tests.stages.telling import (
    advance,
    blockers,
    complete,
    follow_up,
    gate_of,
    ready,
)
from tests.stages.test_gate_registers import check_of

RISK, OTHER_RISK = UUID(int=0xAA), UUID(int=0xBB)
CHANGE, REQUIREMENT = UUID(int=0xCC), UUID(int=0xDD)


def test_an_open_follow_up_is_in_the_way_from_the_day_after_it_was_due() -> None:
    story = ready()
    story.did(DEPT_HEAD, follow_up(due_on=TODAY))
    [follow_up_id] = story.now.course.follow_ups
    assert blockers(story, TODAY) == set()
    assert blockers(story, TOMORROW) == {("follow_up_overdue", follow_up_id)}
    story.did(MARKETER, complete())
    assert blockers(story, TOMORROW) == set()


def _assessed(probability: int, impact: int) -> list[Fact]:
    score = probability * impact
    return [
        RiskIdentified(
            risk_id=RISK,
            category="cost",
            cause="钢材涨价",
            event="成本超出预算",
            effect="毛利下降",
            owner_id=MARKETER.person_id,
            owner_name="王芳",
        ),
        RiskAssessed(
            risk_id=RISK,
            probability=probability,
            impact=impact,
            score=score,
            band=TEMPLATE.band(score).key,
            rationale="",
        ),
    ]


ANSWERED = ResponsePlanned(
    risk_id=RISK,
    strategy="mitigate",
    actions="签框架协议",
    owner_id=DEPT_HEAD.person_id,
    owner_name="李强",
    trigger="涨幅超过百分之五",
    contingency="",
)
RISK_CLOSED = RiskClosed(
    risk_id=RISK,
    reason="已锁价",
    residual_probability=1,
    residual_impact=1,
    residual_score=1,
    residual_band="low",
)


def test_a_risk_from_the_limit_on_is_in_the_way_until_it_is_answered_or_closed() -> None:
    story = ready()
    story.tell(MARKETER, _assessed(2, 4))
    assert blockers(story) == set()
    story.tell(MARKETER, _assessed(3, 3))
    assert blockers(story) == {("risk_unanswered", str(RISK))}
    for way_out in (ANSWERED, RISK_CLOSED):
        story = ready()
        story.tell(MARKETER, [*_assessed(5, 5), way_out])
        assert blockers(story) == set()


def test_a_risk_that_has_grown_since_its_response_needs_another() -> None:
    story = ready()
    story.tell(MARKETER, [*_assessed(3, 3), ANSWERED])
    assert blockers(story) == set()
    story.tell(MARKETER, _assessed(4, 5)[-1:])
    assert blockers(story) == {("risk_unanswered", str(RISK))}
    story.tell(MARKETER, [ANSWERED])
    assert blockers(story) == set()
    story.tell(MARKETER, _assessed(2, 5)[-1:])
    assert blockers(story) == set()


def test_a_reopened_risk_is_in_the_way_until_it_is_assessed_again_however_small_it_was() -> None:
    reopened = RiskReopened(
        risk_id=RISK, cause_project_id=CHANGE, cause_risk_id=OTHER_RISK, description="订单取消"
    )
    identified, small = _assessed(1, 2)
    for before in ([identified], [identified, small], [identified, small, ANSWERED]):
        story = ready()
        story.tell(MARKETER, [*before, reopened])
        assert blockers(story) == {("risk_unanswered", str(RISK))}
        story.tell(MARKETER, [ANSWERED])
        assert blockers(story) == {("risk_unanswered", str(RISK))}
        story.tell(MARKETER, [small])
        assert blockers(story) == set()
    story.tell(MARKETER, [reopened, RISK_CLOSED])
    assert blockers(story) == set()


def test_an_assessment_of_another_category_is_not_the_one_that_a_condition_asks_for() -> None:
    """Of its categories any open one counts, and one that was closed once it was assessed."""
    story = given(A_PROJECT)
    asked = {"kind": "risk", "assessed": True, "categories": ["technical"]}
    other, assessed = _assessed(2, 2)
    identified = other.model_copy(update={"category": "technical"})
    other = other.model_copy(update={"risk_id": OTHER_RISK})
    story.tell(MARKETER, [other, assessed.model_copy(update={"risk_id": OTHER_RISK})])
    assert not check_of(story, **asked).passed
    story.tell(MARKETER, [identified])
    assert check_of(story, **asked).value["unassessed"] == [str(RISK)]
    story.tell(MARKETER, [assessed])
    assert check_of(story, **asked).passed
    story.tell(MARKETER, [RISK_CLOSED])
    assert check_of(story, **asked).passed


def _raised(*stages: str) -> ChangeRaised:
    return ChangeRaised(
        change_id=CHANGE,
        requirement_id=REQUIREMENT,
        base_revision=1,
        title="提高处理能力",
        reason="人口上调",
        proposed_title="处理能力",
        proposed_text="三十万吨",
        stages=list(stages),
        requested_by="王工",
    )


def _decided(decision: Decision, review_on: date | None = None) -> ChangeDecided:
    return ChangeDecided(
        change_id=CHANGE, decision=decision, comment="", conditions=[], review_on=review_on
    )


def test_an_undecided_change_is_in_the_way_of_the_stages_that_it_touches_alone() -> None:
    story = ready()
    story.tell(MARKETER, [_raised("contact", "signing")])
    assert blockers(story) == set()
    story.did(MARKETER, advance())
    assert ("change_undecided", str(CHANGE)) in blockers(story)


@pytest.mark.parametrize(
    "end", [_decided("approve"), _decided("reject"), ChangeWithdrawn(change_id=CHANGE, reason="")]
)
def test_a_settled_change_is_in_the_way_no_more_and_the_check_names_what_settled_it(
    end: Fact,
) -> None:
    story = ready()
    story.tell(MARKETER, [_raised("initiation")])
    assert blockers(story) == {("change_undecided", str(CHANGE))}
    story.tell(GENERAL_MANAGER, [end])
    assert blockers(story) == set()
    [check] = [one for one in gate_of(story).checks if one.code == "change_undecided"]
    assert check.events == tuple(stamp.event_id for _, stamp in story.told[-2:])


def test_a_condition_may_ask_that_changes_are_settled_not_put_off() -> None:
    story = given(A_PROJECT)
    story.tell(MARKETER, [_raised("contact"), _decided("defer", review_on=TOMORROW)])
    assert check_of(story, kind="change").passed
    waiting = check_of(story, kind="change", settled=True)
    assert (waiting.passed, waiting.value) == (False, {str(CHANGE): "deferred"})
    story.tell(MARKETER, [_decided("reject")])
    assert check_of(story, kind="change", settled=True).passed


def test_a_deferred_change_is_in_the_way_again_from_its_review_date() -> None:
    story = ready()
    story.tell(MARKETER, [_raised("initiation"), _decided("defer", review_on=TODAY)])
    assert blockers(story, YESTERDAY) == set()
    for day in (TODAY, TOMORROW):
        assert blockers(story, day) == {("change_undecided", str(CHANGE))}
