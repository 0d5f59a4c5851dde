"""What the outside is told of contacts and stakeholders: that something was said of one, never what."""

from typing import Any

# Of the data of their events.
INSIDE = frozenset(
    {
        *("values", "roles", "reports_to", "subjects", "reason"),
        *("project_id", "form", "revision", "form_places", "form_details"),
    }
)


def stakeholder_payload(event: dict[str, Any]) -> dict[str, Any]:
    """Personal data and attitudes of the customer's staff, sealed or not, who stands where, and why one is no longer
    there stay inside; `restricted`, where it is, says that something is missing.
    """
    data = {name: None if name in INSIDE else value for name, value in event["data"].items()}
    return event | {"data": data, "changes": []}
