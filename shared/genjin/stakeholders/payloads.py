"""What the outside is told of contacts and stakeholders: that something was said of one, never what."""

from typing import Any

_INSIDE = ("values", "roles", "reports_to", "subjects")


def stakeholder_payload(event: dict[str, Any]) -> dict[str, Any]:
    """Personal data and attitudes of the customer's staff, sealed or not, and who stands where, stay inside;
    `restricted` says that something is missing.
    """
    data = {name: None if name in _INSIDE else value for name, value in event["data"].items()}
    return event | {"data": data, "changes": []}
