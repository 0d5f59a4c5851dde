"""Whatever people do in whatever order: a project moves through passed gates and returns, and in no other way."""

from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from genjin.event import Fact
from genjin.projects.events import ProjectReopened
from genjin.stages.events import StageAdvanced, StageEntered, StageJudged, StageReturned
from genjin_api.acting import Caller
from genjin_api.projects import closing
from genjin_api.projects import decider as projects
from tests import specification
from tests.specification import A_PROJECT, DEPT_HEAD, HOLDERS, MARKETER, TEMPLATE, Story, holds
from tests.stages.telling import (
    Decide,
    advance,
    complete,
    follow_up,
    judge,
    judge_all,
    mark,
    prepare,
    record,
    return_to,
    save,
    sign,
)

STAGES = [stage.key for stage in TEMPLATE.stages]


def _suspend(project: Any) -> Any:
    return projects.suspend(project, TEMPLATE, projects.SuspendProject(reason="客户推迟"), MARKETER)


def _resume(project: Any) -> Any:
    return projects.resume(project, TEMPLATE, projects.ResumeProject(), MARKETER)


def _close(outcome: str) -> Decide:
    reason_code = "price" if outcome == "lost" else None
    command = closing.CloseProject(outcome=outcome, reason_code=reason_code)
    return lambda project: closing.close(project, TEMPLATE, command, MARKETER, specification.MOMENT)


def _reopen(stage: str) -> Decide:
    command = closing.ReopenProject(reason="重新招标", to_stage=stage)
    return lambda project: closing.reopen(project, TEMPLATE, command, MARKETER)


def _open_gate(story: Story) -> None:
    """Whatever was judged and filled before, and by whom: everything anew, each in their own slot."""
    story.did(MARKETER, record())
    story.did(DEPT_HEAD, judge("dept_head"))
    prepare(story)
    judge_all(story)


def _pass_gate(story: Story) -> None:
    _open_gate(story)
    story.did(MARKETER, advance())


def _take(story: Story, step: "Step") -> None:
    """A step that the project does not take is refused, and that is that."""
    if not isinstance(step, str):
        story.do(*step)
    elif story.now.status == "open" and story.now.course.current.stage != STAGES[-1]:
        {"open_gate": _open_gate, "pass_gate": _pass_gate}[step](story)


forms = st.sampled_from(list(TEMPLATE.forms))
stages = st.sampled_from(STAGES)
roles = st.sampled_from(list(HOLDERS))
verdicts = st.sampled_from(["advance", "advance", "hold"])

Step = tuple[Caller, Decide] | str


def _judging(role: str, caller: Caller | None, verdict: str) -> Step:
    judging = caller or HOLDERS[role]
    return judging, judge(role, verdict, judging, comment="意见")


def _saving(form: str, complete: bool) -> Step:
    return MARKETER, save(form, complete=complete, reason="更正")


steps: st.SearchStrategy[Step] = st.one_of(
    st.sampled_from(["open_gate", "pass_gate"]),
    st.builds(_judging, roles, st.sampled_from([None, MARKETER]), verdicts),
    st.just((MARKETER, record())),
    st.builds(lambda met: (MARKETER, mark("c2", met=met)), st.booleans()),
    st.builds(_saving, forms, st.booleans()),
    st.builds(lambda form, role: (HOLDERS[role], sign(form, role)), forms, roles),
    st.just((DEPT_HEAD, follow_up())),
    st.just((MARKETER, complete())),
    st.builds(lambda stage: (MARKETER, advance(stage)), st.sampled_from([None, None, *STAGES])),
    st.builds(lambda stage: (MARKETER, return_to(stage)), stages),
    st.sampled_from([(MARKETER, _suspend), (MARKETER, _resume)]),
    st.builds(lambda outcome: (MARKETER, _close(outcome)), st.sampled_from(["won", "lost"])),
    st.builds(lambda stage: (MARKETER, _reopen(stage)), stages),
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(steps, min_size=5, max_size=40))
def test_no_way_leads_into_a_stage_but_a_passed_gate_a_return_or_a_reopening(
    path: list[Step],
) -> None:
    story = specification.given(A_PROJECT, holds("dept_head", MARKETER))
    for step in path:
        _take(story, step)
    assert story.refold() == story.now
    facts = [fact for fact, _ in story.told]
    _every_entry_is_earned(facts)
    _nobody_judges_twice(story)
    _every_receipt_is_clean(story)


def _every_entry_is_earned(facts: list[Fact]) -> None:
    for before, fact in pairwise(facts):
        if isinstance(fact, StageEntered) and fact.from_stage is not None:
            assert isinstance(before, StageAdvanced | StageReturned | ProjectReopened)
            assert before.to_stage == fact.stage
            if isinstance(before, StageAdvanced):
                assert STAGES.index(fact.stage) == STAGES.index(before.stage) + 1
                assert all(check["passed"] for check in before.receipt["checks"])
            if isinstance(before, StageReturned):
                assert STAGES.index(fact.stage) < STAGES.index(before.stage)


def _nobody_judges_twice(story: Story) -> None:
    for visit in story.now.course.visits.values():
        judges = [judgement.person_id for judgement in visit.judgements.values()]
        assert len(judges) == len(set(judges))


def _every_receipt_is_clean(story: Story) -> None:
    """A passed visit has four judgements on its last facts, and the receipt names their events."""
    judged = {str(stamp.event_id) for fact, stamp in story.told if isinstance(fact, StageJudged)}
    for visit in story.now.course.visits.values():
        if visit.receipt is not None:
            assert visit.judgements.keys() == HOLDERS.keys()
            assert not any(visit.is_stale(given_) for given_ in visit.judgements.values())
            named = {event for check in visit.receipt["checks"] for event in check["events"]}
            assert len(named & judged) == len(HOLDERS)
