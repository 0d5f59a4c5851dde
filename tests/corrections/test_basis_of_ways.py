"""A receipt rests on what its way on was decided by too: a branch, a stage passed over, an outcome."""

from dataclasses import replace

from genjin.health.events import HealthAssessed
from genjin.risks.events import RiskOccurred
from genjin_api.projects import closing
from tests.corrections.test_decider import correct, entry_of
from tests.risks.test_decider import ASSESSED, ID, IDENTIFIED
from tests.specification import MARKETER, MOMENT, Story
from tests.stages.rich_telling import advance, begun, judge, record
from tests.stages.test_receipts import passages
from tests.templates.rich import BODY, rich_with, stage
from tests.templates.test_model import titled

HEALTHY, SAFE = "health.level == 'good'", "risks.all(risk, risk.score < 4)"
TEMPLATE = rich_with(
    health=titled("good", "poor"),
    judgement={**BODY["judgement"], "roles": ["seller"], "mode": "any"},
    outcomes=[{**titled("won")[0], "final_gate_only": True, "when": SAFE}],
    stages=[
        stage("first", {"to": "middle", "when": HEALTHY}),
        stage("middle", {"to": "last"}, skip={"by": ["seller"], "when": SAFE}),
        stage("last"),
    ],
)
WON = closing.CloseProject(outcome="won")


def begun_well() -> Story:
    """Healthy, with a small risk of which no gate asks whether it occurred, and judged."""
    story = begun(TEMPLATE)
    small = ASSESSED.model_copy(update={"probability": 1, "impact": 1, "score": 1})
    occurred = RiskOccurred(risk_id=ID, description="已涨价", measures="")
    healthy = HealthAssessed(level="good", reason="如期")
    story.tell(MARKETER, [healthy, IDENTIFIED, small, occurred], "seller")
    work(story)
    return story


def work(story: Story) -> None:
    story.did(MARKETER, record(template=TEMPLATE))
    story.did(MARKETER, judge("seller", template=TEMPLATE))


def marked_by(story: Story, kind: type) -> list[str]:
    """The stages whose receipts the correction of such an event would mark."""
    corrected = replace(story, told=list(story.told), decided=list(story.decided))
    corrected.did(MARKETER, correct(entry_of(story, kind)))
    return [visit.stage for visit in corrected.now.course.visits.values() if visit.basis_corrected]


def test_a_branch_a_skip_and_an_outcome_name_the_events_that_opened_them() -> None:
    story = begun_well()
    story.did(MARKETER, advance(template=TEMPLATE))
    assert (marked_by(story, HealthAssessed), marked_by(story, RiskOccurred)) == (["first"], [])

    story = begun_well()
    story.did(MARKETER, advance(template=TEMPLATE, to_stage="last", reason="已熟识"))
    work(story)
    story.did(MARKETER, lambda project: closing.close(project, TEMPLATE, WON, MARKETER, MOMENT))
    assert marked_by(story, HealthAssessed) == ["first"]
    assert marked_by(story, RiskOccurred) == ["first", "last"]
    assert [passed.paths(TEMPLATE) for passed in passages(story)] == [[], []]


def test_a_way_without_a_condition_names_what_shut_the_ones_before_it() -> None:
    poor = "health.level == 'poor'"
    exits = ({"to": "middle", "when": poor}, {"to": "last"})
    template = rich_with(
        health=titled("good", "poor"),
        judgement={**BODY["judgement"], "roles": ["seller"], "mode": "any"},
        stages=[stage("first", *exits), stage("middle", {"to": "last"}), stage("last")],
    )
    story = begun(template)
    story.tell(MARKETER, [HealthAssessed(level="good", reason="如期")], "seller")
    story.did(MARKETER, record(template=template))
    story.did(MARKETER, judge("seller", template=template))
    for named in (None, "last"):
        went = replace(story, told=list(story.told), decided=list(story.decided))
        went.did(MARKETER, advance(template=template, to_stage=named))
        assert marked_by(went, HealthAssessed) == ["first"]
        assert [passed.paths(template) for passed in passages(went)] == [[]]
