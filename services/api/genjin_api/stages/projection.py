"""The stage timeline, the judgement matrix and the follow-ups: genjin.stage_visit and genjin.follow_up."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from genjin_api.stages.follow_up_state import FollowUp
from genjin_api.stages.state import Course, Judgement, Visit


def visit_document(visit: Visit) -> dict[str, Any]:
    """A visit as it is shown: each judgement says whether the facts have changed since."""
    judgements = {
        role: {**_fields(judgement), "stale": visit.is_stale(judgement)}
        for role, judgement in visit.judgements.items()
    }
    shown = {**_fields(visit), "judgements": judgements}
    del shown["spoken"]  # what only reports ask for
    return shown


def _fields(record: Visit | Judgement) -> dict[str, Any]:
    """One level deep: what is below has its JSON form already, and copying it costs more than writing it."""
    return {field.name: getattr(record, field.name) for field in fields(record)}


def visit_row(project_id: UUID, visit: Visit) -> dict[str, Any]:
    return {
        "project_id": project_id,
        "ordinal": visit.ordinal,
        "stage": visit.stage,
        "number": visit.number,
        "entered_at": visit.entered_at,
        "left_at": visit.left_at,
        "body": visit_document(visit),
    }


def follow_up_row(project_id: UUID, follow_up: FollowUp) -> dict[str, Any]:
    return {
        "project_id": project_id,
        "id": follow_up.id,
        "stage": follow_up.stage,
        "role": follow_up.role,
        "owner_id": follow_up.owner_id,
        "due_on": follow_up.due_on,
        "status": follow_up.status,
        "body": follow_up,
    }


# The visits of a project in the order of their entry.
TIMELINE = """
SELECT body, ordinal, entered_at, left_at FROM genjin.stage_visit
 WHERE workspace_id = $1 AND project_id = $2 ORDER BY ordinal
"""

# A project's follow-ups by due date; $3 narrows to a status.
FOLLOW_UPS = """
SELECT body FROM genjin.follow_up
 WHERE workspace_id = $1 AND project_id = $2 AND ($3::text IS NULL OR status = $3) ORDER BY due_on, id
"""


def timeline_from(course: Course) -> list[dict[str, Any]]:
    """What TIMELINE answers, from a state."""
    return [
        with_duration(visit_document(visit), visit.entered_at, visit.left_at)
        for visit in course.visits.values()
    ]


def with_duration(
    visit: dict[str, Any], entered_at: datetime, left_at: datetime | None
) -> dict[str, Any]:
    seconds = (left_at - entered_at).total_seconds() if left_at else None
    return {**visit, "duration_seconds": seconds}


def follow_ups_from(course: Course, status: str | None) -> Iterable[FollowUp]:
    """What FOLLOW_UPS answers, from a state."""
    found = [item for item in course.follow_ups.values() if status in (None, item.status)]
    return sorted(found, key=lambda item: (item.due_on, item.id))


# A person's open follow-ups in all projects, the most urgent first, after ($3, $4).
OPEN_FOLLOW_UPS = """
SELECT project_id, due_on, id, body FROM genjin.follow_up
 WHERE workspace_id = $1 AND owner_id = $2 AND status = 'open'
   AND ($3::date IS NULL OR (due_on, id) > ($3, $4::uuid))
 ORDER BY due_on, id LIMIT $5
"""
