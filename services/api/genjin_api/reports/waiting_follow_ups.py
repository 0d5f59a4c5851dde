"""The follow-ups of a portfolio that are not completed, in SQL."""

from genjin_api.reports.asking import standing
from genjin_api.reports.waiting_patterns import Waiting

FOLLOW_UP = "follow_up"

_NOW = "SELECT * FROM genjin.follow_up f WHERE f.workspace_id = :workspace AND f.status = 'open'"
_THEN = """
SELECT * FROM genjin.follow_up_past f
 WHERE f.workspace_id = :workspace AND f.position <= :position AND f.status = 'open'
   AND NOT EXISTS (SELECT FROM genjin.follow_up_past later
                    WHERE later.workspace_id = :workspace AND later.project_id = f.project_id
                      AND later.id = f.id AND later.version > f.version AND later.position <= :position)
"""


# Of projects that are not closed, which are known already where nobody is asked for: else the owner may hold no role.
def open_follow_ups(waiting: Waiting) -> str:
    running = f"({standing(waiting.asked)})" if waiting.person_id else "running"
    own = "AND f.owner_id = :person" if waiting.person_id else ""
    return f"""
    SELECT f.project_id, f.id, f.role, f.owner_id, f.due_on, s.template_key, s.template_version, s.stage
      FROM ({_NOW if waiting.asked.position is None else _THEN} {own}) AS f
      JOIN {running} AS s ON s.project_id = f.project_id AND s.status <> 'closed'
    """


# By owner: how many, and how many of them are past their day.
OWNERS = """
SELECT 'people', NULL, NULL, NULL, NULL, NULL, NULL, NULL, count(*) FILTER (WHERE due_on < :today), NULL,
       owner_id, ARRAY[0, 0, 0, 0, count(*)], NULL, NULL, NULL::timestamptz, NULL::date, NULL::uuid[]
  FROM follow_up GROUP BY owner_id
"""

# One by one, those first that are due first.
FIRST = f"""
SELECT 'items', i.template_key, i.template_version, i.stage, '{FOLLOW_UP}', i.id::text, i.role, NULL, NULL, NULL,
       NULL, NULL, i.project_id, p.code, NULL, i.due_on, ARRAY[i.owner_id]
  FROM (SELECT * FROM follow_up ORDER BY due_on, id LIMIT :limit) AS i
  JOIN genjin.project p ON p.workspace_id = :workspace AND p.id = i.project_id
"""
