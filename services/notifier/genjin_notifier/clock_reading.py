"""What the clock reads: projects that it has to look at, what is due in them, their past, and what was told already."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from genjin.clock.crossings import Crossing, Owned, follow_up_overdue, milestone_overdue, review_due

_WORKSPACES = "SELECT workspace_id, time_zone FROM genjin.workspace ORDER BY workspace_id"

# The next projects that run and have changed since the clock looked at them, or on which it has not looked on this day.
_PROJECTS = """
SELECT p.id, p.version, p.stage, p.template_key, p.template_version
  FROM genjin.project p
  LEFT JOIN genjin.clock_look l ON l.workspace_id = p.workspace_id AND l.project_id = p.id
 WHERE p.workspace_id = $1 AND p.id > $2 AND p.status = 'open'
   AND (l.version, l.day) IS DISTINCT FROM (p.version, $3::date)
 ORDER BY p.id LIMIT $4
"""

# Open follow-ups whose due date has passed.
_OVERDUE = """
SELECT project_id, id, owner_id, due_on FROM genjin.follow_up
 WHERE workspace_id = $1 AND project_id = ANY ($2) AND status = 'open' AND due_on < $3
 ORDER BY due_on, id
"""

# Risks whose next review is today or was before.
_REVIEWS = """
SELECT project_id, id, owner_id, (body->>'next_review_on')::date AS due_on FROM genjin.risk
 WHERE workspace_id = $1 AND project_id = ANY ($2) AND status <> 'closed' AND (body->>'next_review_on')::date <= $3
 ORDER BY due_on, id
"""

# Open milestones whose due date has passed, and how often they were moved.
_MILESTONES = """
SELECT project_id, id, due_on, (body->>'rescheduled')::int AS moved FROM genjin.milestone
 WHERE workspace_id = $1 AND project_id = ANY ($2) AND status = 'open' AND due_on < $3
 ORDER BY due_on, id
"""

# Which of these ids are events of the log.
_TOLD = "SELECT id FROM genjin.event WHERE workspace_id = $1 AND id = ANY ($2)"


@dataclass(frozen=True, slots=True)
class Workspace:
    id: UUID
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class OpenProject:
    """As its row stood; what is found of it is told at this version or not at all."""

    id: UUID
    version: int
    stage: str
    template_key: str
    template_version: int


async def workspaces(database: asyncpg.Pool) -> list[tuple[UUID, str]]:
    """Each with the name of its time zone."""
    return [tuple(row) for row in await database.fetch(_WORKSPACES)]


async def projects_to_look_at(
    database: asyncpg.Pool, workspace_id: UUID, after: UUID, today: date, limit: int
) -> list[OpenProject]:
    rows = await database.fetch(_PROJECTS, workspace_id, after, today, limit)
    return [OpenProject(*row) for row in rows]


async def due_in(
    database: asyncpg.Pool, workspace_id: UUID, projects: Sequence[UUID], today: date
) -> Mapping[UUID, Sequence[Crossing]]:
    """Overdue follow-ups and milestones, and due reviews, by project, told or not."""
    found: defaultdict[UUID, list[Crossing]] = defaultdict(list)
    for query, crossing in ((_OVERDUE, follow_up_overdue), (_REVIEWS, review_due)):
        for project_id, *due in await database.fetch(query, workspace_id, projects, today):
            found[project_id].append(crossing(Owned(*due)))
    for project_id, *due in await database.fetch(_MILESTONES, workspace_id, projects, today):
        found[project_id].append(milestone_overdue(*due))
    return found


async def told_among(
    database: asyncpg.Pool, workspace_id: UUID, ids: Collection[UUID]
) -> frozenset[UUID]:
    rows = await database.fetch(_TOLD, workspace_id, list(ids)) if ids else []
    return frozenset(row["id"] for row in rows)
