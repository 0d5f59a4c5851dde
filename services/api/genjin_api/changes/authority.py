"""权限: up to what a role decides a change, by its cost and its days. Pure."""

from decimal import Decimal

from genjin.changes.events import Impact
from genjin.templates.model import Template
from genjin.templates.registers import Authority
from genjin_api.acting import Caller
from genjin_api.changes.state import ChangeRequest
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal


def approving_role(
    project: Project, template: Template, change: ChangeRequest, caller: Caller
) -> str | Refusal:
    """The first role of the caller whose limits the change keeps to. What is saved counts as what is spent. The caller
    holds one of the deciding roles.
    """
    held = project.roles_of(caller.person_id)
    deciding = [role for role in held if role in template.change_deciders]
    limits = {authority.role: authority for authority in template.authority}
    assert change.impact is not None, "a change is submitted with its impact"
    excesses = [_excess(limits.get(role), change.impact) for role in deciding]
    for role, excess in zip(deciding, excesses, strict=True):
        if excess is None:
            return role
    told = "; ".join(f"{role}: {excess}" for role, excess in zip(deciding, excesses, strict=True))
    return Refusal("decision_above_authority", told)


def _excess(authority: Authority | None, impact: Impact) -> str | None:
    """What goes beyond a role's limits; None for what keeps to them, and for a role without any."""
    if authority is None:
        return None
    if authority.max_cost is not None and abs(Decimal(impact.cost)) > Decimal(authority.max_cost):
        return f"decides up to a cost of {authority.max_cost}, this is {impact.cost}"
    if authority.max_days is not None and abs(impact.days) > authority.max_days:
        return f"decides up to {authority.max_days} days, this is {impact.days}"
    return None
