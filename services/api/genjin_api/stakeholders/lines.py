"""Reporting lines inside the customer. Pure."""

from collections.abc import Mapping
from uuid import UUID

from genjin_api.refusal import Refusal, field_refusal
from genjin_api.stakeholders.state import Stakeholders, active

# To whom each of a project's stakeholders reports; None: to nobody known.
Lines = Mapping[UUID, UUID | None]


def lines_of(stakeholders: Stakeholders) -> Lines:
    return {one.id: one.reports_to for one in active(stakeholders)}


def refuse_line(lines: Lines, contact_id: UUID, reports_to: UUID | None) -> Refusal | None:
    """A line leads to another active stakeholder of the project, and never back."""
    if reports_to is None:
        return None
    if reports_to != contact_id and reports_to not in lines:
        rule = f"no stakeholder {reports_to} in this project"
        return field_refusal("field_invalid", "/reports_to", rule)
    if contact_id in chain_above(lines, reports_to):
        rule = "the line would lead back to who reports"
        return field_refusal("reporting_cycle", "/reports_to", rule)
    return None


def chain_above(lines: Lines, contact_id: UUID) -> list[UUID]:
    """Who is there, and who stands above, nearest first; ends where a line comes back."""
    chain: list[UUID] = []
    here: UUID | None = contact_id
    while here is not None and here not in chain:
        chain.append(here)
        here = lines.get(here)
    return chain
