"""What receipts rest on: every event that said something which an expression reads, and no other."""

from genjin.changes.events import ChangeApplied, ChangeDecided
from genjin.event import Fact
from genjin.milestones.events import MilestoneRescheduled
from genjin.projects.events import HeaderChanged
from genjin.risks.events import RiskOccurred, RiskReopened, RiskReviewed
from genjin.stakeholders.events import StakeholderChanged
from genjin_api.stages.gate.values import Values
from genjin_api.stakeholders import decider
from genjin_api.stakeholders.commands import (
    ChangeStakeholder,
    RemoveStakeholder,
    ScoreRelationship,
)
from tests.changes import test_decider as changes
from tests.findings import test_decider as findings
from tests.milestones import test_decider as milestones
from tests.risks import test_decider as risks
from tests.small_template import SMALL
from tests.specification import MARKETER, MOMENT, PROJECT_ID, TOMORROW, Story, created, given
from tests.stakeholders.story import PEOPLE, identify, story_with_everybody

_REVIEWED = RiskReviewed(risk_id=risks.ID, note="仍在", next_review_on=None)
_OCCURRED = RiskOccurred(risk_id=risks.ID, description="已涨价", measures="")
_REOPENED = RiskReopened(
    risk_id=risks.ID, cause_project_id=PROJECT_ID, cause_risk_id=risks.ID, description="合同未签"
)
_DECIDED = ChangeDecided(
    change_id=changes.ID, decision="approve", comment="", conditions=[], review_on=None
)
_APPLIED = ChangeApplied(change_id=changes.ID)
_MOVED = MilestoneRescheduled(milestone_id=milestones.ID, due_on=TOMORROW, reason="停电")
_STORIES: dict[str, tuple[list[Fact], list[int]]] = {
    "risks.all(risk, risk.answered)": (
        [risks.IDENTIFIED, risks.ASSESSED, risks.PLANNED, risks.ASSESSED],
        [0, 1, 2, 3],
    ),
    "risks.size() > 0": (
        [risks.IDENTIFIED, risks.ASSESSED, _REVIEWED, risks.PLANNED, _OCCURRED, risks.CLOSURE],
        [0, 1, 3, 4, 5],
    ),
    "risks.all(risk, risk.status == 'open')": (
        [risks.IDENTIFIED, risks.ASSESSED, risks.ASSESSED, risks.PLANNED, risks.CLOSURE, _REOPENED],
        [0, 2, 5],
    ),
    "changes.exists(one, one.status == 'applied')": (
        [changes.RAISED, changes.ASSESSED, changes.SUBMITTED, _DECIDED, _APPLIED],
        [0, 1, 2, 3, 4],
    ),
    "milestones.exists(key, true)": (
        [milestones.OWN, _MOVED, _MOVED, milestones.REACHED],
        [0, 2, 3],
    ),
    "findings.all(one, one.severity == 'major')": (
        [findings.RAISED, findings.CORRECTED, findings.REJECTED],
        [0, 2],
    ),
}


def named(story: Story, expression: str) -> list[int]:
    """By the versions of the stream."""
    return [event.int for event in Values(story.now, SMALL, MOMENT).events_of(expression)]


def test_an_entry_of_a_register_rests_on_every_event_that_still_says_something_of_it() -> None:
    for expression, (facts, kept) in _STORIES.items():
        told = given(created())
        first = len(told.told) + 1
        told.tell(MARKETER, facts)
        assert named(told, expression) == [first + place for place in kept], expression


def test_a_header_s_value_rests_on_what_said_it_last_and_on_nothing_said_of_others() -> None:
    story = given(created(expected_amount="10.00"))
    story.tell(MARKETER, [HeaderChanged(header={"expected_amount": "20.00", "region": "华东"})])
    assert named(story, "double(header.expected_amount) > 1.0") == [3]
    assert named(story, "header.name != '' && header['region'] != ''") == [1, 3]
    assert named(story, "size(header) > 1") == [1, 3]
    story.tell(MARKETER, [HeaderChanged(header={"region": None})])
    assert named(story, "has(header.region)") == [4]
    assert named(story, "project.age_days > 1") == []


def test_a_person_rests_on_what_said_each_of_the_things_that_stand() -> None:
    story = story_with_everybody()
    everybody = "stakeholders.size() > 0"
    identified = named(story, everybody)
    boss, coach = PEOPLE[:2]

    def change(**said: object) -> None:
        command = ChangeStakeholder.model_validate(said)
        story.did(MARKETER, lambda project: decider.change(project, coach, command, MARKETER))
        assert isinstance(story.told[-1][0], StakeholderChanged)

    change(roles=["coach"], reports_to=boss)
    change(stance=1)
    change(stance=-1)
    change(roles=["coach", "user"])
    score = {"assessed_on": MOMENT.today.isoformat(), "scores": [{"dimension": "信任", "score": 4}]}
    scored = ScoreRelationship.model_validate({**score, "evidence": "来电"})
    story.did(MARKETER, lambda project: decider.score(project, coach, scored, MARKETER, MOMENT))
    last = len(story.told)
    assert named(story, everybody) == [*identified, last - 4, last - 2, last - 1, last]

    gone = RemoveStakeholder(reason="已调离")
    story.did(MARKETER, lambda project: decider.remove(project, boss, gone, MARKETER))
    assert last + 1 in named(story, everybody), "the line ended"
    story.did(MARKETER, lambda project: decider.remove(project, coach, gone, MARKETER))
    identify(story, coach)
    known = story.now.basis["stakeholders"][str(coach)]
    assert {event.int for event in known.values()} == {last, last + 3}
