"""The project list and card (genjin.project), and how the whole stream of a project becomes rows."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from genjin.event import RecordedEvent
from genjin_api.changes.projection import change_row
from genjin_api.documents.projection import document_row
from genjin_api.findings.projection import finding_row
from genjin_api.forms.projection import form_row
from genjin_api.metrics.projection import metric_row, value_rows
from genjin_api.milestones.projection import milestone_row
from genjin_api.projects.state import Project, evolve
from genjin_api.reports.projection import counted_rows
from genjin_api.reports.standing import standing_past_rows, standing_rows
from genjin_api.requirements.projection import requirement_row
from genjin_api.risks.projection import risk_row
from genjin_api.stages.projection import follow_up_row, visit_row
from genjin_api.stages.state import EMPTY
from genjin_api.stakeholders.projection import stakeholder_row
from genjin_api.streams import Rows, StreamKind, changed_rows
from genjin_api.warnings.projection import warning_row


def card(project: Project) -> dict[str, Any]:
    """A project at a glance: its header, where it stands, who holds which role, what is open."""
    visit = project.course.current
    return {
        "id": project.id,
        "code": project.code,
        "template": {"key": project.template.key, "version": project.template.version},
        "header": project.header,
        "status": project.status,
        "stage": visit.stage,
        "visit": visit.number,
        "entered_stage_at": visit.entered_at,
        "facts_version": visit.facts_version,
        "role_holders": project.role_holders,
        "suspension": project.suspension,
        "closing": project.closing,
        "counts": {
            "open_follow_ups": sum(
                item.status == "open" for item in project.course.follow_ups.values()
            ),
            "requirements": len(project.requirements),
            "undecided_changes": sum(
                item.status in ("raised", "submitted", "deferred")
                for item in project.change_requests.values()
            ),
            "open_risks": sum(item.status != "closed" for item in project.risks.values()),
            "open_milestones": sum(item.status == "open" for item in project.milestones.values()),
            "open_findings": sum(item.status != "closed" for item in project.findings.values()),
            "corrected_receipts": sum(
                bool(item.basis_corrected) for item in project.course.visits.values()
            ),
        },
        "created_at": project.created_at,
        "created_by": project.created_by,
        "updated_at": project.updated_at,
        "version": project.version,
    }


def shown_project(project: Project) -> dict[str, Any]:
    """The body of an answer about a project."""
    return {"project": card(project)}


def project_row(project: Project) -> dict[str, Any]:
    return {
        "id": project.id,
        **_list_columns(project),
        "version": project.version,
        "created_at": project.created_at,
        "updated_at": project.updated_at,
        "body": card(project),
    }


def _list_columns(project: Project) -> dict[str, Any]:
    """What the project list can be asked for."""
    header = project.header
    return {
        "code": project.code,
        "name": header.get("name", ""),
        "template_key": project.template.key,
        "template_version": project.template.version,
        "status": project.status,
        "stage": project.course.current.stage,
        "outcome": project.closing.outcome if project.closing else None,
        "region": header.get("region"),
        "department": header.get("department"),
        "expected_amount": _amount(header.get("expected_amount")),
        "currency": header.get("currency"),
    }


def _amount(text: str | None) -> str | None:
    """As text: a JSON number would pass through a float on its way."""
    return None if text is None else str(Decimal(text))


def rows(before: Project | None, after: Project) -> Rows:
    """The rows that an event of the project changes: its own always, of its nouns' those that are another now."""
    project_id = after.id
    course = before.course if before else EMPTY
    return {
        "project": [project_row(after)],
        **changed_rows(
            "stage_visit",
            course.visits,
            after.course.visits,
            lambda visit: visit_row(project_id, visit),
        ),
        **changed_rows(
            "follow_up",
            course.follow_ups,
            after.course.follow_ups,
            lambda follow_up: follow_up_row(project_id, follow_up),
        ),
        **changed_rows(
            "form",
            before.forms if before else {},
            after.forms,
            lambda record: form_row(project_id, record),
        ),
        **changed_rows(
            "requirement",
            before.requirements if before else {},
            after.requirements,
            lambda requirement: requirement_row(project_id, requirement),
        ),
        **changed_rows(
            "change_request",
            before.change_requests if before else {},
            after.change_requests,
            lambda change: change_row(project_id, change),
        ),
        **changed_rows(
            "risk",
            before.risks if before else {},
            after.risks,
            lambda risk: risk_row(project_id, risk),
        ),
        **changed_rows(
            "milestone",
            before.milestones if before else {},
            after.milestones,
            lambda milestone: milestone_row(project_id, milestone),
        ),
        **changed_rows(
            "metric",
            before.metrics if before else {},
            after.metrics,
            lambda metric: metric_row(project_id, metric),
        ),
        **changed_rows(
            "finding",
            before.findings if before else {},
            after.findings,
            lambda finding: finding_row(project_id, finding),
        ),
        **changed_rows(
            "document",
            before.documents if before else {},
            after.documents,
            lambda document: document_row(project_id, document),
        ),
        **standing_rows(before, after),
        **changed_rows(
            "warning",
            before.warnings if before else {},
            after.warnings,
            lambda warning: warning_row(project_id, warning),
        ),
        **_account_rows(before, after),
        **changed_rows(
            "stakeholder",
            before.stakeholders if before else {},
            after.stakeholders,
            lambda stakeholder: stakeholder_row(project_id, stakeholder),
        ),
    }


