"""What is told of an event to a receiver who was granted the restricted class: its values in the clear. Pure.

Only what the event itself says: its changes, which would have the values of before, stay inside for everybody.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from genjin.event import identifier_in
from genjin.stakeholders.payloads import INSIDE
from genjin.subjects.contexts import (
    contact_context,
    form_context,
    score_context,
    stakeholder_context,
)
from genjin.subjects.sealed_values import Keys, open_places

Document = Mapping[str, Any]


def is_granted_more(event: Document) -> bool:
    """Whether an event has anything that the rest of the outside is not told."""
    noun, data = event["type"].partition(".")[0], event["data"]
    if noun in ("contact", "stakeholder"):
        return not INSIDE.isdisjoint(data)
    return bool(noun == "form" and data.get("restricted"))


def granted_payload(event: Document, keys: Keys) -> dict[str, Any]:
    """Of an event that is_granted_more. Values are null at the places of withheld, which says why (erased)."""
    data = dict(event["data"])
    if "values" in data:
        opened = open_places(data["values"], data.get("subjects") or {}, keys, _context(event))
        data |= {"values": opened.values, "withheld": opened.withheld}
    return {**event, "data": data, "changes": []}


def _context(event: Document) -> str:
    data, stream_id = event["data"], identifier_in(event["stream"])
    match event["type"].partition("."):
        case "form", _, _:
            return form_context(stream_id, data["form"], data["copy_number"])
        case "contact", _, _:
            return contact_context(stream_id)
        case "stakeholder", _, "scored":
            return score_context(stream_id, UUID(data["contact_id"]), data["number"])
        case _:
            return stakeholder_context(stream_id, UUID(data["contact_id"]))
