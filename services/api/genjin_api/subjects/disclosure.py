"""One document with sealed values in the clear, whatever it is of. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from genjin.subjects.sealed_values import Keys, Opened, Places, open_places, value_at, withhold

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DisclosedDocument:
    """A document as it is shown: values null at the places of withheld, which says why. opened counts by subject what
    is in the clear.
    """

    document: dict[str, Any]
    opened: Mapping[str, int]


def disclosed_document(document: Document, keys: Keys | None, context: str) -> DisclosedDocument:
    """document has values, and in subjects the places where they are sealed. keys None: not for this reader."""
    places = places_of(document)
    opened = _open(document["values"], places, keys, context)
    shown = {**document, "values": opened.values, "withheld": opened.withheld}
    counts = {
        subject: len(set(of_subject) - opened.withheld.keys())
        for subject, of_subject in places.items()
    }
    return DisclosedDocument(shown, counts)


def places_of(document: Document) -> Places:
    """Where values of a document are sealed: nowhere in one of before the sealing."""
    return document.get("subjects") or {}


def erased_meanwhile(kept: Document, shown: Document) -> list[str]:
    """Whose key was destroyed between the sealing and the append: the erasure did not see this document."""
    return [
        subject
        for subject, places in places_of(kept).items()
        if any(shown["withheld"].get(place) == "erased" for place in places)
        and any(value_at(kept["values"], place) is not None for place in places)
    ]


def _open(values: Mapping[str, Any], places: Places, keys: Keys | None, context: str) -> Opened:
    if keys is None:
        return withhold(values, places, "restricted")
    return open_places(values, places, keys, context)
