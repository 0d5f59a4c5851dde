"""Reporting lines inside the customer. Pure."""

from uuid import UUID

from genjin_api.refusal import Refusal, field_refusal
from genjin_api.stakeholders.state import Stakeholders


def refuse_line(
    stakeholders: Stakeholders, contact_id: UUID, reports_to: UUID | None
) -> Refusal | None:
    """A line leads to another active stakeholder of the project, and never back."""
    if reports_to is None:
        return None
    above = stakeholders.get(str(reports_to))
    if reports_to != contact_id and (above is None or above.status == "removed"):
        rule = f"no stakeholder {reports_to} in this project"
        return field_refusal("field_invalid", "/reports_to", rule)
    if contact_id in chain_above(stakeholders, reports_to):
        rule = "the line would lead back to who reports"
        return field_refusal("reporting_cycle", "/reports_to", rule)
    return None


def chain_above(stakeholders: Stakeholders, contact_id: UUID) -> list[UUID]:
    """Who is there, and who stands above, nearest first; ends where a line comes back."""
    chain: list[UUID] = []
    here: UUID | None = contact_id
    while here is not None and here not in chain:
        chain.append(here)
        above = stakeholders.get(str(here))
        here = above.reports_to if above else None
    return chain
