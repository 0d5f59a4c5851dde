"""Passing a gate: its receipt, or a refusal that is itself a fact. Advances and wins come through here."""

from datetime import date
from typing import Any

from genjin.stages.events import AdvanceRefused
from genjin.templates.model import Template
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal
from genjin_api.stages.gate import gate


def pass_gate(
    project: Project, template: Template, today: date, *, role: str | None, name: str = "gate"
) -> dict[str, Any] | Refusal:
    """role is the one that the caller acts in; name is what the refusal calls the gate."""
    result = gate(project, template, today)
    if result.is_open:
        return result.receipt(template, today)
    blockers = result.blockers()
    fact = AdvanceRefused(stage=result.stage, visit=result.visit, blockers=blockers)
    detail = f"{len(blockers)} checks of the {name} do not pass"
    return Refusal("gate_closed", detail, blockers=blockers, facts=[fact], role=role)
