"""Audit findings: the table genjin.finding and the queries on it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from genjin_api.findings.state import Finding, Findings


def finding_row(project_id: UUID, finding: Finding) -> dict[str, Any]:
    return {
        "project_id": project_id,
        "id": finding.id,
        "severity": finding.severity,
        "stage": finding.stage,
        "status": finding.status,
        "due_on": finding.due_on,
        "responsible_id": finding.responsible_id,
        "body": finding,
    }


# A project's findings in the order in which they were raised; $3 narrows to a status, $4 to a severity.
LIST = """
SELECT body FROM genjin.finding
 WHERE workspace_id = $1 AND project_id = $2 AND ($3::text IS NULL OR status = $3)
   AND ($4::text IS NULL OR severity = $4)
 ORDER BY id
"""

ONE = "SELECT body FROM genjin.finding WHERE workspace_id = $1 AND project_id = $2 AND id = $3"


def listed_from(findings: Findings, status: str | None, severity: str | None) -> Iterable[Finding]:
    """What LIST answers, from a state."""
    found = [
        one
        for one in findings.values()
        if status in (None, one.status) and severity in (None, one.severity)
    ]
    return sorted(found, key=lambda one: one.id)
