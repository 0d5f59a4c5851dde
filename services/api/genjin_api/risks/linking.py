"""Commands on links between risks: an engagement's risk raises one of a project that is linked with it."""

from uuid import UUID

from genjin.risks.events import RiskLinked, RiskUnlinked
from genjin_api.acting import Caller, Decided, Decision
from genjin_api.engagements.state import is_linked
from genjin_api.fields import Command, OptionalProse, example
from genjin_api.projects.access import acting_role
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, field_refusal, not_found
from genjin_api.risks.decider import open_risk
from genjin_api.risks.state import Risk

LINKS_MAX = 50
"""Of one risk."""


class LinkRisk(Command):
    """With a risk of a project of the engagement: it is raised when this one occurs."""

    model_config = example(
        project_id="019ab0c2-7c1e-7d3a-9a51-3f0c6a2b4e10",
        risk_id="019ab0c2-7c1e-7d3a-9a51-3f0c6a2b4e11",
        note="客户取消订单，为其定制的开发项目将搁置",
    )

    project_id: UUID
    risk_id: UUID
    note: OptionalProse = ""


def link(engagement: Project, risk_id: UUID, command: LinkRisk, caller: Caller) -> Decision:
    risk = open_risk(engagement, risk_id, caller)
    if isinstance(risk, Refusal):
        return risk
    if not is_linked(engagement.linked_projects, command.project_id):
        return field_refusal(
            "project_not_linked", "/project_id", f"{engagement.code} does not link this project"
        )
    if str(command.risk_id) in risk.links:
        return Refusal("risks_already_linked", "these risks are linked already")
    if refusal := _refuse_more(risk):
        return refusal
    fact = RiskLinked(
        risk_id=risk_id,
        relation="raises",
        other_project_id=command.project_id,
        other_risk_id=command.risk_id,
        note=command.note,
    )
    return Decided([fact], acting_role(engagement, caller))


def be_linked(
    project: Project | None, engagement: Project, risk_id: UUID, command: LinkRisk, caller: Caller
) -> Decided | Refusal:
    """The same link in the project's stream. A closed risk takes it too: it may come back."""
    assert project is not None, "it is linked"
    risk = project.risks.get(str(command.risk_id))
    if risk is None:
        return field_refusal("field_invalid", "/risk_id", f"{project.code} has no such risk")
    if refusal := _refuse_more(risk):
        return refusal
    fact = RiskLinked(
        risk_id=command.risk_id,
        relation="raised_by",
        other_project_id=engagement.id,
        other_risk_id=risk_id,
        note=command.note,
    )
    return Decided([fact], acting_role(project, caller))


def unlink(
    engagement: Project, risk_id: UUID, other_risk_id: UUID, reason: str, caller: Caller
) -> Decision:
    risk = open_risk(engagement, risk_id, caller)
    if isinstance(risk, Refusal):
        return risk
    known = risk.links.get(str(other_risk_id))
    if known is None or known.relation != "raises":
        return not_found("linked risk", other_risk_id)
    fact = RiskUnlinked(
        risk_id=risk_id,
        other_project_id=known.other_project_id,
        other_risk_id=other_risk_id,
        reason=reason,
    )
    return Decided([fact], acting_role(engagement, caller))


def be_unlinked(engagement_id: UUID, fact: RiskUnlinked) -> Decided | Refusal:
    """The end of the same link in the project's stream."""
    there = RiskUnlinked(
        risk_id=fact.other_risk_id,
        other_project_id=engagement_id,
        other_risk_id=fact.risk_id,
        reason=fact.reason,
    )
    return Decided([there])


def _refuse_more(risk: Risk) -> Refusal | None:
    if len(risk.links) >= LINKS_MAX:
        return Refusal("limit_reached", f"a risk has {LINKS_MAX} links at most")
    return None
