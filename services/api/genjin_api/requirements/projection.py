"""Requirements: the table genjin.requirement and the queries on it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from genjin_api.requirements.state import Requirement, Requirements


def requirement_row(project_id: UUID, requirement: Requirement) -> dict[str, Any]:
    return {
        "project_id": project_id,
        "id": requirement.id,
        "priority": requirement.priority,
        "status": requirement.status,
        "body": requirement,
    }


# A project's requirements in the order of their capture; $3 narrows to a status.
LIST = """
SELECT body FROM genjin.requirement
 WHERE workspace_id = $1 AND project_id = $2 AND ($3::text IS NULL OR status = $3) ORDER BY id
"""


def listed_from(requirements: Requirements, status: str | None) -> Iterable[Requirement]:
    """What LIST answers, from a state."""
    found = [item for item in requirements.values() if status in (None, item.status)]
    return sorted(found, key=lambda item: item.id)


ONE = "SELECT body FROM genjin.requirement WHERE workspace_id = $1 AND project_id = $2 AND id = $3"
