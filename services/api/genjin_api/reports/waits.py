"""Whom a gate waits for: what the template asks of people in a stage, less what they have given. Pure.

Only what somebody has not said yet is waited for: who said hold, or no, has spoken, and the next step is another's.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

import orjson

from genjin.templates.conditions import ApprovalCondition, FormCondition
from genjin.templates.judging import JudgementRule
from genjin.templates.model import FormSpec, Stage, Template
from genjin_api.stages.gate.judgements import of_judgements
from genjin_api.stages.state import Judgement, Visit

Kind = Literal["judgement", "approval", "form", "signature"]
KINDS: tuple[Kind, ...] = ("judgement", "approval", "form", "signature")
_NOBODY, _WHENEVER = UUID(int=0), datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Wait:
    """subject is the stage that is judged, the condition, or the form. one_of: what one of several roles gives is
    enough, and each of them is waited for.
    """

    kind: Kind
    subject: str
    role: str
    one_of: bool = False


class _Copy(NamedTuple):
    """Of a form, as standing.py writes it."""

    form: str
    number: int
    revision: int
    complete: bool
    of_visit: bool
    signed_by: list[str]


def waits_for_judges(template: Template, stage: Stage, judged: str) -> list[Wait]:
    """judged is what standing.py writes."""
    rule = template.judgement_of(stage.key)
    return list(dict.fromkeys(_judgements(rule, stage.key, orjson.loads(judged))))


def waits_for_others(template: Template, stage: Stage, given: str) -> list[Wait]:
    """given is what standing.py writes, whole or asked_of()."""
    words: Mapping[str, Any] = orjson.loads(given)
    copies = [_Copy(*copy) for copy in words["forms"]]
    found = [*_approvals(stage, words["approved"], copies), *_forms(template, stage, copies)]
    return list(dict.fromkeys(found))


def asked_of(given: str, forms: Collection[str]) -> str:
    """given with these forms alone."""
    words: Mapping[str, Any] = orjson.loads(given)
    asked = [copy for copy in words["forms"] if copy[0] in forms]
    return orjson.dumps({"approved": words["approved"], "forms": asked}).decode()


def forms_of_gate(stage: Stage) -> list[str]:
    """Those that decide what the gate of the stage waits for."""
    conditions = stage.conditions()
    named = [one.form for one in conditions if isinstance(one, ApprovalCondition | FormCondition)]
    return list(dict.fromkeys([*stage.forms, *(form for form in named if form)]))


def _judgements(rule: JudgementRule, stage: str, judged: list[list[str]]) -> Iterator[Wait]:
    """The gate's own rule on a visit in which nothing but the fresh judgements were given."""
    given = {role: _judgement(verdict) for role, verdict in judged}
    checks = list(of_judgements(rule, Visit(stage, 1, 1, _WHENEVER, judgements=given)))
    blocking = [check for check in checks if not check.passed]
    if rule.mode in ("any", "quorum"):
        silent = [role for role in rule.roles if role not in given]
        yield from (Wait("judgement", stage, role, one_of=True) for role in silent if blocking)
        return
    if rule.mode == "sequence":
        blocking = blocking[:1]
    for check in blocking:
        if check.code != "judgement_negative":
            yield Wait("judgement", stage, check.subject)


def _judgement(verdict: str) -> Judgement:
    return Judgement(verdict, "", 0, _NOBODY, "", _WHENEVER, _NOBODY)


def _approvals(stage: Stage, approved: list[list[Any]], copies: list[_Copy]) -> Iterator[Wait]:
    for condition in stage.conditions():
        if not isinstance(condition, ApprovalCondition):
            continue
        on = _revisions(condition, copies)
        if condition.form and not on:
            continue  # there is nothing to approve yet: the form is waited for
        said = {
            role: yes for key, role, yes, about in approved if (key, about) == (condition.key, on)
        }
        one_of = condition.mode == "any"
        if not (one_of and any(said.values())):
            for role in condition.by:
                if role not in said:
                    yield Wait("approval", condition.key, role, one_of)


def _revisions(condition: ApprovalCondition, copies: list[_Copy]) -> dict[str, int] | None:
    """Of the form that is to be approved; None: the facts of the stage are."""
    if condition.form is None:
        return None
    return {
        str(copy.number): copy.revision
        for copy in copies
        if copy.form == condition.form and copy.complete
    }


def _forms(template: Template, stage: Stage, copies: list[_Copy]) -> Iterator[Wait]:
    """Whoever fills a form in is waited for; where it names nobody, whoever records the stage's actual situation."""
    for form in _asked_forms(template, stage, copies):
        counted = _counted(form, template.forms[form], copies)
        if not counted or not all(copy.complete for copy in counted):
            fillers = template.forms[form].by or stage.actual_by
            yield from (Wait("form", form, role, len(fillers) > 1) for role in fillers)
            continue
        for role in template.forms[form].signed_by:
            if not all(role in copy.signed_by for copy in counted):
                yield Wait("signature", form, role)


def _counted(form: str, spec: FormSpec, copies: list[_Copy]) -> list[_Copy]:
    return [copy for copy in copies if copy.form == form and (copy.of_visit or not spec.each_visit)]


def _asked_forms(template: Template, stage: Stage, copies: list[_Copy]) -> Iterator[str]:
    """Those required, and those that a condition which is not met asks for."""
    required = [form for form in stage.forms if template.forms[form].required]
    yield from required
    for condition in stage.conditions():
        if isinstance(condition, FormCondition) and condition.form not in required:
            spec = template.forms[condition.form]
            counted = _counted(condition.form, spec, copies)
            if not any(
                copy.complete and set(spec.signed_by) <= set(copy.signed_by) for copy in counted
            ):
                yield condition.form
