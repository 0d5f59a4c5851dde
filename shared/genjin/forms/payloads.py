"""What the outside is told of a form: everything, but the values of a restricted one."""

from collections.abc import Mapping
from typing import Any


def form_payload(event: dict[str, Any]) -> dict[str, Any]:
    """Restricted forms hold personal data of customers' staff (attitudes, relations): values and changes stay inside,
    `restricted` says that something is missing.
    """
    if event["type"] == "form.erased":
        return event | {"changes": []}
    if not holds_restricted(event):
        return event
    return event | {"data": {**event["data"], "values": None}, "changes": []}


def holds_restricted(event: Mapping[str, Any]) -> bool:
    """Whether an event of any noun is one of a restricted form, with its values."""
    is_form = event["type"].startswith("form.")
    return is_form and bool(event["data"].get("restricted"))
