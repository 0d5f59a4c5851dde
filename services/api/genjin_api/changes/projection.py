"""Change requests: the table genjin.change_request and the queries on it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from genjin_api.changes.state import ChangeRequest, ChangeRequests


def change_row(project_id: UUID, change: ChangeRequest) -> dict[str, Any]:
    return {
        "project_id": project_id,
        "id": change.id,
        "status": change.status,
        "body": change,
    }


# A project's change requests in the order they were raised; $3 narrows to a status.
LIST = """
SELECT body FROM genjin.change_request
 WHERE workspace_id = $1 AND project_id = $2 AND ($3::text IS NULL OR status = $3) ORDER BY id
"""


def listed_from(changes: ChangeRequests, status: str | None) -> Iterable[ChangeRequest]:
    """What LIST answers, from a state."""
    found = [item for item in changes.values() if status in (None, item.status)]
    return sorted(found, key=lambda item: item.id)


ONE = (
    "SELECT body FROM genjin.change_request WHERE workspace_id = $1 AND project_id = $2 AND id = $3"
)
