"""A project as it stands after its events, put together from the states of its nouns. evolving.py folds it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from genjin.projects.events import TemplateReference
from genjin_api.accounts.state import ProjectAccount
from genjin_api.changes.state import ChangeRequests
from genjin_api.corrections.state import Corrections
from genjin_api.documents.state import Documents
from genjin_api.engagements.state import Links
from genjin_api.findings.state import Findings
from genjin_api.forms.completed import AccountsTold, BeforeDrafts
from genjin_api.forms.state import Forms
from genjin_api.goals.state import Goals
from genjin_api.health.state import Health
from genjin_api.metrics.state import Metrics
from genjin_api.milestones.state import Milestones
from genjin_api.projects.basis import Basis
from genjin_api.projects.role_holders import RoleHolder
from genjin_api.projects.status import Closing, EndedSuspensions, Status, Suspension
from genjin_api.requirements.state import Requirements
from genjin_api.risks.state import Risks
from genjin_api.stages.state import EMPTY, Course
from genjin_api.stakeholders.state import Stakeholders
from genjin_api.warnings.state import Warnings


@dataclass(frozen=True)  # no slots: replaced with every event
class Project:
    """version is that of the last event folded in. role_holders maps a role to its holders, oldest first. began_by: the
    visit, by its ordinal, that went on when the project went over to another template, and the one it began by.

    updated_at is the latest time at which something was done: a late entry does not put it back, and what the clock
    tells does not move it.
    """

    id: UUID
    code: str
    template: TemplateReference
    header: Mapping[str, str]
    created_at: datetime
    created_by: UUID
    version: int
    updated_at: datetime
    status: Status = "open"
    role_holders: Mapping[str, tuple[RoleHolder, ...]] = field(default_factory=dict)
    course: Course = EMPTY
    forms: Forms = field(default_factory=dict)
    completed_before: BeforeDrafts = field(default_factory=dict)
    accounts_told: AccountsTold = field(default_factory=dict)
    requirements: Requirements = field(default_factory=dict)
    change_requests: ChangeRequests = field(default_factory=dict)
    risks: Risks = field(default_factory=dict)
    milestones: Milestones = field(default_factory=dict)
    metrics: Metrics = field(default_factory=dict)
    findings: Findings = field(default_factory=dict)
    corrections: Corrections = field(default_factory=dict)
    documents: Documents = field(default_factory=dict)
    linked_projects: Links = field(default_factory=dict)
    engagements: Links = field(default_factory=dict)
    goals: Goals = field(default_factory=dict)
    health: Health | None = None
    warnings: Warnings = field(default_factory=dict)
    stakeholders: Stakeholders = field(default_factory=dict)
    account: ProjectAccount | None = None
    suspension: Suspension | None = None
    ended_suspensions: EndedSuspensions = ()
    closing: Closing | None = None
    basis: Basis = field(default_factory=dict)
    began_by: tuple[int, TemplateReference] | None = None

    @property
    def stands(self) -> bool:
        """Whether the project has entered its first stage, which its creation does in two events of one commit."""
        return bool(self.course.visits)

    def roles_of(self, person_id: UUID) -> list[str]:
        return [
            role
            for role, holders in self.role_holders.items()
            if any(holder.person_id == person_id for holder in holders)
        ]
