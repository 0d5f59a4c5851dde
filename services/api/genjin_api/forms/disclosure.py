"""Sealed values of forms in the clear, at the last moment before they are shown. Pure; reading.py finds the keys."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from genjin.subjects.sealed_values import Keys, Places, Withheld, open_places
from genjin_api.forms.links import LinkedDocument
from genjin_api.forms.state import FormRecord, form_context


@dataclass(frozen=True, slots=True)
class ShownForm(FormRecord):
    """A form as it is shown. values are null at the places of withheld: the person was erased, or the key is not in
    this installation, or what is stored is damaged, or the reader holds no role in the project. documents are those of
    the project that values link to.
    """

    withheld: Mapping[str, Withheld]
    documents: list[LinkedDocument]


@dataclass(frozen=True, slots=True)
class Disclosed:
    """Documents of forms as they are shown; the forms of which something restricted is in the clear there, and of which
    subject how many values were opened for it.
    """

    documents: list[dict[str, Any]]
    forms: list[str] = field(default_factory=list)
    opened: Mapping[str, int] = field(default_factory=dict)


def places_of(document: Mapping[str, Any]) -> Places:
    """Where in a form's document values are sealed: nowhere in one of before the sealing."""
    return document.get("subjects") or {}


def disclosed(project_id: UUID, documents: Iterable[Mapping[str, Any]], keys: Keys) -> Disclosed:
    """For readers who may see what is restricted; withholding.py for the others."""
    shown, forms, counts = [], [], Counter[str]()
    for document in documents:
        values, places = document["values"], places_of(document)
        context = form_context(project_id, document["form"], document["copy_number"])
        opened = open_places(values, places, keys, context)
        shown.append({**document, "values": opened.values, "withheld": opened.withheld})
        in_the_clear = {
            subject: len(set(of_subject) - opened.withheld.keys())
            for subject, of_subject in places.items()
        }
        counts.update(in_the_clear)
        never_sealed = document["restricted"] and not places and values
        if never_sealed or any(in_the_clear.values()):
            forms.append(document["form"])
    return Disclosed(shown, forms, +counts)
