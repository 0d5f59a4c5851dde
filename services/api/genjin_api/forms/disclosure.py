"""Sealed values of forms in the clear, at the last moment before they are shown. Pure; reading.py finds the keys."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from genjin.subjects.sealed_values import Keys, Opened, Places, Withheld, open_places, withhold
from genjin_api.forms.state import FormRecord, form_context


@dataclass(frozen=True, slots=True)
class ShownForm(FormRecord):
    """A form as it is shown. values are null at the places of withheld: the person was erased, or the key is not in
    this installation, or what is stored is damaged, or the reader holds no role in the project.
    """

    withheld: Mapping[str, Withheld]


@dataclass(frozen=True, slots=True)
class Disclosed:
    """Documents of forms as they are shown; the forms of which something restricted is in the clear there, and of which
    subject how many values were opened for it.
    """

    documents: list[dict[str, Any]]
    forms: list[str]
    opened: Mapping[str, int]


def places_of(document: Mapping[str, Any]) -> Places:
    """Where in a form's document values are sealed: nowhere in one of before the sealing."""
    places: Places = document["subjects"]
    return places


def disclosed(
    project_id: UUID, documents: Iterable[Mapping[str, Any]], keys: Keys | None
) -> Disclosed:
    """keys None: the reader may see nothing that is sealed."""
    shown, forms, counts = [], [], Counter[str]()
    for document in documents:
        places = places_of(document)
        opened = _open(project_id, document, keys)
        shown.append({**document, "values": opened.values, "withheld": opened.withheld})
        in_the_clear = {
            subject: len(set(of_subject) - opened.withheld.keys())
            for subject, of_subject in places.items()
        }
        counts.update(in_the_clear)
        never_sealed = document["restricted"] and not places and document["values"]
        if never_sealed or any(in_the_clear.values()):
            forms.append(document["form"])
    return Disclosed(shown, forms, +counts)


def _open(project_id: UUID, document: Mapping[str, Any], keys: Keys | None) -> Opened:
    values, places = document["values"], places_of(document)
    if keys is None:
        return withhold(values, places, "restricted")
    context = form_context(project_id, document["form"], document["copy_number"])
    return open_places(values, places, keys, context)
