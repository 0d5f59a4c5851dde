"""The risk register: the table genjin.risk and the queries on it."""

from typing import Any
from uuid import UUID

from genjin_api.risks.state import Risk


def risk_row(project_id: UUID, risk: Risk) -> dict[str, Any]:
    return {
        "project_id": project_id,
        "id": risk.id,
        "category": risk.category,
        "status": risk.status,
        "score": risk.score,
        "band": risk.band,
        "owner_id": risk.owner_id,
        "body": risk,
    }


# A project's risks, the heaviest first; $3 narrows to a status.
REGISTER = """
SELECT body FROM genjin.risk
 WHERE workspace_id = $1 AND project_id = $2 AND ($3::text IS NULL OR status = $3)
 ORDER BY score DESC NULLS LAST, id
"""

ONE = "SELECT body FROM genjin.risk WHERE workspace_id = $1 AND project_id = $2 AND id = $3"

# How many risks that are not closed stand on each field of the probability and impact grid.
MATRIX = """
SELECT (body->>'probability')::int AS probability, (body->>'impact')::int AS impact, band, count(*) AS risks
  FROM genjin.risk
 WHERE workspace_id = $1 AND project_id = $2 AND status <> 'closed' AND score IS NOT NULL
 GROUP BY 1, 2, 3 ORDER BY 1, 2
"""
