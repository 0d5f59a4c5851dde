"""The project list and card (genjin.project), and how the whole stream of a project becomes rows."""

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

from genjin.event import RecordedEvent
from genjin_api.changes.projection import change_row
from genjin_api.documents.projection import document_row
from genjin_api.findings.projection import finding_row
from genjin_api.forms.projection import form_row
from genjin_api.health.projection import assessment_rows
from genjin_api.metrics.projection import metric_row, value_rows
from genjin_api.milestones.projection import milestone_row
from genjin_api.projects.evolving import evolve
from genjin_api.projects.header import amount_of
from genjin_api.projects.state import Project
from genjin_api.reports.projection import counted_rows
from genjin_api.reports.standing import standing_past_rows, standing_rows
from genjin_api.requirements.projection import requirement_row
from genjin_api.risks.projection import risk_row
from genjin_api.stages.projection import follow_up_row, visit_row
from genjin_api.stakeholders.projection import stakeholder_row
from genjin_api.streams import Rows, StreamKind
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
        "counts": _counts(project),
        "created_at": project.created_at,
        "created_by": project.created_by,
        "updated_at": project.updated_at,
        "version": project.version,
    }


def _counts(project: Project) -> dict[str, int]:
    course, undecided = project.course, ("raised", "submitted", "deferred")
    return {
        "open_follow_ups": _with_status(course.follow_ups, ("open",)),
        "requirements": len(project.requirements),
        "undecided_changes": _with_status(project.change_requests, undecided),
        "open_risks": len(project.risks) - _with_status(project.risks, ("closed",)),
        "open_milestones": _with_status(project.milestones, ("open",)),
        "open_findings": len(project.findings) - _with_status(project.findings, ("closed",)),
        "corrected_receipts": sum(bool(visit.basis_corrected) for visit in course.visits.values()),
    }


def _with_status(items: Mapping[str, Any], statuses: Sequence[str]) -> int:
    return sum(item.status in statuses for item in items.values()) if items else 0


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
        "expected_amount": amount_of(header),
        "currency": header.get("currency"),
    }


def rows(before: Project | None, after: Project) -> Rows:
    """The rows that an event of the project changes: its own always, of its nouns' those that are another now."""
    found: Rows = {"project": [project_row(after)]}
    for table, items_of, row in _NOUNS:
        items = items_of(after)
        known = items_of(before) if before else {}
        if items is not known:  # as it is for most nouns after most events
            changed = [
                row(after.id, item) for key, item in items.items() if known.get(key) is not item
            ]
            if changed:
                found[table] = changed
    return {**found, **standing_rows(before, after), **_account_rows(before, after)}


# Of each noun that has rows of its own its table, where a project keeps it, and an item's row.
_NOUNS: Sequence[
    tuple[str, Callable[[Project], Mapping[str, Any]], Callable[[UUID, Any], dict[str, Any]]]
] = (
    ("stage_visit", attrgetter("course.visits"), visit_row),
    ("follow_up", attrgetter("course.follow_ups"), follow_up_row),
    ("form", attrgetter("forms"), form_row),
    ("requirement", attrgetter("requirements"), requirement_row),
    ("change_request", attrgetter("change_requests"), change_row),
    ("risk", attrgetter("risks"), risk_row),
    ("milestone", attrgetter("milestones"), milestone_row),
    ("metric", attrgetter("metrics"), metric_row),
    ("finding", attrgetter("findings"), finding_row),
    ("document", attrgetter("documents"), document_row),
    ("warning", attrgetter("warnings"), warning_row),
    ("stakeholder", attrgetter("stakeholders"), stakeholder_row),
)


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
        **assessment_rows(before, after),
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

# The roles that a person holds in a project now, and the template that says what they are. No row: none.
HELD_ROLES = """
SELECT p.body->'template'->>'key' AS template, (p.body->'template'->>'version')::integer AS version,
       array_agg(role.key) AS roles
  FROM genjin.project p, jsonb_each(p.body->'role_holders') role, jsonb_array_elements(role.value) holder
 WHERE p.workspace_id = $1 AND p.id = $2 AND holder->>'person_id' = $3
 GROUP BY p.workspace_id, p.id, p.body
"""
