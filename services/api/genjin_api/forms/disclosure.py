"""Sealed values of forms in the clear, at the last moment before they are shown. Pure; reading.py finds the keys."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from genjin.subjects.sealed_values import Keys, Places, Withheld, open_places
from genjin_api.forms.state import FormRecord, form_context


@dataclass(frozen=True, slots=True)
class ShownForm(FormRecord):
    """A form as it is shown. values are null at the places of withheld: the person was erased, or the key is not in
    this installation, or what is stored is damaged.
    """

    withheld: Mapping[str, Withheld] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Disclosed:
    """Documents of forms as they are shown, and how many values of which subject were opened for it."""

    documents: list[dict[str, Any]]
    opened: Mapping[str, int]


def places_of(document: Mapping[str, Any]) -> Places:
    """Where in a form's document values are sealed: nowhere in one of before the sealing."""
    places: Places = document.get("subjects") or {}
    return places


def disclosed(project_id: UUID, documents: Iterable[Mapping[str, Any]], keys: Keys) -> Disclosed:
    shown, counts = [], Counter[str]()
    for document in documents:
        places = places_of(document)
        context = form_context(project_id, document["form"], document["copy_number"])
        opened = open_places(document["values"], places, keys, context)
        shown.append({**document, "values": opened.values, "withheld": opened.withheld})
        for subject, of_subject in places.items():
            counts[subject] += len(set(of_subject) - opened.withheld.keys())
    return Disclosed(shown, +counts)
