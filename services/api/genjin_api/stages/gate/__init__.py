"""The gate between a stage and the next: a pure function of project, template and moment.

Every writer meets the same gate. Each check names what it looked at, what it found and the events that it rests on, so
that the receipt of a passed gate shows years later why it was passed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from genjin.templates.model import Stage, Template
from genjin_api.acting import Moment
from genjin_api.projects.basis import ANSWERED, ANSWERED_SCORE, ENTRY, SCORE, STATUS, events_at
from genjin_api.projects.state import Project
from genjin_api.stages.gate.check import Check
from genjin_api.stages.gate.conditions import of_conditions, said_of_changes
from genjin_api.stages.gate.forms import of_forms
from genjin_api.stages.gate.judgements import of_judgements
from genjin_api.stages.gate.values import Values
from genjin_api.stages.state import Visit

__all__ = ["Check", "Gate", "gate"]

_OF_A_RISK = (ENTRY, SCORE, ANSWERED, ANSWERED_SCORE, STATUS)


@dataclass(frozen=True, slots=True)
class Gate:
    stage: str
    visit: int
    checks: tuple[Check, ...]

    @property
    def is_open(self) -> bool:
        return all(check.passed for check in self.checks)

    def blocking(self) -> list[Check]:
        return [check for check in self.checks if not check.passed]

    def blockers(self) -> list[dict[str, Any]]:
        return [check.blocker() for check in self.blocking()]

    def receipt(self, template: Template, today: date) -> dict[str, Any]:
        """What is kept for ever of a passed gate."""
        return {
            "stage": self.stage,
            "visit": self.visit,
            "template": {"key": template.key, "version": template.version},
            "on": today.isoformat(),
            "checks": [check.document() for check in self.checks],
        }


def gate(project: Project, template: Template, moment: Moment) -> Gate:
    visit = project.course.current
    stage = template.stage(visit.stage)
    today = moment.today
    values = Values(project, template, moment)
    checks = (
        _actual(visit),
        *of_conditions(project, template, stage, values),
        *of_forms(project, template, stage),
        *of_judgements(template.judgement_of(stage.key), visit),
        *_follow_ups(project, stage, today),
        *_risks(project, template),
        *_changes(project, stage, today),
    )
    return Gate(stage.key, visit.number, checks)


def _actual(visit: Visit) -> Check:
    events = (visit.actual.event_id,) if visit.actual else ()
    return Check(
        "actual_missing", visit.stage, visit.actual is not None, visit.facts_version, events
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
    """Of each that was assessed, or is to be again: then it counts as unanswered, whatever its score was. A small or
    closed one is in nobody's way by somebody's word, which is kept too.
    """
    for key, risk in project.risks.items():
        if risk.score is not None or risk.awaits_assessment:
            score = None if risk.awaits_assessment else risk.score
            small = score is not None and score < template.risk.limit
            passed = small or risk.status == "closed" or risk.is_answered
            events = events_at(project.basis, "risks", [key], _OF_A_RISK)
            yield Check("risk_unanswered", key, passed, risk.score, tuple(events))


def _changes(project: Project, stage: Stage, today: date) -> Iterator[Check]:
    for key, change in project.change_requests.items():
        if stage.key in change.stages:
            decided = not change.is_undecided(today)
            events = said_of_changes(project, [key])
            yield Check("change_undecided", key, decided, change.status, events)
