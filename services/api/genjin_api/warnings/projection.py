"""Warnings of projects: the table genjin.warning and the queries on it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from genjin_api.warnings.state import Warning, Warnings


def warning_row(project_id: UUID, warning: Warning) -> dict[str, Any]:
    return {
        "project_id": project_id,
        "id": warning.id,
        "waiting": warning.waiting,
        "body": warning,
    }


# What a project was warned of, the newest first, before $3.
LIST = """
SELECT body FROM genjin.warning
 WHERE workspace_id = $1 AND project_id = $2 AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4
"""

# What a person has not acknowledged, in whatever project, the oldest first, after the warning $3 of the project $4.
WAITING = """
WITH waiting AS MATERIALIZED (
    SELECT id, project_id, body FROM genjin.warning
     WHERE workspace_id = $1 AND waiting @> ARRAY[$2::uuid] AND ($3::uuid IS NULL OR (id, project_id) > ($3, $4::uuid))
     ORDER BY id, project_id LIMIT $5
)
SELECT w.id, w.project_id, p.code AS project_code, w.body
  FROM waiting w JOIN genjin.project p ON p.workspace_id = $1 AND p.id = w.project_id ORDER BY w.id, w.project_id
"""


def list_from(warnings: Warnings, before: UUID | None, limit: int) -> Iterable[Warning]:
    """What LIST answers, from a state."""
    found = [one for one in warnings.values() if before is None or one.id < before]
    return sorted(found, key=lambda one: one.id, reverse=True)[:limit]
