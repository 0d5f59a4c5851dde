"""What a risk that occurred in an engagement brings about in its projects. Pure.

Every open project that it links is warned, in the commit of the occurrence. Risks there that are linked with it are
reopened for a new assessment, and their owners are warned; where there is none, the project's role holders are. A
project that is closed then hears of it when it is reopened.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from genjin.event import Actor, Fact
from genjin.risks.events import RiskOccurred, RiskReopened
from genjin.warnings.events import WarnedPerson, WarningGiven
from genjin_api.acting import Decided
from genjin_api.engagements.state import is_linked
from genjin_api.projects.state import Project
from genjin_api.replacing import replace
from genjin_api.risks.state import Risk

LINKAGE = Actor("system", UUID("0d6f1c52-8a57-5e0b-9c1f-6b1f0c9b2e41"), "linkage")
PEOPLE_MAX = 200
WARNINGS_MAX = 2000
"""Of one project. A project that was warned so often is not warned again; its risks are reopened still."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A risk that occurred in an engagement while a project of it was closed. event_id: of the occurrence."""

    engagement: Project
    occurred: RiskOccurred
    event_id: UUID


def raised_meanwhile(project: Project, missed: Sequence[Missed]) -> Iterator[Fact]:
    """What a project that is closed catches up with when it is reopened, of engagements that it still belongs to."""
    reopened = replace(project, status="open")
    for one in missed:
        if is_linked(project.engagements, one.engagement.id):
            yield from raised(reopened, one.engagement, one.occurred, one.event_id).facts


def raised(project: Project, engagement: Project, occurred: RiskOccurred, cause: UUID) -> Decided:
    """cause: the id of the event of the occurrence. Nothing happens in a project that is closed."""
    if project.status == "closed":
        return Decided([])
    risks = [risk for risk in project.risks.values() if _raised_by(risk, occurred.risk_id)]
    reopened = [_reopened(risk, engagement, occurred) for risk in risks]
    if len(project.warnings) >= WARNINGS_MAX:
        return Decided(reopened)
    people = dict(_concerned(project, risks))
    source = engagement.risks[str(occurred.risk_id)]
    warning = WarningGiven(
        warning_id=cause,
        cause_project_id=engagement.id,
        cause_project_code=engagement.code,
        cause_risk_id=source.id,
        cause_risk_event=source.event,
        description=occurred.description,
        measures=occurred.measures,
        risk_ids=tuple(risk.id for risk in risks),
        people=tuple(
            WarnedPerson(person_id=person_id, person_name=name)
            for person_id, name in list(people.items())[:PEOPLE_MAX]
        ),
    )
    return Decided([*reopened, warning])


def _raised_by(risk: Risk, cause_risk_id: UUID) -> bool:
    link = risk.links.get(str(cause_risk_id))
    return link is not None and link.relation == "raised_by"


def _reopened(risk: Risk, engagement: Project, occurred: RiskOccurred) -> RiskReopened:
    return RiskReopened(
        risk_id=risk.id,
        cause_project_id=engagement.id,
        cause_risk_id=occurred.risk_id,
        description=occurred.description,
    )


def _concerned(project: Project, risks: Sequence[Risk]) -> Iterator[tuple[UUID, str]]:
    for risk in risks:
        yield risk.owner_id, risk.owner_name
        if risk.response is not None:
            yield risk.response.owner_id, risk.response.owner_name
    if not risks:
        for holders in project.role_holders.values():
            yield from ((holder.person_id, holder.person_name) for holder in holders)
