"""What the record itself says of a project's health, whatever people say. Pure.

red: a risk has occurred and is not closed, or the customer is silent. amber: something is late or without an answer.
green: nothing of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from genjin.clock.crossings import silent
from genjin.clock.events import CustomerSilent
from genjin.clock.keeping import keeping
from genjin.clock.life import Life
from genjin.clock.periods import Span
from genjin.templates.model import Template
from genjin.working_days import WorkingDays
from genjin_api.projects.state import Project

Level = Literal["green", "amber", "red"]
Code = Literal[
    "risk_occurred",
    "customer_silent",
    "risk_unanswered",
    "risk_awaits_assessment",
    "follow_up_overdue",
    "cadence_missed",
    "goal_overdue",
]
_RED: frozenset[Code] = frozenset({"risk_occurred", "customer_silent"})


@dataclass(frozen=True, slots=True)
class Signal:
    """subject is the id of what it is about, or its key in the template; since the day that made it so, if one did."""

    code: Code
    subject: str
    since: date | None = None

    @property
    def is_red(self) -> bool:
        return self.code in _RED


def level_of(signals: Sequence[Signal]) -> Level:
    if any(signal.is_red for signal in signals):
        return "red"
    return "amber" if signals else "green"


def signals_of(
    project: Project, template: Template, life: Life, today: date, working_days: WorkingDays
) -> Iterator[Signal]:
    """Nothing of a project that is closed."""
    if project.status == "closed":
        return
    yield from _of_risks(project, template)
    if template.silence is not None:
        for crossing in silent(life, template.silence, today):
            assert isinstance(crossing.fact, CustomerSilent)
            yield Signal("customer_silent", "customer", crossing.fact.since)
    for follow_up in project.course.follow_ups.values():
        if follow_up.status == "open" and follow_up.due_on < today:
            yield Signal("follow_up_overdue", str(follow_up.id), follow_up.due_on)
    for goal in project.goals.values():
        if goal.status == "open" and goal.due_on is not None and goal.due_on < today:
            yield Signal("goal_overdue", str(goal.id), goal.due_on)
    yield from _of_cadences(template, life, today, working_days)


def _of_cadences(
    template: Template, life: Life, today: date, working_days: WorkingDays
) -> Iterator[Signal]:
    """Nothing of a cadence that does not apply today: its stage was left, or the project is suspended."""
    for cadence in template.cadences:
        spans = life.within(cadence.stages)
        if not any(span.covers(Span(today, today)) for span in spans):
            continue
        newest = keeping(life, cadence, today, working_days).newest
        over = [turn for turn in newest if turn.due_on < today]
        if over and over[-1].kept is False:
            yield Signal("cadence_missed", cadence.key, over[-1].due_on)


def _of_risks(project: Project, template: Template) -> Iterator[Signal]:
    for risk in project.risks.values():
        if risk.status == "closed":
            continue
        if risk.status == "occurred":
            yield Signal("risk_occurred", str(risk.id))
        if risk.awaits_assessment:
            yield Signal("risk_awaits_assessment", str(risk.id))
        elif (risk.score or 0) >= template.risk.limit and not risk.is_answered:
            yield Signal("risk_unanswered", str(risk.id))
