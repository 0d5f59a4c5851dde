"""A project's stakeholders: the table genjin.stakeholder and the queries on it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from genjin_api.stakeholders.state import Stakeholder, Stakeholders


def stakeholder_row(project_id: UUID, stakeholder: Stakeholder) -> dict[str, Any]:
    return {
        "project_id": project_id,
        "id": stakeholder.id,
        "subject_id": stakeholder.subject_id,
        "status": stakeholder.status,
        "body": stakeholder,
    }


# A project's stakeholders in the order of their contacts' making, after $4; $3 narrows to a status.
LIST = """
SELECT body FROM genjin.stakeholder
 WHERE workspace_id = $1 AND project_id = $2 AND ($3::text IS NULL OR status = $3) AND ($4::uuid IS NULL OR id > $4)
 ORDER BY id LIMIT $5
"""

ACTIVE_IDS = """
SELECT id FROM genjin.stakeholder WHERE workspace_id = $1 AND project_id = $2 AND status = 'active' ORDER BY id
"""

ONE = "SELECT body FROM genjin.stakeholder WHERE workspace_id = $1 AND project_id = $2 AND id = $3"

# Projects that hold something of the subject $2, after $3.
PROJECTS_OF_SUBJECT = """
SELECT DISTINCT project_id FROM genjin.stakeholder WHERE workspace_id = $1 AND subject_id = $2 AND project_id > $3
 ORDER BY project_id LIMIT $4
"""

# Projects about the account $2 in the order of their making, after $3.
PROJECTS_OF_ACCOUNT = """
SELECT p.id, p.code, p.name, p.status, p.stage
  FROM genjin.project_account a JOIN genjin.project p ON p.workspace_id = $1 AND p.id = a.project_id
 WHERE a.workspace_id = $1 AND a.account_id = $2 AND ($3::uuid IS NULL OR a.project_id > $3)
 ORDER BY a.project_id LIMIT $4
"""


def listed_from(
    stakeholders: Stakeholders, status: str | None, after: UUID | None, limit: int
) -> Iterable[Stakeholder]:
    """What LIST answers, from a state."""
    found = [
        one
        for one in stakeholders.values()
        if status in (None, one.status) and (after is None or one.id > after)
    ]
    return sorted(found, key=lambda one: one.id)[:limit]
