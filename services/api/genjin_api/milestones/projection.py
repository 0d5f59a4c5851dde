"""A project's milestones: the table genjin.milestone and the queries on it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from genjin_api.milestones.state import Milestone, Milestones


def milestone_row(project_id: UUID, milestone: Milestone) -> dict[str, Any]:
    return {
        "project_id": project_id,
        "id": milestone.id,
        "key": milestone.key,
        "stage": milestone.stage,
        "status": milestone.status,
        "due_on": milestone.due_on,
        "set_by": milestone.set_by,
        "body": milestone,
    }


# A project's milestones by due date; $3 narrows to a status.
LIST = """
SELECT body FROM genjin.milestone
 WHERE workspace_id = $1 AND project_id = $2 AND ($3::text IS NULL OR status = $3) ORDER BY due_on, id
"""

ONE = "SELECT body FROM genjin.milestone WHERE workspace_id = $1 AND project_id = $2 AND id = $3"


def listed_from(milestones: Milestones, status: str | None) -> Iterable[Milestone]:
    """What LIST answers, from a state."""
    found = [one for one in milestones.values() if status in (None, one.status)]
    return sorted(found, key=lambda one: (one.due_on, one.id))
