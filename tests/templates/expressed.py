"""What the expressions of a template say of made values: the pure half of a gate's computed conditions."""

from collections.abc import Mapping
from typing import Any

from genjin.templates.conditions import FieldCondition, MetricCondition
from genjin.templates.expressions import holds
from genjin.templates.model import Template

Copies = Mapping[str, list[dict[str, Any]]]


def copy_of_form(
    values: Mapping[str, Any],
    *,
    signed_by: tuple[str, ...] = (),
    state: str = "complete",
    author: str = "p1",
    saved_at: str = "2026-11-20T01:00:00.000000Z",
) -> dict[str, Any]:
    told = {"values": dict(values), "state": state, "revision": 1, "signed_by": list(signed_by)}
    return {**told, "author": author, "saved_at": saved_at}


def is_met(
    template: Template, stage: str, condition: str, *, forms: Copies | None = None, **values: Any
) -> bool:
    """Whether a field or metric condition holds in a project with these values and nothing else. For a metric: value
    and target.
    """
    asked = template.condition(stage, condition)
    assert isinstance(asked, FieldCondition | MetricCondition)
    return says(template, asked.expr, forms=forms, **values)


def leads_to(template: Template, stage: str, **values: Any) -> set[str]:
    """The stages that the exits of one are open to."""
    ways = template.stage(stage).exits
    return {way.to for way in ways if way.when is None or says(template, way.when, **values)}


def says(
    template: Template, expression: str, *, forms: Copies | None = None, **values: Any
) -> bool:
    whole = {
        "today": "2026-11-22",
        "project": {
            "code": "XM-1",
            "status": "open",
            "age_days": 0,
            "days_in_stage": 0,
            "visit": 1,
        },
        "header": {},
        "roles": {},
        "holders": {},
        "forms": {form: [] for form in template.forms} | dict(forms or {}),
        "metrics": {},
        "milestones": {},
        "tolerances": {one.key: one.limit for one in template.tolerances},
        "risks": [],
        "changes": [],
        "findings": [],
        "stakeholders": [],
        **values,
    }
    met, _ = holds(expression, whole, of_a_metric="value" in values)
    return met
