"""Mistakes of a stage's conditions: each names what the template defines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from genjin.templates.conditions import (
    ApprovalCondition,
    Condition,
    DocumentCondition,
    FindingCondition,
    FormCondition,
    ManualCondition,
    MetricCondition,
    MilestoneCondition,
    RiskCondition,
)
from genjin.templates.mistakes.mistake import Mistake, Path, unknown

if TYPE_CHECKING:
    from genjin.templates.model import Stage, Template
    from genjin.templates.registers import DocumentKind, Metric, MilestoneSpec
    from genjin.templates.words import Choice

Reference = tuple[str, str, Iterable[str], Iterable[str]]


def of(place: Path, template: Template, stage: Stage, roles: set[str]) -> Iterator[Mistake]:
    for part_index, part in enumerate(stage.parts):
        for index, condition in enumerate(part.conditions):
            at = (*place, "parts", part_index, "conditions", index)
            yield from _condition(at, template, stage, condition, roles)


def _condition(
    at: Path, template: Template, stage: Stage, condition: Condition, roles: set[str]
) -> Iterator[Mistake]:
    match condition:
        case ManualCondition() | ApprovalCondition():
            yield from unknown((*at, "by"), "role", condition.by, roles)
        case FormCondition() if condition.form not in stage.forms:
            yield Mistake((*at, "form"), f"form '{condition.form}' is not attached to the stage")
        case RiskCondition() if not condition.assessed and condition.max_score is None:
            yield Mistake(at, "asks for nothing: set assessed or max_score")
        case FindingCondition() if template.findings is None:
            yield Mistake(at, "the template has no findings")
        case _:
            pass
    for field, noun, names, known in _references(template, condition):
        yield from unknown((*at, field), noun, names, known)


def _references(template: Template, condition: Condition) -> Iterator[Reference]:
    """What a condition names: its field, the noun, the names, those that the template has."""
    match condition:
        case ApprovalCondition(form=str(form)):
            yield "form", "form", [form], template.forms
        case MilestoneCondition(milestone=str(milestone)):
            yield "milestone", "milestone", [milestone], _keys(template.milestones)
        case RiskCondition():
            known = _keys(template.risk.categories)
            yield "categories", "risk category", condition.categories, known
        case FindingCondition() if template.findings:
            known = _keys(template.findings.severities)
            yield "severities", "severity", condition.severities, known
        case MetricCondition():
            yield "metric", "metric", [condition.metric], _keys(template.metrics)
        case DocumentCondition():
            yield "document", "document", [condition.document], _keys(template.documents)
        case _:
            pass


def _keys(items: Iterable[Choice | Metric | MilestoneSpec | DocumentKind]) -> list[str]:
    return [item.key for item in items]
