"""What of a project's forms, and of their events, is kept from who may not see restricted values. Pure.

Every door asks here. Sealed values tell nothing. But some stand in the clear in the log for good: those that were saved
before there was sealing, and those that the project's template of today marks and that of then did not. Where they
stand, the template says. What it knows nothing of (any more) is kept too, where nothing of the form is sealed.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from genjin.canonical import canonical_json
from genjin.event import RecordedEvent
from genjin.forms.payloads import form_payload, restricted_document
from genjin.stakeholders.payloads import stakeholder_payload
from genjin.subjects.sealed_values import Withheld, clear_places, value_at, withhold
from genjin.templates.model import FormSpec, Template
from genjin_api.forms.personal import may_be_personal, personal_places
from genjin_api.forms.state import FormRecord
from genjin_api.refusal import pointer

Document = Mapping[str, Any]

_RESTRICTED: Withheld = "restricted"
# What stands in a change for a value that is withheld.
WITHHELD: Document = {"withheld": _RESTRICTED}


@dataclass(frozen=True, slots=True)
class Sight:
    """How a reader sees a project's events. template None: in full; else it is the project's, and says what is kept
    from them.
    """

    template: Template | None = None

    @property
    def is_full(self) -> bool:
        return self.template is None

    def form(self, key: str) -> FormSpec | None:
        """What the template says of a form, as far as it knows it."""
        return self.template.forms.get(key) if self.template else None

    def of(self, event: RecordedEvent) -> RecordedEvent:
        """The event as it is shown. Where something is withheld the leaf hash stays that of the event in the log."""
        document = None if self.is_full else restricted_document(event.body)
        if document is None:
            return event
        if event.type.startswith("stakeholder."):
            return event._replace(body=canonical_json(stakeholder_payload(document)))
        if event.type == "form.erased":
            return event._replace(body=canonical_json(form_payload(document)))
        spec = self.form(document["data"]["form"])
        return event._replace(body=canonical_json(withheld_event(document, spec)))


FULL = Sight()


def withheld_form(document: Document, spec: FormSpec | None) -> dict[str, Any]:
    """A form's document without its restricted values, and with the places where they are missing."""
    plain = plain_places(document, spec)
    shown = withhold(document["values"], document.get("subjects") or {}, _RESTRICTED)
    return {
        **document,
        "values": clear_places(shown.values, plain),
        "withheld": shown.withheld | dict.fromkeys(plain, _RESTRICTED),
    }


def public_values(record: FormRecord, spec: FormSpec | None) -> Document:
    """A form's values with null in the place of each restricted one."""
    if not record.restricted:
        return record.values
    sealed = [place for places in record.subjects.values() for place in places]
    return clear_places(record.values, [*sealed, *_plain(record.values, sealed, spec)])


def withheld_event(document: Document, spec: FormSpec | None) -> dict[str, Any]:
    """An event of a restricted form: what is sealed in it stays, what it has in the clear does not. A change may have
    the value of an earlier revision in the clear, whatever is sealed in the event itself.
    """
    data, key = document["data"], f"{document['data']['form']}:{document['data']['copy_number']}"
    plain = plain_places(data, spec)
    shown = {**data, "values": clear_places(data["values"], plain)}
    if plain:
        shown["withheld"] = dict.fromkeys(plain, _RESTRICTED)
    values = f"{pointer('forms', key, 'values')}/"
    changes = [_withheld_change(change, values, spec) for change in document["changes"]]
    return {**document, "data": shown, "changes": changes}


def _withheld_change(change: Document, values: str, spec: FormSpec | None) -> Document:
    path = change["path"]
    if not path.startswith(values):
        return change
    member = path[len(values) :].partition("/")[0].replace("~1", "/").replace("~0", "~")
    if not _is_personal(spec, member):
        return change
    return {"path": path, "before": WITHHELD, "after": WITHHELD}


def plain_places(form: Document, spec: FormSpec | None) -> list[str]:
    """JSON Pointers into a form's values, to personal ones in the clear. form: restricted, values and subjects, as a
    document of it or the data of its events has them. spec: of the project's template, None where it has no such form.
    """
    if not form["restricted"]:
        return []
    places = (form.get("subjects") or {}).values()
    return _plain(form["values"], [place for of_one in places for place in of_one], spec)


def _plain(values: Document, sealed: Sequence[str], spec: FormSpec | None) -> list[str]:
    """The personal places that do not lie in sealed ones."""
    if spec is None or not spec.restricted:
        return [] if sealed else [pointer(key) for key in values]
    within, above = frozenset(sealed), {one for place in sealed for one in _above(place)}
    return [
        part
        for place in _personal_places(values, spec.json_schema, known=bool(sealed))
        for part in _beside(value_at(values, place), place, within, above)
    ]


def _personal_places(values: Document, schema: Document, *, known: bool) -> list[str]:
    """Also what the schema does not know, unless the template of then, which may have been another one, is known to
    have been asked when the values were saved.
    """
    places = personal_places(schema, values)
    if known:
        return places
    unknown = [pointer(key) for key in values if key not in schema.get("properties", {})]
    return list(dict.fromkeys([*unknown, *places]))


def _is_personal(spec: FormSpec | None, member: str) -> bool:
    return spec is None or not spec.restricted or may_be_personal(spec.json_schema, member)


def _beside(value: Any, place: str, sealed: Set[str], above: Set[str]) -> Iterator[str]:
    """The place, or the parts of it that do not lie in a sealed one. above: what has a sealed place in it."""
    if place in sealed or not sealed.isdisjoint(_above(place)):
        return
    if place not in above:
        yield place
        return
    for key, item in value.items() if isinstance(value, Mapping) else enumerate(value):
        yield from _beside(item, place + pointer(key), sealed, above)


def _above(place: str) -> Iterator[str]:
    while place:
        place = place.rpartition("/")[0]
        yield place
