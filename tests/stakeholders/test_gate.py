"""A gate asks who stands where inside the customer; of attitudes it knows whether they are known."""

import pytest

from genjin_api.stages.gate.values import Values
from genjin_api.stakeholders import decider
from genjin_api.stakeholders.commands import RemoveStakeholder
from tests.small_template import SMALL
from tests.specification import MARKETER, MOMENT, Story, created, given, holds
from tests.stages.test_gate_registers import check_of, events_of
from tests.stakeholders.story import PEOPLE, identify

COACH, BOSS = PEOPLE[:2]
NOTE = "愿意透露评标小组的名单"


def story() -> Story:
    told = given(created(), holds("marketer", MARKETER))
    identify(told, BOSS, roles=["decision_maker"])
    identify(told, COACH, roles=["coach", "handler"], stance=-2, note=NOTE, reports_to=BOSS)
    return told


@pytest.mark.parametrize(
    "expression",
    [
        'stakeholders.exists(s, "coach" in s.roles && s.reports_to != null)',
        'stakeholders.filter(s, "decision_maker" in s.roles).all(s, !s.stance_known)',
        "stakeholders.exists_one(s, s.stance_known) && stakeholders.all(s, s.scores == 0)",
    ],
)
def test_an_expression_asks_for_stakeholders_and_rests_on_their_events(expression: str) -> None:
    told = story()
    check = check_of(told, kind="field", expr=expression)
    assert check.passed, check.value
    assert set(check.events) == events_of(told, "stakeholder.identified")


def test_it_is_told_no_attitude_and_nobody_who_left() -> None:
    told = story()
    known = Values(told.now, SMALL, MOMENT).all["stakeholders"]
    assert [sorted(one) for one in known] == [
        ["id", "reports_to", "roles", "scores", "stance_known"]
    ] * 2
    gone = RemoveStakeholder(reason="已调离")
    told.did(MARKETER, lambda project: decider.remove(project, COACH, gone, MARKETER))
    [left] = Values(told.now, SMALL, MOMENT).all["stakeholders"]
    assert left["id"] == str(BOSS)
