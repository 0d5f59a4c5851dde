"""Mistakes of what accompanies a project: its risk scale, outcomes, metrics, cadences, limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from genjin.templates.mistakes.mistake import Mistake, twice, unknown

if TYPE_CHECKING:
    from genjin.templates.model import Template
    from genjin.templates.registers import RiskScale


def of(template: Template, roles: set[str]) -> Iterator[Mistake]:
    yield from _risk(template.risk)
    yield from _outcomes(template, roles)
    yield from _findings(template, roles)
    yield from _cadences(template, roles)
    for name in ("metrics", "milestones", "documents", "tolerances", "health"):
        yield from twice((name,), (item.key for item in getattr(template, name)))
    for index, metric in enumerate(template.metrics):
        for name in ("recorded_by", "target_by"):
            place = ("metrics", index, name)
            yield from unknown(place, "role", getattr(metric, name), roles)
    deciders = set(template.change_deciders)
    limited = (authority.role for authority in template.authority)
    yield from unknown(("authority",), "role among change_deciders", limited, deciders)
    if template.silence:
        yield from unknown(("silence", "forms"), "form", template.silence.forms, template.forms)


def _risk(risk: RiskScale) -> Iterator[Mistake]:
    for name in ("probability", "impact"):
        yield from twice(("risk", name), (level.value for level in getattr(risk, name)))
    for name in ("bands", "categories", "strategies"):
        yield from twice(("risk", name), (item.key for item in getattr(risk, name)))
    lowest, highest = risk.span()
    expected = lowest
    for index, band in enumerate(risk.bands):
        if band.min != expected or band.max < band.min:
            rule = f"'{band.key}' must begin at {expected}, has {band.min} to {band.max}"
            yield Mistake(("risk", "bands", index), rule)
        expected = band.max + 1
    if expected != highest + 1:
        yield Mistake(("risk", "bands"), f"end at {expected - 1}, the scale ends at {highest}")
    if not lowest <= risk.limit <= highest:
        rule = f"{risk.limit} is outside the scale, {lowest} to {highest}"
        yield Mistake(("risk", "limit"), rule)


def _outcomes(template: Template, roles: set[str]) -> Iterator[Mistake]:
    stages = [stage.key for stage in template.stages]
    yield from twice(("outcomes",), (outcome.key for outcome in template.outcomes))
    for index, outcome in enumerate(template.outcomes):
        place = ("outcomes", index)
        yield from twice((*place, "reasons"), (reason.key for reason in outcome.reasons))
        yield from unknown((*place, "at"), "stage", outcome.at, stages)
        yield from unknown((*place, "by"), "role", outcome.by, roles)
        if outcome.at and not outcome.final_gate_only:
            yield Mistake((*place, "at"), "belongs to final_gate_only")


def _findings(template: Template, roles: set[str]) -> Iterator[Mistake]:
    findings = template.findings
    if findings is None:
        return
    yield from twice(("findings", "severities"), (one.key for one in findings.severities))
    for name in ("raised_by", "corrected_by", "closed_by"):
        yield from unknown(("findings", name), "role", getattr(findings, name), roles)


def _cadences(template: Template, roles: set[str]) -> Iterator[Mistake]:
    stages = [stage.key for stage in template.stages]
    yield from twice(("cadences",), (cadence.key for cadence in template.cadences))
    for index, cadence in enumerate(template.cadences):
        place = ("cadences", index)
        yield from unknown((*place, "by"), "role", cadence.by, roles)
        yield from unknown((*place, "stages"), "stage", cadence.stages, stages)
        if cadence.form is not None:
            yield from unknown((*place, "form"), "form", [cadence.form], template.forms)
            form = template.forms.get(cadence.form)
            if form and not form.repeatable:
                rule = f"form '{cadence.form}' is due again and again, and not repeatable"
                yield Mistake((*place, "form"), rule)
