"""The gate between a stage and the next: a pure function of project, template and day.

Every writer meets the same gate. Each check names what it looked at, what it found and the events that it rests on, so
that the receipt of a passed gate shows years later why it was passed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from genjin.templates.model import Condition, JudgementRule, Stage, Template
from genjin_api.forms.state import FormRecord, copies
from genjin_api.projects.state import Project
from genjin_api.stages.state import Visit

CheckCode = Literal[
    "actual_missing",
    "condition_not_met",
    "form_missing",
    "form_incomplete",
    "form_unsigned",
    "judgement_missing",
    "judgement_negative",
    "judgement_stale",
    "follow_up_overdue",
    "risk_unanswered",
    "change_undecided",
]


@dataclass(frozen=True, slots=True)
class Check:
    """code is the blocker that this check is when it does not pass; subject says of what (a condition, a role …)."""

    code: CheckCode
    subject: str
    passed: bool
    value: Any
    events: tuple[UUID, ...] = ()

    def document(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "subject": self.subject,
            "passed": self.passed,
            "value": self.value,
            "events": [str(event) for event in self.events],
        }


@dataclass(frozen=True, slots=True)
class Gate:
    stage: str
    visit: int
    checks: tuple[Check, ...]

    @property
    def is_open(self) -> bool:
        return all(check.passed for check in self.checks)

    def blockers(self) -> list[dict[str, Any]]:
        return [
            {"code": check.code, "subject": check.subject, "value": check.value}
            for check in self.checks
            if not check.passed
        ]

    def receipt(self, template: Template, today: date) -> dict[str, Any]:
        """What is kept for ever of a passed gate."""
        return {
            "stage": self.stage,
            "visit": self.visit,
            "template": {"key": template.key, "version": template.version},
            "on": today.isoformat(),
            "checks": [check.document() for check in self.checks],
        }


def gate(project: Project, template: Template, today: date) -> Gate:
    visit = project.course.current
    stage = template.stage(visit.stage)
    checks = (
        *_actual(visit),
        *_conditions(project, template, stage, visit),
        *_forms(project, template, stage),
        *_judgements(template.judgement_of(stage.key), visit),
        *_follow_ups(project, stage, today),
        *_risks(project, template),
        *_changes(project, stage, today),
    )
    return Gate(stage.key, visit.number, checks)


def _actual(visit: Visit) -> Iterator[Check]:
    events = (visit.actual.event_id,) if visit.actual else ()
    yield Check(
        "actual_missing", visit.stage, visit.actual is not None, visit.facts_version, events
    )


def _conditions(
    project: Project, template: Template, stage: Stage, visit: Visit
) -> Iterator[Check]:
    for condition in stage.conditions():
        if condition.kind == "form":
            yield _form_condition(project, template, condition)
        else:
            mark = visit.conditions.get(condition.key)
            events = (mark.event_id,) if mark else ()
            yield Check(
                "condition_not_met",
                condition.key,
                bool(mark and mark.met),
                bool(mark and mark.met),
                events,
            )


def _form_condition(project: Project, template: Template, condition: Condition) -> Check:
    assert condition.form is not None
    records = copies(project.forms, condition.form)
    signed_by = template.forms[condition.form].signed_by
    met = any(record.state == "complete" and record.is_signed(signed_by) for record in records)
    return Check("condition_not_met", condition.key, met, met, _events(records))


def _forms(project: Project, template: Template, stage: Stage) -> Iterator[Check]:
    for form in stage.forms:
        spec = template.forms[form]
        if spec.required:
            yield _form(form, copies(project.forms, form), spec.signed_by)


def _form(form: str, records: list[FormRecord], signed_by: tuple[str, ...]) -> Check:
    """Every copy of a repeatable form counts: a half-filled second visit report is unfinished work."""
    events = _events(records)
    if not records:
        return Check("form_missing", form, False, "missing")
    if any(record.state != "complete" for record in records):
        return Check("form_incomplete", form, False, "draft", events)
    if not all(record.is_signed(signed_by) for record in records):
        missing = [
            role for role in signed_by if not all(role in record.signatures for record in records)
        ]
        return Check("form_unsigned", form, False, missing, events)
    return Check("form_missing", form, True, "signed" if signed_by else "complete", events)


def _events(records: list[FormRecord]) -> tuple[UUID, ...]:
    return tuple(event for record in records for event in record.rests_on())


def _judgements(rule: JudgementRule, visit: Visit) -> Iterator[Check]:
    for role in rule.roles:
        judgement = visit.judgements.get(role)
        if judgement is None:
            yield Check("judgement_missing", role, False, None)
        elif visit.is_stale(judgement):
            versions = {"judged": judgement.facts_version, "now": visit.facts_version}
            yield Check("judgement_stale", role, False, versions, (judgement.event_id,))
        else:
            passed = judgement.verdict == rule.ADVANCE
            yield Check(
                "judgement_negative", role, passed, judgement.verdict, (judgement.event_id,)
            )


def _follow_ups(project: Project, stage: Stage, today: date) -> Iterator[Check]:
    for follow_up in project.course.follow_ups.values():
        if follow_up.stage == stage.key:
            overdue = follow_up.status == "open" and follow_up.due_on < today
            value = {"status": follow_up.status, "due_on": follow_up.due_on.isoformat()}
            yield Check(
                "follow_up_overdue", str(follow_up.id), not overdue, value, (follow_up.event_id,)
            )


def _risks(project: Project, template: Template) -> Iterator[Check]:
    for risk in project.risks.values():
        if risk.status != "closed" and risk.score is not None and risk.score >= template.risk.limit:
            events = tuple(event for event in (risk.assessed_by, risk.answered_by) if event)
            yield Check("risk_unanswered", str(risk.id), risk.is_answered, risk.score, events)


def _changes(project: Project, stage: Stage, today: date) -> Iterator[Check]:
    for change in project.change_requests.values():
        if stage.key in change.stages:
            events = (change.decided_by,) if change.decided_by else ()
            yield Check(
                "change_undecided",
                str(change.id),
                not change.is_undecided(today),
                change.status,
                events,
            )
