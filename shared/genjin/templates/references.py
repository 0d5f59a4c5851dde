"""What holds a template together: every name that is used is defined, once, where it may be used.

Each function yields the mistakes that it finds, each beginning with its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from genjin.templates.model import JudgementRule, RiskScale, Stage, Template


def problems(template: Template) -> Iterator[str]:
    roles = {role.key for role in template.roles}
    yield from _twice("header", (field.key for field in template.header))
    yield from _twice("roles", (role.key for role in template.roles))
    yield from _twice("outcomes", (outcome.key for outcome in template.outcomes))
    yield from _twice("stages", (stage.key for stage in template.stages))
    for index, exclusive in enumerate(template.exclusive_roles):
        yield from _unknown(f"exclusive_roles.{index}", "role", exclusive, roles)
    yield from _unknown("change_deciders", "role", template.change_deciders, roles)
    yield from _unknown("override_by", "role", template.override_by, roles)
    for outcome in template.outcomes:
        yield from _twice(f"outcomes.{outcome.key}.reasons", (r.key for r in outcome.reasons))
    yield from _rule_problems("judgement", template.judgement, roles)
    yield from _risk_problems(template.risk)
    for stage in template.stages:
        yield from _stage_problems(template, stage, roles)
    for key, form in template.forms.items():
        yield from _unknown(f"forms.{key}.signed_by", "role", form.signed_by, roles)


def _rule_problems(place: str, rule: JudgementRule, roles: set[str]) -> Iterator[str]:
    verdicts = {verdict.key for verdict in rule.verdicts}
    yield from _unknown(f"{place}.roles", "role", rule.roles, roles)
    yield from _twice(f"{place}.verdicts", (verdict.key for verdict in rule.verdicts))
    yield from _unknown(f"{place}.verdicts", "verdict", (rule.ADVANCE,), verdicts)
    yield from _unknown(f"{place}.comment_on", "verdict", rule.comment_on, verdicts)


def _risk_problems(risk: RiskScale) -> Iterator[str]:
    for name in ("probability", "impact"):
        yield from _twice(f"risk.{name}", (level.value for level in getattr(risk, name)))
    for name in ("bands", "categories", "strategies"):
        yield from _twice(f"risk.{name}", (item.key for item in getattr(risk, name)))
    lowest, highest = risk.span()
    expected = lowest
    for band in risk.bands:
        if band.min != expected or band.max < band.min:
            yield f"risk.bands.{band.key}: must begin at {expected}, has {band.min} to {band.max}"
        expected = band.max + 1
    if expected != highest + 1:
        yield f"risk.bands: end at {expected - 1}, the scale ends at {highest}"
    if not lowest <= risk.limit <= highest:
        yield f"risk.limit: {risk.limit} is outside the scale, {lowest} to {highest}"


def _stage_problems(template: Template, stage: Stage, roles: set[str]) -> Iterator[str]:
    place = f"stages.{stage.key}"
    others = {other.key for other in template.stages} - {stage.key}
    yield from _unknown(f"{place}.actual_by", "role", stage.actual_by, roles)
    yield from _unknown(f"{place}.follow_up_by", "role", stage.follow_up_by, roles)
    yield from _unknown(f"{place}.forms", "form", stage.forms, template.forms.keys())
    yield from _unknown(f"{place}.exits", "other stage", (e.to for e in stage.exits), others)
    yield from _twice(f"{place}.parts", (part.key for part in stage.parts))
    yield from _twice(f"{place}.conditions", (c.key for c in stage.conditions()))
    if stage.judgement:
        yield from _rule_problems(f"{place}.judgement", stage.judgement, roles)
    for condition in stage.conditions():
        at = f"{place}.conditions.{condition.key}"
        if condition.kind == "form" and condition.form not in stage.forms:
            yield f"{at}: form '{condition.form}' is not attached to the stage"
        if condition.kind == "manual" and condition.form is not None:
            yield f"{at}: is manual and names form '{condition.form}'"


def _unknown(place: str, noun: str, names: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    known = set(known)
    for name, count in Counter(names).items():
        if name not in known:
            yield f"{place}: no {noun} '{name}'"
        elif count > 1:
            yield f"{place}: '{name}' stands {count} times"


def _twice(place: str, keys: Iterable[object]) -> Iterator[str]:
    for key, count in Counter(keys).items():
        if count > 1:
            yield f"{place}: '{key}' stands {count} times"
