"""A small template that keeps every register. Its roles and its stages are among those of pursuit.8, so that the
projects of specification.py can be told by it.
"""

from typing import Any

from genjin.templates.model import Template
from tests.templates.test_model import WHOLE, stage, text, titled

_MILESTONES = titled("delivery", "handover")
_METRICS = [
    {
        "key": "satisfaction",
        "title": text("satisfaction"),
        "target": 80.0,
        "recorded_by": ["marketer", "sales_manager"],
    },
    {"key": "overrun", "title": text("overrun"), "recorded_by": ["marketer"]},
]
_FINDINGS = {
    "severities": titled("minor", "major"),
    "raised_by": ["dept_head"],
    "corrected_by": ["marketer", "sales_manager"],
    "closed_by": ["dept_head", "sales_manager"],
}


def small_body(*conditions: dict[str, Any], **more: Any) -> dict[str, Any]:
    """conditions are those of its first stage, each without its text. Neither key nor version: as it is drafted."""
    first = stage("initiation", "contact", actual_by=["marketer"])
    first["parts"][0]["conditions"] = [{"text": text("met"), **one} for one in conditions]
    whole = {name: WHOLE[name] for name in ("kind", "title", "header", "risk", "outcomes")}
    return {
        **whole,
        "roles": titled("marketer", "dept_head", "sales_manager", "general_manager"),
        "judgement": {"roles": ["marketer"], "verdicts": titled("advance")},
        "stages": [first, stage("contact", actual_by=["marketer"])],
        "milestones": _MILESTONES,
        "metrics": _METRICS,
        "findings": _FINDINGS,
        **more,
    }


def small_template(*conditions: dict[str, Any], **more: Any) -> Template:
    return Template.model_validate(
        {"key": "small.2", "version": 1, **small_body(*conditions, **more)}
    )


SMALL = small_template()
