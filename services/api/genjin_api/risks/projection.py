"""The risk register: the table genjin.risk and the queries on it."""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from genjin_api.risks.state import Risk, Risks


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


def register_from(risks: Risks, status: str | None) -> Iterable[Risk]:
    """What REGISTER answers, from a state."""
    found = [risk for risk in risks.values() if status in (None, risk.status)]
    return sorted(found, key=lambda risk: (risk.score is None, -(risk.score or 0), risk.id))


def matrix_from(risks: Risks) -> list[dict[str, Any]]:
    """What MATRIX answers, from a state."""
    fields = Counter(
        (risk.probability, risk.impact, risk.band)
        for risk in risks.values()
        if risk.status != "closed" and risk.score is not None
    )
    return [
        {"probability": probability, "impact": impact, "band": band, "risks": count}
        for (probability, impact, band), count in sorted(fields.items(), key=_place_in_matrix)
    ]


def _place_in_matrix(field: tuple[tuple[Any, ...], int]) -> tuple[int, int]:
    (probability, impact, _band), _count = field
    return probability, impact
