"""What sealed values are bound to: they open nowhere else."""

from uuid import UUID


def form_context(project_id: UUID, form: str, copy_number: int) -> str:
    """Of one copy of a form."""
    return f"{project_id}/{form}:{copy_number}"


def contact_context(contact_id: UUID) -> str:
    return f"contact/{contact_id}"


def stakeholder_context(project_id: UUID, contact_id: UUID) -> str:
    return f"{project_id}/stakeholder:{contact_id}"


def score_context(project_id: UUID, contact_id: UUID, number: int) -> str:
    return f"{stakeholder_context(project_id, contact_id)}/score:{number}"
