"""The five modes of judging, turns in a sequence, rounds of review, judgements taken back, approvals."""

from typing import Any

from genjin.stages.events import JudgementWithdrawn, ReviewRequested
from genjin.templates.model import Template
from genjin_api.stages import approvals, judging
from tests.specification import DEPT_HEAD, GENERAL_MANAGER, MARKETER, SALES_MANAGER
from tests.stages.rich_telling import (
    HOLDERS,
    approve,
    begun,
    blockers,
    judge,
    mark,
    ready,
    record,
)
from tests.stages.telling import Decide
from tests.templates.rich import RICH, rich_with
from tests.templates.test_model import titled

ALL = ("seller", "boss", "clerk")


def judged_by(mode: str, **more: Any) -> Template:
    rule = {"roles": list(ALL), "mode": mode, "verdicts": titled("advance", "hold"), **more}
    return rich_with(judgement=rule)


def judgements_wanted(template: Template, **verdicts: str) -> set[tuple[str, str]]:
    story = begun(template)
    for role, verdict in verdicts.items():
        story.did(HOLDERS[role], judge(role, verdict, template))
    return {(code, subject) for code, subject in blockers(story, template) if "judgement" in code}


def withdraw(role: str, caller: Any) -> Decide:
    command = judging.WithdrawJudgement(reason="另有新情况")
    return lambda project: judging.withdraw_judgement(project, role, command, caller)


def review(caller: Any = MARKETER) -> Decide:
    command = judging.RequestReview(note="已修改")
    return lambda project: judging.request_review(project, judged_by("all"), command, caller)


def test_all_waits_for_everybody() -> None:
    rule = judged_by("all")
    assert judgements_wanted(rule, seller="advance", boss="hold") == {
        ("judgement_negative", "boss"),
        ("judgement_missing", "clerk"),
    }
    assert judgements_wanted(rule, seller="advance", boss="advance", clerk="advance") == set()


def test_any_is_content_with_one() -> None:
    rule = judged_by("any")
    assert judgements_wanted(rule) == {("judgement_missing", "any")}
    assert judgements_wanted(rule, seller="hold") == {("judgement_missing", "any")}
    assert judgements_wanted(rule, seller="hold", clerk="advance") == set()


def test_a_quorum_counts_those_who_said_advance() -> None:
    rule = judged_by("quorum", quorum=2)
    assert judgements_wanted(rule, seller="advance", boss="hold") == {
        ("judgement_missing", "quorum")
    }
    assert judgements_wanted(rule, seller="advance", boss="hold", clerk="advance") == set()


def test_what_was_rejected_past_mending_is_a_rejection_and_no_missing_word() -> None:
    """So that waiving what is missing does not waive what was said."""
    rule = judged_by("any")
    everybody = {"seller": "hold", "boss": "hold", "clerk": "hold"}
    assert judgements_wanted(rule, **everybody) == {("judgement_negative", "any")}
    rule = judged_by("quorum", quorum=2)
    assert judgements_wanted(rule, seller="hold", boss="hold") == {("judgement_negative", "quorum")}


def test_the_decisive_role_decides_and_the_others_advise() -> None:
    rule = judged_by("decisive", decisive=["boss"])
    assert judgements_wanted(rule, seller="advance", clerk="advance") == {
        ("judgement_missing", "boss")
    }
    assert judgements_wanted(rule, seller="hold", boss="advance") == set()


def test_in_a_sequence_each_waits_for_those_before() -> None:
    rule = judged_by("sequence")
    story = begun(rule)
    refused = story.when(judge("boss", template=rule)).refused("out_of_turn")
    assert refused.detail == "seller judges before boss"
    story.did(MARKETER, judge("seller", "hold", rule))
    story.when(judge("boss", template=rule)).refused("out_of_turn")
    story.did(MARKETER, judge("seller", "advance", rule))
    story.did(GENERAL_MANAGER, judge("boss", template=rule))
    story.when(judge("clerk", template=rule))


