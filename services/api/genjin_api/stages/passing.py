"""Passing a gate: its receipt, or a refusal that is itself a fact. Advances and wins come through here."""

from dataclasses import dataclass
from typing import Any

from genjin.stages.events import AdvanceRefused, GateOverridden
from genjin.templates.model import Template
from genjin_api.acting import Caller, Moment
from genjin_api.projects.access import acting_role
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, RefusalCode
from genjin_api.stages.gate import Gate, gate
from genjin_api.stages.overriding import Override, overriding_role


@dataclass(frozen=True, slots=True)
class Passed:
    """role is the one that the caller acts in; overridden is the fact that comes before the advance, where one does."""

    receipt: dict[str, Any]
    role: str | None
    overridden: tuple[GateOverridden, ...] = ()


def pass_gate(
    project: Project,
    template: Template,
    caller: Caller,
    moment: Moment,
    *,
    override: Override | None = None,
    name: str = "gate",
) -> Passed | Refusal:
    """name is what the refusal calls the gate."""
    result = gate(project, template, moment)
    role = acting_role(project, caller)
    if override is not None:
        return _overridden(project, template, result, override, caller, moment)
    if result.is_open:
        return Passed(result.receipt(template, moment.today), role)
    blockers = result.blockers()
    detail = f"{len(blockers)} checks of the {name} do not pass"
    return refused_advance(project, caller, "gate_closed", detail, blockers)


def refused_advance(
    project: Project,
    caller: Caller,
    code: RefusalCode,
    detail: str,
    blockers: list[dict[str, Any]],
) -> Refusal:
    """A refusal to leave the current stage, with the fact that records it."""
    visit = project.course.current
    fact = AdvanceRefused(stage=visit.stage, visit=visit.number, blockers=blockers)
    role = acting_role(project, caller)
    return Refusal(code, detail, blockers=blockers, facts=[fact], role=role)


def _overridden(
    project: Project,
    template: Template,
    result: Gate,
    override: Override,
    caller: Caller,
    moment: Moment,
) -> Passed | Refusal:
    """The receipt says of each waived check that it did not pass, and of the override who, why and what."""
    role = overriding_role(project, template, result.blocking(), override, caller)
    if isinstance(role, Refusal):
        return role
    blockers = result.blockers()
    told = {
        "role": role,
        "person_id": str(caller.person_id),
        "reason": override.reason,
        "blockers": blockers,
    }
    fact = GateOverridden(
        stage=result.stage, visit=result.visit, blockers=blockers, reason=override.reason
    )
    return Passed({**result.receipt(template, moment.today), "override": told}, role, (fact,))
