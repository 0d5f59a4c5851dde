"""How a project goes on with each fact of its stream: the nouns' own folds, put together. Pure."""

from collections.abc import Callable
from typing import Any, assert_never

from genjin.catalog import ProjectStreamFact, members
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
)
from genjin.requirements.events import RequirementFact
from genjin.risks.events import RiskFact
from genjin.stages.events import StageFact
from genjin.stakeholders.events import StakeholderFact
from genjin.warnings.events import WarningFact
from genjin_api.accounts.state import ProjectAccount
from genjin_api.changes.state import evolve as evolve_changes
from genjin_api.changes.state import renamed_stages as changes_of_stages
from genjin_api.corrections.state import evolve as evolve_corrections
from genjin_api.corrections.state import mark as mark_corrected
from genjin_api.documents.state import evolve as evolve_documents
from genjin_api.engagements.state import evolve_engagements, evolve_projects
from genjin_api.findings.state import evolve as evolve_findings
from genjin_api.forms.completed import evolve as evolve_completed
from genjin_api.forms.completed import tell_account
from genjin_api.forms.state import evolve as evolve_forms
from genjin_api.goals.state import evolve as evolve_goals
from genjin_api.health.state import assessed
from genjin_api.metrics.state import evolve as evolve_metrics
from genjin_api.milestones.state import evolve as evolve_milestones
from genjin_api.milestones.state import renamed_stages as milestones_of_stages
from genjin_api.projects.basis import go_on as basis_after
from genjin_api.projects.role_holders import after_role, renamed_holders
from genjin_api.projects.state import Project
from genjin_api.projects.status import Closing, Suspension, end_suspension
from genjin_api.replacing import replace
from genjin_api.requirements.state import evolve as evolve_requirements
from genjin_api.risks.state import evolve as evolve_risks
from genjin_api.risks.state import unlinked_from
from genjin_api.stages.state import Course, leave, raise_facts
from genjin_api.stages.state import evolve as evolve_course
from genjin_api.stages.state import migrate as migrate_course
from genjin_api.stakeholders.state import evolve as evolve_stakeholders
from genjin_api.warnings.state import evolve as evolve_warnings


def evolve(project: Project | None, fact: ProjectStreamFact, stamp: Stamp) -> Project:
    if project is None:
        assert isinstance(fact, ProjectCreated), "a stream begins with project.created"
        return _created(fact, stamp)
    if type(fact) in OF_THE_CLOCK:  # time changes nothing of a project but its version
        return replace(project, version=stamp.version)
    after = FOLDS[type(fact)](project, fact, stamp)
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


def _of_stage(project: Project, fact: StageFact, stamp: Stamp) -> Project:
    return replace(project, course=evolve_course(project.course, fact, stamp))


def _of_form(project: Project, fact: FormFact, stamp: Stamp) -> Project:
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


def _of_requirement(project: Project, fact: RequirementFact, stamp: Stamp) -> Project:
    return replace(project, requirements=evolve_requirements(project.requirements, fact, stamp))


def _of_change(project: Project, fact: ChangeFact, stamp: Stamp) -> Project:
    return replace(project, change_requests=evolve_changes(project.change_requests, fact, stamp))


def _of_risk(project: Project, fact: RiskFact, stamp: Stamp) -> Project:
    ordinal = project.course.current.ordinal
    return replace(project, risks=evolve_risks(project.risks, fact, stamp, ordinal))


def _of_correction(project: Project, fact: CorrectionFact, stamp: Stamp) -> Project:
    corrections = evolve_corrections(project.corrections, fact, stamp)
    course = mark_corrected(project.course, fact, stamp)
    return replace(project, corrections=corrections, course=course)


def _of_milestone(project: Project, fact: MilestoneFact, stamp: Stamp) -> Project:
    return replace(project, milestones=evolve_milestones(project.milestones, fact, stamp))


def _of_metric(project: Project, fact: MetricFact, stamp: Stamp) -> Project:
    ordinal = project.course.current.ordinal
    return replace(project, metrics=evolve_metrics(project.metrics, fact, stamp, ordinal))


def _of_finding(project: Project, fact: FindingFact, stamp: Stamp) -> Project:
    return replace(project, findings=evolve_findings(project.findings, fact, stamp))


def _of_document(project: Project, fact: DocumentFact, stamp: Stamp) -> Project:
    ordinal = project.course.current.ordinal
    return replace(project, documents=evolve_documents(project.documents, fact, stamp, ordinal))


def _of_stakeholder(project: Project, fact: StakeholderFact, stamp: Stamp) -> Project:
    return replace(project, stakeholders=evolve_stakeholders(project.stakeholders, fact, stamp))


def _of_goal(project: Project, fact: GoalFact, stamp: Stamp) -> Project:
    return replace(project, goals=evolve_goals(project.goals, fact, stamp))


def _of_health(project: Project, fact: HealthFact, stamp: Stamp) -> Project:
    return replace(project, health=assessed(fact, stamp))


def _of_warning(project: Project, fact: WarningFact, stamp: Stamp) -> Project:
    return replace(project, warnings=evolve_warnings(project.warnings, fact, stamp))


def _raised(course: Course, fact: FormCompleted | FormRevised | HeaderChanged) -> Course:
    return course if fact.facts_version is None else raise_facts(course, fact.facts_version)


def _of_engagement(project: Project, fact: EngagementFact, stamp: Stamp) -> Project:
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
        case _:
            assert_never(fact)


def _of_project(project: Project, fact: ProjectFact, stamp: Stamp) -> Project:
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


# To ask a fact of which noun it is takes as long as a small fold: a look into a table does not.
_NOUNS: tuple[tuple[Any, Callable[[Project, Any, Stamp], Project]], ...] = (
    (ProjectFact, _of_project),
    (StageFact, _of_stage),
    (FormFact, _of_form),
    (RequirementFact, _of_requirement),
    (ChangeFact, _of_change),
    (RiskFact, _of_risk),
    (CorrectionFact, _of_correction),
    (MilestoneFact, _of_milestone),
    (MetricFact, _of_metric),
    (FindingFact, _of_finding),
    (DocumentFact, _of_document),
    (EngagementFact, _of_engagement),
    (GoalFact, _of_goal),
    (HealthFact, _of_health),
    (WarningFact, _of_warning),
    (StakeholderFact, _of_stakeholder),
)
FOLDS = {fact: fold for union, fold in _NOUNS for fact in members(union)}
OF_THE_CLOCK = frozenset(members(ClockFact))
