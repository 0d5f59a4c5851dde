"""What a gate finds of a stage's conditions, kind by kind."""

from collections.abc import Iterable, Iterator
from typing import assert_never
from uuid import UUID

from genjin.templates.conditions import (
    ApprovalCondition,
    ChangeCondition,
    Condition,
    DocumentCondition,
    FieldCondition,
    FindingCondition,
    FormCondition,
    ManualCondition,
    MetricCondition,
    MilestoneCondition,
    RiskCondition,
)
from genjin.templates.expressions import holds
from genjin.templates.model import Stage, Template
from genjin_api.projects.basis import DECISION, ENTRY, SCORE, STATUS, SUBMITTED, events_at
from genjin_api.projects.state import Project
from genjin_api.stages.gate.approvals import of_approval
from genjin_api.stages.gate.check import Check, oldest_first
from genjin_api.stages.gate.forms import counted, rests_on
from genjin_api.stages.gate.registers import of_register
from genjin_api.stages.gate.values import Values


def of_conditions(
    project: Project, template: Template, stage: Stage, values: Values
) -> Iterator[Check]:
    for condition in stage.conditions():
        yield _condition(project, template, condition, values)


def _condition(project: Project, template: Template, condition: Condition, values: Values) -> Check:
    match condition:
        case ManualCondition():
            return _manual(project, condition)
        case FormCondition():
            return _form(project, template, condition)
        case FieldCondition():
            return _field(condition, values)
        case ApprovalCondition():
            return of_approval(project, condition)
        case RiskCondition():
            return _risk(project, condition)
        case ChangeCondition():
            return _change(project, condition, values)
        case MilestoneCondition() | MetricCondition() | FindingCondition():
            return of_register(project, template, condition, values)
        case DocumentCondition():
            return _document(project, condition)
        case _:
            assert_never(condition)


def _manual(project: Project, condition: ManualCondition) -> Check:
    mark = project.course.current.conditions.get(condition.key)
    met = bool(mark and mark.met)
    return Check("condition_not_met", condition.key, met, met, (mark.event_id,) if mark else ())


def _form(project: Project, template: Template, condition: FormCondition) -> Check:
    spec = template.forms[condition.form]
    records = counted(project, condition.form, spec)
    met = any(record.state == "complete" and record.is_signed(spec.signed_by) for record in records)
    return Check("condition_not_met", condition.key, met, met, rests_on(records))


def _field(condition: FieldCondition, values: Values) -> Check:
    met, reason = holds(condition.expr, values.all)
    value = reason or met
    return Check("condition_not_met", condition.key, met, value, values.events_of(condition.expr))


def _risk(project: Project, condition: RiskCondition) -> Check:
    """It reads the category of every risk. One of those that it asks for that was assessed since the stage was entered
    and closed then was looked at in it.
    """
    asked = {
        key: risk
        for key, risk in project.risks.items()
        if not condition.categories or risk.category in condition.categories
    }
    risks = [risk for risk in asked.values() if risk.status != "closed"]
    unassessed = [str(risk.id) for risk in risks if risk.score is None or risk.awaits_assessment]
    highest = max((risk.score for risk in risks if risk.score is not None), default=None)
    passed = True
    if condition.assessed:
        ordinal = project.course.current.ordinal
        fresh = any(
            risk.assessed_in is not None and risk.assessed_in >= ordinal for risk in asked.values()
        )
        passed = fresh and not unassessed
    if condition.max_score is not None and highest is not None:
        passed = passed and highest <= condition.max_score
    value = {"open": len(risks), "unassessed": unassessed, "highest": highest}
    events = oldest_first(
        events_at(project.basis, "risks", None, (ENTRY,)),
        events_at(project.basis, "risks", asked, (SCORE, STATUS)),
    )
    return Check("condition_not_met", condition.key, passed, value, events)


def _change(project: Project, condition: ChangeCondition, values: Values) -> Check:
    ahead = ("approved", "deferred") if condition.settled else ("approved",)
    waiting = {
        str(change.id): change.status
        for change in project.change_requests.values()
        if change.is_undecided(values.today) or change.status in ahead
    }
    return Check(
        "change_undecided", condition.key, not waiting, waiting, said_of_changes(project, None)
    )


def said_of_changes(project: Project, keys: Iterable[str] | None) -> tuple[UUID, ...]:
    """What gates read of some changes, None: of all: each word that brought them to their status, not the impact."""
    places = (ENTRY, SUBMITTED, DECISION, STATUS)
    return tuple(events_at(project.basis, "changes", keys, places))


def _document(project: Project, condition: DocumentCondition) -> Check:
    since = project.course.current.ordinal if condition.each_visit else 0
    of_kind = {
        key: one for key, one in project.documents.items() if one.document == condition.document
    }
    found = [
        one for one in of_kind.values() if one.status == "attached" and one.attached_in >= since
    ]
    value = {"document": condition.document, "attached": len(found)}
    events = tuple(events_at(project.basis, "documents", of_kind))
    return Check("document_missing", condition.key, bool(found), value, events)