def test_in_a_sequence_changed_facts_begin_it_anew() -> None:
    story = begun()
    story.did(MARKETER, judge("seller"))
    story.did(MARKETER, record())
    story.when(judge("boss")).refused("out_of_turn")


def test_who_gave_a_judgement_takes_it_back() -> None:
    story = ready()
    story.when(withdraw("boss", MARKETER)).refused("role_not_allowed")
    decided = story.do(GENERAL_MANAGER, withdraw("boss", GENERAL_MANAGER))
    [fact] = decided.facts
    assert isinstance(fact, JudgementWithdrawn)
    assert blockers(story) == {("judgement_missing", "boss")}
    story.did(GENERAL_MANAGER, judge("boss"))
    assert blockers(story) == set()


def test_a_judgement_that_was_not_given_is_not_taken_back() -> None:
    begun().when(withdraw("boss", GENERAL_MANAGER)).refused("not_found")


def test_a_new_round_asks_every_judge_again() -> None:
    story = ready()
    decided = story.do(MARKETER, review())
    [fact] = decided.facts
    assert isinstance(fact, ReviewRequested)
    assert fact.round == 1
    assert blockers(story) == {("judgement_stale", "seller"), ("judgement_stale", "boss")}
    story.did(MARKETER, judge("seller"))
    story.did(GENERAL_MANAGER, judge("boss"))
    assert blockers(story) == set()


def test_a_round_is_asked_for_by_who_records_the_stage() -> None:
    ready().when(review(DEPT_HEAD)).refused("role_not_allowed")


def test_an_approval_is_wanted_of_every_role_that_is_named() -> None:
    story = begun()
    assert ("approval_missing", "plan") in blockers(story)
    story.did(GENERAL_MANAGER, approve("boss"))
    assert ("approval_missing", "plan") in blockers(story)
    story.did(DEPT_HEAD, approve("clerk"))
    assert ("approval_missing", "plan") not in blockers(story)


def test_an_approval_is_of_the_facts_as_they_stood() -> None:
    story = ready()
    story.did(MARKETER, record("又谈了一次"))
    assert ("approval_missing", "plan") in blockers(story)


def test_a_no_needs_a_comment_and_keeps_the_gate_closed() -> None:
    story = begun()
    story.when(approve("boss", approved=False)).refused("comment_required", "/comment")
    story.did(DEPT_HEAD, approve("clerk"))
    story.did(GENERAL_MANAGER, approve("boss", approved=False, comment="预算不足"))
    assert ("approval_missing", "plan") in blockers(story)


def test_a_condition_is_marked_by_the_role_that_it_names() -> None:
    story = begun()
    story.when(mark("safe", MARKETER)).refused("role_not_allowed")
    story.did(DEPT_HEAD, mark("safe", DEPT_HEAD))
    assert ("condition_not_met", "safe") not in blockers(story)


def test_an_approval_is_not_marked_by_hand() -> None:
    begun().when(mark("plan")).refused("condition_is_computed")


def test_a_manual_condition_is_not_approved() -> None:
    begun().when(approve("boss", key="c1")).refused("condition_is_computed")


def test_who_does_not_hold_the_role_does_not_approve() -> None:
    command = approvals.ApproveCondition(role="boss", approved=True)
    begun().when(
        lambda project: approvals.approve_condition(project, RICH, "plan", command, SALES_MANAGER)
    ).refused("not_role_holder")


def test_in_a_sequence_who_judged_before_an_earlier_one_did_anew_judges_again() -> None:
    story = ready()
    story.did(MARKETER, withdraw("seller", MARKETER))
    story.did(MARKETER, judge("seller"))
    assert blockers(story) == {("judgement_stale", "boss")}
    story.did(GENERAL_MANAGER, judge("boss"))
    assert blockers(story) == set()
