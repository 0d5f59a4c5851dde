"""Commands on risks: what is identified is assessed on the template's scale, answered, reviewed and closed."""

from typing import Any
from uuid import UUID

import pytest

from genjin.risks.events import (
    ResponsePlanned,
    RiskAssessed,
    RiskClosed,
    RiskIdentified,
    RiskOccurred,
    RiskReviewed,
)
from genjin_api.acting import Caller
from genjin_api.risks import decider
from tests.requirements.test_decider import CLOSED
from tests.specification import A_PROJECT, DEPT_HEAD, MARKETER, OUTSIDER, TEMPLATE, TOMORROW, given
from tests.stages.telling import Decide

ID = UUID(int=0xAA)
IDENTIFIED = RiskIdentified(
    risk_id=ID,
    category="cost",
    cause="钢材涨价",
    event="成本超出预算",
    effect="毛利下降",
    owner_id=DEPT_HEAD.person_id,
    owner_name="李强",
)
ASSESSED = RiskAssessed(risk_id=ID, probability=3, impact=4, score=12, band="high", rationale="")
PLANNED = ResponsePlanned(
    risk_id=ID,
    strategy="mitigate",
    actions="签框架协议",
    owner_id=DEPT_HEAD.person_id,
    owner_name="李强",
    trigger="周涨幅超过百分之五",
    contingency="",
)
CLOSURE = RiskClosed(
    risk_id=ID,
    reason="已锁价",
    residual_probability=1,
    residual_impact=2,
    residual_score=2,
    residual_band="low",
)


def identify(caller: Caller = MARKETER, owner_name: str | None = "李强", **more: Any) -> Decide:
    fields = IDENTIFIED.model_dump(exclude={"risk_id", "owner_name"}) | more
    command = decider.IdentifyRisk.model_validate(fields)
    return lambda project: decider.identify(project, TEMPLATE, command, ID, owner_name, caller)


def assess(caller: Caller = MARKETER, probability: int = 3, impact: int = 4) -> Decide:
    command = decider.AssessRisk(probability=probability, impact=impact)
    return lambda project: decider.assess(project, TEMPLATE, ID, command, caller)


def plan(caller: Caller = MARKETER, owner_name: str | None = "李强", **more: Any) -> Decide:
    fields = PLANNED.model_dump(exclude={"risk_id", "owner_name"}) | more
    command = decider.PlanResponse.model_validate(fields)
    return lambda project: decider.plan_response(project, TEMPLATE, ID, command, owner_name, caller)


def review(caller: Caller = MARKETER) -> Decide:
    command = decider.ReviewRisk.model_validate(
        {"note": "无变化", "next_review_on": TOMORROW.isoformat()}
    )
    return lambda project: decider.review(project, ID, command, caller)


def occur(caller: Caller = MARKETER) -> Decide:
    command = decider.RecordOccurrence(description="涨价百分之八", measures="启动备选供应商")
    return lambda project: decider.occur(project, ID, command, caller)


def close(caller: Caller = MARKETER, probability: int = 1, impact: int = 2) -> Decide:
    command = decider.CloseRisk(
        reason="已锁价", residual_probability=probability, residual_impact=impact
    )
    return lambda project: decider.close(project, TEMPLATE, ID, command, caller)


def test_a_risk_is_identified_in_a_category_of_the_template_with_a_known_owner() -> None:
    story = given(A_PROJECT)
    story.when(identify()).then(IDENTIFIED)
    story.when(identify(category="weather")).refused("field_invalid", "/category")
    story.when(identify(owner_name=None)).refused("unknown_person", "/owner_id")


@pytest.mark.parametrize(
    ("probability", "impact", "band"),
    [
        (1, 1, "low"),
        (1, 3, "low"),
        (2, 2, "medium"),
        (2, 4, "medium"),
        (3, 3, "high"),
        (3, 5, "high"),
        (4, 4, "critical"),
        (5, 5, "critical"),
    ],
)
def test_score_and_band_follow_from_the_templates_scale(
    probability: int, impact: int, band: str
) -> None:
    assessed = RiskAssessed(
        risk_id=ID,
        probability=probability,
        impact=impact,
        score=probability * impact,
        band=band,
        rationale="",
    )
    story = given(A_PROJECT, IDENTIFIED)
    story.when(assess(probability=probability, impact=impact)).then(assessed)


@pytest.mark.parametrize("value", [0, 6, -3])
def test_a_value_that_is_not_on_the_scale_is_refused_in_its_place(value: int) -> None:
    story = given(A_PROJECT, IDENTIFIED)
    story.when(assess(probability=value)).refused("scale_invalid", "/probability")
    story.when(assess(impact=value)).refused("scale_invalid", "/impact")
    story.when(close(probability=value)).refused("scale_invalid", "/residual_probability")
    story.when(close(impact=value)).refused("scale_invalid", "/residual_impact")


def test_a_response_to_an_assessed_risk_has_a_strategy_of_the_template_and_a_known_owner() -> None:
    given(A_PROJECT, IDENTIFIED).when(plan()).refused("risk_not_assessed")
    story = given(A_PROJECT, IDENTIFIED, ASSESSED)
    story.when(plan()).then(PLANNED)
    story.when(plan(strategy="pray")).refused("field_invalid", "/strategy")
    story.when(plan(owner_name=None)).refused("unknown_person", "/owner_id")


def test_a_risk_is_reviewed_and_may_occur_and_is_still_followed_then() -> None:
    story = given(A_PROJECT, IDENTIFIED, ASSESSED)
    story.when(review()).then(RiskReviewed(risk_id=ID, note="无变化", next_review_on=TOMORROW))
    occurred = RiskOccurred(risk_id=ID, description="涨价百分之八", measures="启动备选供应商")
    story.when(occur()).then(occurred)
    story.did(MARKETER, occur())
    assert story.now.risks[str(ID)].status == "occurred"
    story.did(MARKETER, plan())


def test_a_risk_is_closed_once_with_what_remains_of_it() -> None:
    story = given(A_PROJECT, IDENTIFIED, ASSESSED)
    story.when(close()).then(CLOSURE)
    story.did(MARKETER, close())
    for command in (assess(), plan(), review(), occur(), close()):
        story.when(command).refused("risk_closed")


EVERY: dict[str, Any] = {
    "assess": assess,
    "plan": plan,
    "review": review,
    "occur": occur,
    "close": close,
}


@pytest.mark.parametrize("name", EVERY)
def test_a_risk_that_nobody_identified_is_not_found(name: str) -> None:
    given(A_PROJECT).when(EVERY[name]()).refused("not_found")


@pytest.mark.parametrize("name", [*EVERY, "identify"])
def test_the_risk_register_ends_with_the_project_and_is_for_its_people(name: str) -> None:
    command = EVERY.get(name, identify)
    given(A_PROJECT, IDENTIFIED, ASSESSED).when(command(OUTSIDER)).refused("role_not_allowed")
    given(A_PROJECT, IDENTIFIED, ASSESSED, CLOSED).when(command()).refused("project_closed")
