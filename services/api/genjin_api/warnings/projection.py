"""Warnings of projects: the table genjin.warning and the queries on it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from genjin_api.warnings.state import Warning, Warnings

WAITING_MAX = 200


def warning_row(project_id: UUID, warning: Warning) -> dict[str, Any]:
    return {
        "project_id": project_id,
        "id": warning.id,
        "waiting": warning.waiting,
        "body": warning,
    }


# What a project was warned of, the newest first.
LIST = (
    "SELECT body FROM genjin.warning WHERE workspace_id = $1 AND project_id = $2 ORDER BY id DESC"
)

# What a person has not acknowledged, in whatever project, the oldest first; at most $3 of them.
WAITING = """
SELECT w.project_id, p.code AS project_code, w.body
  FROM genjin.warning w JOIN genjin.project p ON p.workspace_id = w.workspace_id AND p.id = w.project_id
 WHERE w.workspace_id = $1 AND w.waiting <> '{}' AND $2 = ANY (w.waiting)
 ORDER BY w.id, w.project_id LIMIT $3
"""


def list_from(warnings: Warnings) -> Iterable[Warning]:
    """What LIST answers, from a state."""
    return sorted(warnings.values(), key=lambda one: one.id, reverse=True)