def _account_rows(before: Project | None, after: Project) -> Rows:
    account = after.account
    if account is None or (before is not None and before.account is account):
        return {}
    return {"project_account": [{"project_id": after.id, "account_id": account.account_id}]}


def past_rows(before: Project | None, after: Project) -> Rows:
    """What one event adds to the tables of the past."""
    metrics = before.metrics if before else {}
    return {
        **_list_rows(before, after),
        **value_rows(after.id, after.version, metrics, after.metrics),
        **counted_rows(before, after),
        **standing_past_rows(before, after),
    }


def _list_rows(before: Project | None, after: Project) -> Rows:
    """The row of genjin.project_past: none where the list shows nothing new."""
    if not after.stands or (before is not None and _listed_alike(before, after)):
        return {}
    columns = _list_columns(after)
    if before is not None and before.stands and _list_columns(before) == columns:
        return {}
    row = {"id": after.id, **columns, "version": after.version, "created_at": after.created_at}
    return {"project_past": [row]}


def _listed_alike(before: Project, after: Project) -> bool:
    """The quick answer for most events: they leave alone all that the list's columns are made of."""
    return (
        before.stands
        and (
            before.course is after.course
            or before.course.current.stage == after.course.current.stage
        )
        and before.header is after.header
        and before.template is after.template
        and before.status == after.status
        and before.closing is after.closing
    )


def past_of(events: Sequence[RecordedEvent]) -> list[dict[str, Any]]:
    """Every row of genjin.project_past that a project's whole stream makes, each with its position."""
    _, past = PROJECT.fold_with_past(None, events)
    return past.get("project_past", [])


def claims(before: Project | None, after: Project) -> list[tuple[str, str]]:
    return [] if before else [("project_code", after.code)]


PROJECT = StreamKind(
    noun="project",
    evolve=evolve,
    rows=rows,
    version=lambda project: project.version,
    claims=claims,
    past_rows=past_rows,
    state_type=Project,
)

# One project's card as it stands.
CARD = "SELECT body::text AS body, version FROM genjin.project WHERE workspace_id = $1 AND id = $2"

# Whether a person holds a role in a project now.
HOLDS_A_ROLE = """
SELECT EXISTS (
    SELECT FROM genjin.project p, jsonb_each(p.body->'role_holders') role, jsonb_array_elements(role.value) holder
     WHERE p.workspace_id = $1 AND p.id = $2 AND holder->>'person_id' = $3
)
"""
