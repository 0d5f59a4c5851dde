"""What the outside is told of a form: everything, but the values of a restricted one."""

from collections.abc import Mapping
from typing import Any

import orjson

# How a canonical body says that it may hold restricted values. Most events do not, and need not be parsed.
_MARKS = ('"restricted":true', '/restricted"', '"stakeholder.', '"form.erased"')


def form_payload(event: dict[str, Any]) -> dict[str, Any]:
    """Restricted forms hold personal data of customers' staff (attitudes, relations): values and changes stay inside,
    `restricted` says that something is missing.
    """
    if event["type"] == "form.erased":
        return event | {"changes": []}
    if not holds_restricted(event):
        return event
    data = event["data"]
    return event | {"data": {**data, "values": None} if data["restricted"] else data, "changes": []}


def holds_restricted(event: Mapping[str, Any]) -> bool:
    """Whether an event of any noun is one of a restricted form or of a contact, with its values; one of a stakeholder;
    of an erasure from a form; or the first of a form that is no longer restricted, with the values of before in its
    changes.
    """
    if event["type"].startswith("stakeholder."):
        # Also of those without values: their changes say who reported to whom.
        return True
    if event["type"].startswith("contact."):
        return bool(event["data"].get("restricted"))
    if event["type"] == "form.erased":
        # What is beside a sealed place may stand in the clear in its changes.
        return True
    if not event["type"].startswith("form.") or "values" not in event["data"]:
        return False
    return bool(event["data"]["restricted"]) or any(
        change["before"] is True and change["path"] == _restricted_path(event["data"])
        for change in event["changes"]
    )


def restricted_document(body: str) -> dict[str, Any] | None:
    """A stored body, parsed, where it holds restricted values."""
    if not any(mark in body for mark in _MARKS):
        return None
    document: dict[str, Any] = orjson.loads(body)
    return document if holds_restricted(document) else None


def _restricted_path(data: Mapping[str, Any]) -> str:
    return f"/forms/{data['form']}:{data['copy_number']}/restricted"
