"""A project as it stands after its events: the fold of its whole stream, put together from its nouns' own folds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never
from uuid import UUID

from genjin.catalog import ProjectStreamFact
from genjin.changes.events import ChangeFact
from genjin.clock.events import ClockFact
from genjin.corrections.events import CorrectionFact
from genjin.documents.events import DocumentFact
from genjin.engagements.events import (
    EngagementFact,
    EngagementJoined,
    EngagementLeft,
    ProjectLinked,
    ProjectUnlinked,
)
from genjin.event import Stamp
from genjin.findings.events import FindingFact
from genjin.forms.events import FormCompleted, FormFact, FormRevised
from genjin.goals.events import GoalFact
from genjin.health.events import HealthFact
from genjin.metrics.events import MetricFact
from genjin.milestones.events import MilestoneFact
from genjin.projects.events import (
    AccountNamed,
    HeaderChanged,
    ProjectClosed,
    ProjectCreated,
    ProjectFact,
    ProjectReopened,
    ProjectResumed,
    ProjectSuspended,
    RoleAssigned,
    RoleReleased,
    TemplateMigrated,
    TemplateReference,
)
from genjin.requirements.events import RequirementFact
from genjin.risks.events import RiskFact
from genjin.stages.events import StageFact
from genjin.stakeholders.events import StakeholderFact
from genjin.warnings.events import WarningFact
from genjin_api.accounts.state import ProjectAccount
from genjin_api.changes.state import ChangeRequests
from genjin_api.changes.state import evolve as evolve_changes
from genjin_api.changes.state import renamed_stages as changes_of_stages
from genjin_api.corrections.state import Corrections
from genjin_api.corrections.state import evolve as evolve_corrections
from genjin_api.corrections.state import mark as mark_corrected
from genjin_api.documents.state import Documents
from genjin_api.documents.state import evolve as evolve_documents
from genjin_api.engagements.state import Links, evolve_engagements, evolve_projects
from genjin_api.findings.state import Findings
from genjin_api.findings.state import evolve as evolve_findings
from genjin_api.forms.completed import AccountsTold, BeforeDrafts, tell_account
from genjin_api.forms.completed import evolve as evolve_completed
from genjin_api.forms.state import Forms
from genjin_api.forms.state import evolve as evolve_forms
from genjin_api.goals.state import Goals
from genjin_api.goals.state import evolve as evolve_goals
from genjin_api.health.state import Health, assessed
from genjin_api.metrics.state import Metrics
from genjin_api.metrics.state import evolve as evolve_metrics
from genjin_api.milestones.state import Milestones
from genjin_api.milestones.state import evolve as evolve_milestones
from genjin_api.milestones.state import renamed_stages as milestones_of_stages
from genjin_api.projects.basis import Basis
from genjin_api.projects.basis import go_on as basis_after
from genjin_api.projects.role_holders import RoleHolder, after_role, renamed_holders
from genjin_api.projects.status import (
    Closing,
    EndedSuspensions,
    Status,
    Suspension,
    end_suspension,
)
from genjin_api.replacing import replace
from genjin_api.requirements.state import Requirements
from genjin_api.requirements.state import evolve as evolve_requirements
from genjin_api.risks.state import Risks, unlinked_from
from genjin_api.risks.state import evolve as evolve_risks
from genjin_api.stages.state import EMPTY, Course, leave, raise_facts
from genjin_api.stages.state import evolve as evolve_course
from genjin_api.stages.state import migrate as migrate_course
from genjin_api.stakeholders.state import Stakeholders
from genjin_api.stakeholders.state import evolve as evolve_stakeholders
from genjin_api.warnings.state import Warnings
from genjin_api.warnings.state import evolve as evolve_warnings


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


def evolve(project: Project | None, fact: ProjectStreamFact, stamp: Stamp) -> Project:
    if isinstance(fact, ProjectCreated):
        return _created(fact, stamp)
    assert project is not None, "a stream begins with project.created"
    if isinstance(fact, ClockFact):
        return replace(project, version=stamp.version)
    after = _evolve(project, fact, stamp)
    updated_at = max(project.updated_at, stamp.occurred_at)
    basis = basis_after(project.basis, fact, stamp, project.stakeholders, after.stakeholders)
    return replace(after, version=stamp.version, updated_at=updated_at, basis=basis)


def _created(fact: ProjectCreated, stamp: Stamp) -> Project:
    return Project(
        id=stamp.stream_id,
        code=fact.code,
        template=fact.template,
        header=fact.header,
        created_at=stamp.occurred_at,
        created_by=stamp.actor.id,
        version=stamp.version,
        updated_at=stamp.occurred_at,
        basis=basis_after({}, fact, stamp, {}, {}),
    )


def _evolve(project: Project, fact: ProjectStreamFact, stamp: Stamp) -> Project:
    """The most frequent first: to ask whether a fact is of a noun takes as long as a small fold."""
    if isinstance(fact, StageFact):
        return replace(project, course=evolve_course(project.course, fact, stamp))
    if isinstance(fact, FormFact):
        course = project.course
        if isinstance(fact, FormCompleted | FormRevised):
            course = _raised(course, fact)
        return replace(
            project,
            forms=evolve_forms(project.forms, fact, stamp, course.current.ordinal),
            completed_before=evolve_completed(project.completed_before, project.forms, fact),
            accounts_told=tell_account(project.accounts_told, fact, project.account),
            course=course,
        )
    if isinstance(fact, ProjectFact):
        return _evolve_project(project, fact, stamp)
    if isinstance(fact, RequirementFact):
        return replace(project, requirements=evolve_requirements(project.requirements, fact, stamp))
    if isinstance(fact, ChangeFact):
        changes = evolve_changes(project.change_requests, fact, stamp)
        return replace(project, change_requests=changes)
    if isinstance(fact, RiskFact):
        risks = evolve_risks(project.risks, fact, stamp, project.course.current.ordinal)
        return replace(project, risks=risks)
    assert not isinstance(fact, ClockFact), "time changes nothing of a project but its version"
    if isinstance(fact, CorrectionFact):
        corrections = evolve_corrections(project.corrections, fact, stamp)
        course = mark_corrected(project.course, fact, stamp)
        return replace(project, corrections=corrections, course=course)
    if isinstance(fact, EngagementFact | GoalFact | HealthFact | WarningFact):
        return _evolve_engagement(project, fact, stamp)
    return _evolve_register(project, fact, stamp)


def _raised(course: Course, fact: FormCompleted | FormRevised | HeaderChanged) -> Course:
    return course if fact.facts_version is None else raise_facts(course, fact.facts_version)


def _evolve_engagement(
    project: Project, fact: EngagementFact | GoalFact | HealthFact | WarningFact, stamp: Stamp
) -> Project:
    """Whoever is linked no longer, no risk of theirs is linked with one here."""
    match fact:
        case ProjectLinked():
            links = evolve_projects(project.linked_projects, fact, stamp)
            return replace(project, linked_projects=links)
        case ProjectUnlinked():
            links = evolve_projects(project.linked_projects, fact, stamp)
            risks = unlinked_from(project.risks, fact.project_id)
            return replace(project, linked_projects=links, risks=risks)
        case EngagementJoined():
            links = evolve_engagements(project.engagements, fact, stamp)
            return replace(project, engagements=links)
        case EngagementLeft():
            links = evolve_engagements(project.engagements, fact, stamp)
            risks = unlinked_from(project.risks, fact.engagement_id)
            return replace(project, engagements=links, risks=risks)
        case HealthFact():
            return replace(project, health=assessed(fact, stamp))
        case _ if isinstance(fact, WarningFact):
            return replace(project, warnings=evolve_warnings(project.warnings, fact, stamp))
        case _:
            return replace(project, goals=evolve_goals(project.goals, fact, stamp))


def _evolve_register(
    project: Project,
    fact: MilestoneFact | MetricFact | FindingFact | DocumentFact | StakeholderFact,
    stamp: Stamp,
) -> Project:
    if isinstance(fact, MilestoneFact):
        return replace(project, milestones=evolve_milestones(project.milestones, fact, stamp))
    ordinal = project.course.current.ordinal
    if isinstance(fact, MetricFact):
        return replace(project, metrics=evolve_metrics(project.metrics, fact, stamp, ordinal))
    if isinstance(fact, FindingFact):
        return replace(project, findings=evolve_findings(project.findings, fact, stamp))
    if isinstance(fact, DocumentFact):
        return replace(project, documents=evolve_documents(project.documents, fact, stamp, ordinal))
    if isinstance(fact, StakeholderFact):
        return replace(project, stakeholders=evolve_stakeholders(project.stakeholders, fact, stamp))
    assert_never(fact)


def _evolve_project(project: Project, fact: ProjectFact, stamp: Stamp) -> Project:
    match fact:
        case HeaderChanged():
            merged = {**project.header, **fact.header}
            header = {key: value for key, value in merged.items() if value is not None}
            return replace(project, header=header, course=_raised(project.course, fact))
        case RoleAssigned() | RoleReleased():
            return replace(project, role_holders=after_role(project.role_holders, fact))
        case ProjectSuspended():
            suspension = Suspension(fact.reason, fact.until, stamp.occurred_at)
            return replace(project, status="suspended", suspension=suspension)
        case ProjectResumed():
            ended = end_suspension(project.suspension, project.ended_suspensions, stamp)
            return replace(project, status="open", suspension=None, ended_suspensions=ended)
        case ProjectClosed():
            closing = Closing(fact.outcome, fact.reason_code, fact.reason, stamp.occurred_at)
            course = leave(project.course, stamp, fact.receipt)
            ended = end_suspension(project.suspension, project.ended_suspensions, stamp)
            stopped = replace(project, suspension=None, ended_suspensions=ended)
            return replace(stopped, status="closed", closing=closing, course=course)
        case ProjectReopened():
            return replace(project, status="open", closing=None)
        case AccountNamed():
            account = ProjectAccount(fact.account_id, stamp.occurred_at, stamp.actor.id)
            return replace(project, account=account)
        case TemplateMigrated():
            return _migrated(project, fact, stamp)
        case ProjectCreated():
            raise AssertionError("a project is created once")
        case _:
            assert_never(fact)


def _migrated(project: Project, fact: TemplateMigrated, stamp: Stamp) -> Project:
    """Roles and stages go by their new keys, and with a stage what was set for it. An active stage that has another key
    now is left; the next fact enters its successor.
    """
    course = raise_facts(project.course, fact.facts_version)
    ordinal, began_by = course.current.ordinal, project.began_by
    if course.current.stage not in fact.stages and (began_by is None or began_by[0] != ordinal):
        began_by = ordinal, project.template
    return replace(
        project,
        template=fact.to_template,
        began_by=began_by,
        role_holders=renamed_holders(project.role_holders, fact.roles),
        course=migrate_course(course, stamp, fact.stages),
        milestones=milestones_of_stages(project.milestones, fact.stages),
        change_requests=changes_of_stages(project.change_requests, fact.stages),
    )
