"""What expressions of a template read of a project: genjin.templates.expressions.VARIABLES, filled.

Personal values are left out, sealed in the state or not: a gate must not tell what they are.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from genjin.canonical import instant
from genjin.templates.model import FormSpec, Template
from genjin_api.acting import Moment
from genjin_api.forms.state import FormRecord, copies
from genjin_api.forms.withholding import public_values
from genjin_api.goals.projection import is_reached, where_it_stands
from genjin_api.goals.state import Goal
from genjin_api.milestones.state import Milestone, of_key
from genjin_api.projects.basis import events_at
from genjin_api.projects.state import Project
from genjin_api.stakeholders.state import Stakeholder, active


class Values:
    """The values of one project at one moment, made when they are first asked for."""

    def __init__(self, project: Project, template: Template, moment: Moment) -> None:
        self._project = project
        self._template = template
        self._moment = moment
        self.today = moment.today

    @cached_property
    def all(self) -> Mapping[str, Any]:
        project = self._project
        return {
            "today": self.today.isoformat(),
            "project": self._of_project(),
            "header": dict(project.header),
            "roles": {role: len(holders) for role, holders in project.role_holders.items()},
            "holders": {
                role: [{"id": str(one.person_id), "name": one.person_name} for one in holders]
                for role, holders in project.role_holders.items()
            },
            "forms": {
                form: [_copy(record, spec) for record in copies(project.forms, form)]
                for form, spec in self._template.forms.items()
            },
            "metrics": dict(self._metrics()),
            "milestones": dict(self._milestones()),
            "tolerances": {one.key: one.limit for one in self._template.tolerances},
            "risks": [_risk(risk) for risk in project.risks.values()],
            "changes": [_change(change) for change in project.change_requests.values()],
            "findings": [
                {"severity": one.severity, "status": one.status}
                for one in project.findings.values()
            ],
            "health": {
                "level": project.health.level if project.health else None,
                "role": project.health.role if project.health else None,
            },
            "goals": [_goal(project, goal) for goal in project.goals.values()],
            "stakeholders": [_stakeholder(one) for one in active(project.stakeholders)],
        }

    def _of_project(self) -> dict[str, Any]:
        project, visit = self._project, self._project.course.current
        return {
            "code": project.code,
            "status": project.status,
            "age_days": self._days_since(project.created_at),
            "days_in_stage": self._days_since(visit.entered_at),
            "visit": visit.number,
        }

    def _days_since(self, instant: datetime) -> int:
        return (self.today - self._moment.day_of(instant)).days

    def _metrics(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for spec in self._template.metrics:
            metric = self._project.metrics.get(spec.key)
            if metric is not None and metric.newest is not None:
                yield (
                    spec.key,
                    {
                        "value": metric.newest.value,
                        "target": metric.target_by(spec),
                        "recorded_on": metric.newest.on.isoformat(),
                    },
                )

    def _milestones(self) -> Iterator[tuple[str, dict[str, str | None]]]:
        """The template's by their keys, set or not; the project's own by their ids, but for dropped ones."""
        milestones = self._project.milestones
        for spec in self._template.milestones:
            yield spec.key, _milestone(of_key(milestones, spec.key))
        for identifier, milestone in milestones.items():
            if milestone.key is None and milestone.status != "dropped":
                yield identifier, _milestone(milestone)

    def events_of(self, expression: str) -> tuple[UUID, ...]:
        """The events that made what it is whatever an expression reads of the project."""
        project = self._project
        read = _read("forms", expression)
        found = [
            event
            for record in project.forms.values()
            if read is None or record.form in read
            for event in record.rests_on()
        ]
        read = _read("metrics", expression)
        for key, metric in project.metrics.items():
            found += metric.rests_on() if read is None or key in read else ()
        for variable, register in (("header", "header"), ("roles", "roles"), ("holders", "roles")):
            found += events_at(project.basis, register, _read(variable, expression))
        found += events_at(project.basis, "milestones", self._milestones_in(expression))
        for variable in ("findings", "stakeholders", "risks", "changes"):
            if re.search(rf"\b{variable}\b", expression):
                found += events_at(project.basis, variable, None)
        return (*found, *self._events_of_engagement(expression))

    def _milestones_in(self, expression: str) -> list[str]:
        """By their ids."""
        read = _read("milestones", expression)
        return [
            identifier
            for identifier, milestone in self._project.milestones.items()
            if read is None or {identifier, milestone.key} & read
        ]

    def _events_of_engagement(self, expression: str) -> Iterator[UUID]:
        """A goal that a metric measures rests on the metric's newest value as well."""
        project = self._project
        if project.health and re.search(r"\bhealth\b", expression):
            yield project.health.event_id
        if re.search(r"\bgoals\b", expression):
            for goal in project.goals.values():
                yield from goal.rests_on()
                metric = project.metrics.get(goal.metric or "")
                yield from metric.rests_on() if metric else ()


def milestone_value(milestone: Milestone | None) -> dict[str, str | None]:
    """Without days where it is not set."""
    if milestone is None:
        return {"due_on": None, "reached_on": None}
    reached_on = milestone.reached_on
    return {
        "due_on": milestone.due_on.isoformat(),
        "reached_on": reached_on.isoformat() if reached_on else None,
    }


def _milestone(milestone: Milestone | None) -> dict[str, str | None]:
    first = milestone.first_due_on.isoformat() if milestone else None
    return {**milestone_value(milestone), "first_due_on": first}


def _read(variable: str, expression: str) -> set[str | None] | None:
    """The members of a variable that an expression reads, as forms.note or forms["note"]; None: any of them, for it
    asks something of them all.
    """
    member = r"""(?:\.(\w+)\b(?!\s*\()|\[\s*["']([\w-]+)["']\s*\])?"""
    found = re.findall(rf"(?<![\w.]){variable}\b{member}", expression)
    return {dotted or indexed for dotted, indexed in found} if all(map(any, found)) else None


def _copy(record: FormRecord, spec: FormSpec) -> dict[str, Any]:
    return {
        "values": public_values(record, spec),
        "state": record.state,
        "revision": record.revision,
        "signed_by": sorted(record.signatures),
        "author": str(record.author_id),
        "saved_at": instant(record.saved_at),
    }


def _stakeholder(stakeholder: Stakeholder) -> dict[str, Any]:
    """Who stands where; of the attitude whether it is known, never what it is."""
    above = stakeholder.reports_to
    return {
        "id": str(stakeholder.id),
        "roles": list(stakeholder.roles),
        "reports_to": str(above) if above else None,
        "stance_known": stakeholder.values.get("stance") is not None,
        "scores": len(stakeholder.scores),
    }


def _risk(risk: Any) -> dict[str, Any]:
    return {
        "score": risk.score,
        "band": risk.band,
        "category": risk.category,
        "status": risk.status,
        "answered": risk.is_answered,
    }


def _change(change: Any) -> dict[str, Any]:
    impact = change.impact
    return {
        "status": change.status,
        "cost": impact.cost if impact else None,
        "days": impact.days if impact else None,
        "decided_at": instant(change.decided_at) if change.decided_at else None,
    }


def _goal(project: Project, goal: Goal) -> dict[str, Any]:
    value, _ = where_it_stands(project, goal)
    return {
        "status": goal.status,
        "metric": goal.metric,
        "target": goal.target,
        "value": value,
        "is_reached": is_reached(goal, value),
        "due_on": goal.due_on.isoformat() if goal.due_on else None,
    }
