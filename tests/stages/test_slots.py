"""Nobody fills two slots of one gate, whatever it asks of them: a judgement, an approval, a signature, an override."""

from typing import Any

import pytest

from genjin.projects.events import RoleReleased
from genjin.templates.model import Template
from genjin_api.acting import Caller, Decided
from genjin_api.forms import decider as forms
from genjin_api.forms import signing
from genjin_api.stages import approvals, judging, moves
from tests.specification import DEPT_HEAD, GENERAL_MANAGER, MARKETER, MOMENT, OWNER, Story, holds
from tests.stages.rich_telling import REASON, begun
from tests.stages.telling import Decide
from tests.templates.rich import rich_with, stage
from tests.templates.test_model import text, titled

FIRST, SECOND = "seller", "boss"
FORM = {"title": text("form"), "schema": {"type": "object"}, "signed_by": [FIRST, SECOND]}
BOTH = {"kind": "approval", "by": [FIRST, SECOND], "text": text("plan")}
RULE = {"roles": [FIRST, SECOND], "mode": "all", "verdicts": titled("advance", "hold")}
ROLES = titled(FIRST, SECOND, "clerk", "auditor")


def template(**more: Any) -> Template:
    """Two stages, whose gates ask two roles for everything that a role is asked for."""
    asked = {"conditions": [BOTH | {"key": "plan"}, BOTH | {"key": "budget"}]}
    stages = [
        stage("first", {"to": "last"}, **asked, forms=["note", "memo"]),
        stage("last", **asked, forms=["letter", "list"]),
    ]
    named = {name: FORM for name in ("note", "memo", "letter", "list")}
    body = {"judgement": RULE, "roles": ROLES, "stages": stages, "forms": named, "never_both": []}
    return rich_with(**body | more)


FREE = template()
APART = template(exclusive_roles=[[FIRST, SECOND]])
WAYS = ("judge", "approve plan", "approve budget", "sign note", "sign memo")


def speak(way: str, role: str, of: Template, who: Caller = MARKETER) -> Decide:
    """One of the ways in which a gate hears a role."""
    kind, _, subject = way.partition(" ")
    match kind:
        case "judge":
            judgement = judging.Judge(role=role, verdict="advance")
            return lambda project: judging.judge(project, of, judgement, who)
        case "approve":
            word = approvals.ApproveCondition(role=role, approved=True)
            return lambda project: approvals.approve_condition(project, of, subject, word, who)
        case "sign":
            signature = signing.SignForm(role=role, revision=1)
            return lambda project: signing.sign(project, of, subject, signature, who)
        case _:
            waive = [{"code": "actual_missing", "subject": "first"}]
            told = {"override": {"waive": waive, "reason": REASON}}
            advance = moves.AdvanceStage.model_validate(told)
            return lambda project: moves.advance(project, of, advance, who, MOMENT)


def begun_by_one_person(of: Template, *roles: str) -> Story:
    """Every form is complete, and one person holds these roles beside the first."""
    story = begun(of)
    for role in roles:
        story.tell(OWNER, [holds(role, MARKETER)])
    for form in of.forms:
        story.did(DEPT_HEAD, _completed(form, of))
    return story


def _completed(form: str, of: Template) -> Decide:
    saving = forms.SaveForm(values={}, complete=True)
    return lambda project: forms.save(project, of, form, saving, DEPT_HEAD)


@pytest.mark.parametrize("way", WAYS)
def test_nobody_answers_one_question_in_two_roles(way: str) -> None:
    story = begun_by_one_person(FREE, SECOND)
    story.did(MARKETER, speak(way, FIRST, FREE))
    story.when(speak(way, SECOND, FREE)).refused("second_slot_refused")
    story.did(GENERAL_MANAGER, speak(way, SECOND, FREE, GENERAL_MANAGER))


@pytest.mark.parametrize("before", WAYS)
def test_roles_that_are_apart_are_not_spoken_for_by_one_person_at_one_gate(before: str) -> None:
    """Whatever was asked first, and whatever then; where they are not apart, different questions are free."""
    for of in (APART, FREE, template(never_both=[[FIRST, SECOND]])):
        story = begun_by_one_person(of, SECOND)
        story.did(MARKETER, speak(before, FIRST, of))
        for way in [way for way in WAYS if way != before]:
            outcome = story.when(speak(way, SECOND, of))
            if of is FREE:
                assert isinstance(outcome.decision, Decided), outcome.decision
            else:
                outcome.refused("second_slot_refused")


@pytest.mark.parametrize("before", WAYS)
def test_nobody_overrides_in_a_role_apart_from_the_one_that_they_have_spoken_for(
    before: str,
) -> None:
    """In another role that they hold they may."""
    of = template(exclusive_roles=[[FIRST, SECOND]], override_by=[SECOND, "clerk"])
    story = begun_by_one_person(of, SECOND)
    story.did(MARKETER, speak(before, FIRST, of))
    story.when(speak("override", SECOND, of)).refused("second_slot_refused")
    story.tell(OWNER, [holds("clerk", MARKETER)])
    story.when(speak("override", "clerk", of)).refused("field_invalid", "/override/waive")


def test_a_role_that_was_handed_over_was_spoken_for_all_the_same() -> None:
    of = template(never_both=[[FIRST, SECOND]])
    story = begun_by_one_person(of)
    story.did(MARKETER, speak("approve plan", FIRST, of))
    left = RoleReleased(role=FIRST, person_id=MARKETER.person_id, reason="调岗")
    story.tell(OWNER, [left, holds(SECOND, MARKETER)])
    story.when(speak("judge", SECOND, of)).refused("second_slot_refused")
    story.tell(OWNER, [holds(FIRST, DEPT_HEAD)])
    story.did(DEPT_HEAD, speak("approve plan", FIRST, of, DEPT_HEAD))
    story.did(MARKETER, speak("judge", SECOND, of))


def test_signatures_for_a_later_gate_are_held_apart_before_it_is_reached() -> None:
    story = begun_by_one_person(APART, SECOND)
    story.did(MARKETER, speak("sign letter", FIRST, APART))
    story.did(MARKETER, speak("judge", SECOND, APART))
    story.when(speak("sign list", SECOND, APART)).refused("second_slot_refused")


def test_a_judgement_in_a_role_that_the_gate_asks_no_more_fills_no_slot() -> None:
    """As after a migration in which the role has another name."""
    now = template(judgement=RULE | {"roles": ["clerk", SECOND]})
    story = begun(FREE)
    story.did(MARKETER, speak("judge", FIRST, FREE))
    story.tell(OWNER, [holds("clerk", MARKETER)])
    story.did(MARKETER, speak("judge", "clerk", now))
