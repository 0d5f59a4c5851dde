"""Sealed values of forms in the clear, at the last moment before they are shown. Pure; reading.py finds the keys."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from genjin.subjects.contexts import form_context
from genjin.subjects.sealed_values import Keys, Withheld, value_at
from genjin.templates.model import FormSpec
from genjin_api.forms.links import LinkedDocument
from genjin_api.forms.state import FormRecord
from genjin_api.forms.withholding import plain_places
from genjin_api.subjects.disclosure import disclosed_document, places_of


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


def disclosed(
    project_id: UUID,
    documents: Iterable[Mapping[str, Any]],
    keys: Keys,
    specs: Mapping[str, FormSpec],
) -> Disclosed:
    """For readers who may see what is restricted; withholding.py for the others. specs: of the project's template."""
    shown, forms, counts = [], [], Counter[str]()
    for document in documents:
        context = form_context(project_id, document["form"], document["copy_number"])
        found = disclosed_document(document, keys, context)
        shown.append(found.document)
        counts.update(found.opened)
        if any(found.opened.values()) or _shows_in_the_clear(document, specs):
            forms.append(document["form"])
    return Disclosed(shown, forms, +counts)


def _shows_in_the_clear(document: Mapping[str, Any], specs: Mapping[str, FormSpec]) -> bool:
    """Whether something restricted was never sealed: no erasure empties it, also where it empties what is beside."""
    if document["restricted"] and not places_of(document) and document["values"]:
        return True
    plain = plain_places(document, specs.get(document["form"]))
    return any(value_at(document["values"], place) is not None for place in plain)
