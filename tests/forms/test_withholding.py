"""What of a form and its events is kept from who may not see restricted values."""

from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from genjin.catalog import decode, public_payload
from genjin.event import RecordedEvent
from genjin.forms.payloads import form_payload, restricted_document
from genjin.subjects.sealed_values import clear_places
from genjin.templates.model import FormSpec
from genjin_api.audit.recording import restricted_of
from genjin_api.forms.disclosure import disclosed
from genjin_api.forms.personal import personal_places
from genjin_api.forms.withholding import (
    WITHHELD,
    Sight,
    plain_places,
    withheld_event,
    withheld_form,
)
from tests.pursuit import TEMPLATE

SECRET, PUBLIC = "一句不可外传的话", "一句谁都可以看的话"
PERSON = str(UUID(int=1))
_NAME = {"type": "string", "x-restricted": True}
_PEOPLE = {"type": "array", "items": {"type": "object", "properties": {"name": _NAME, "post": {}}}}
_FIELDS: dict[str, dict[str, Any]] = {
    "place": {"type": "string"},
    "name": _NAME,
    "people": _PEOPLE,
    "crowd": {**_PEOPLE, "x-restricted": True},
    "address": {"type": "object", "properties": {"street": _NAME, "city": {"type": "string"}}},
}
_VALUES: dict[str, Any] = {
    "place": PUBLIC,
    "name": SECRET,
    "people": [{"name": SECRET, "post": PUBLIC}, {"name": SECRET}],
    "crowd": [{"name": SECRET, "post": SECRET}, {"post": SECRET}],
    "address": {"street": SECRET, "city": PUBLIC},
}
# The places that may be sealed, each alone or as the parts that it was taken apart into.
_SEALABLE = [
    *(["/name"], ["/people/0/name"], ["/people/1/name"], ["/crowd"], ["/crowd/0", "/crowd/1"]),
    *(["/crowd/0/name"], ["/address/street"]),
]


def spec(**properties: Any) -> FormSpec:
    schema = {"type": "object", "properties": properties}
    return FormSpec.model_validate({"title": {"zh": "表", "en": "form"}, "schema": schema})


def saved(values: dict[str, Any], sealed: list[str], *, restricted: bool = True) -> dict[str, Any]:
    subjects = {PERSON: sealed} if sealed else {}
    return {
        **{"form": "report", "copy_number": 1, "restricted": restricted},
        **{"values": values, "subjects": subjects},
    }


def event(data: dict[str, Any], *changes: dict[str, Any]) -> dict[str, Any]:
    return {"type": "form.revised", "data": data, "changes": list(changes)}


def change(place: str, before: Any, after: Any) -> dict[str, Any]:
    return {"path": f"/forms/report:1{place}", "before": before, "after": after}


def text_of(document: Any) -> str:
    return orjson.dumps(document).decode()


def lie_in_each_other(place: str, other: str) -> bool:
    return f"{place}/".startswith(f"{other}/") or f"{other}/".startswith(f"{place}/")


@given(
    fields=st.sets(st.sampled_from(sorted(_FIELDS)), min_size=1),
    sealed=st.lists(st.sampled_from(_SEALABLE), max_size=4, unique_by=str),
)
def test_whatever_of_a_form_is_sealed_nothing_restricted_is_shown_and_all_else_is(
    fields: set[str], sealed: list[list[str]]
) -> None:
    known = spec(**_FIELDS)
    values = {name: _VALUES[name] for name in fields}
    places: list[str] = []
    for place in (one for few in sealed for one in few if one.split("/")[1] in fields):
        if not any(lie_in_each_other(place, one) for one in places):
            places.append(place)
    document = saved(values, places)
    for shown in (
        withheld_form(document, known)["values"],
        withheld_event(event(saved(clear_places(values, places), places)), known)["data"]["values"],
    ):
        assert SECRET not in text_of(shown)
        assert text_of(shown).count(PUBLIC) == text_of(values).count(PUBLIC)
    if not places:
        assert sorted(plain_places(document, known)) == sorted(
            personal_places(known.json_schema, values)
        )


def test_of_a_form_that_the_template_does_not_know_everything_is_withheld() -> None:
    """But where something is sealed the template of then knew what was to be, and the rest was for everybody."""
    values = {"name": SECRET, "place": PUBLIC}
    for known in (None, spec(place={"type": "string"})):
        assert plain_places(saved(values, []), known) == ["/name", "/place"]
        assert plain_places(saved(values, ["/name"]), known) == []
    assert plain_places(saved(values, []), spec(other=_NAME)) == ["/name", "/place"]
    assert plain_places(saved(values, [], restricted=False), spec(name=_NAME)) == []


def test_what_is_restricted_and_not_sealed_is_shown_with_a_record_also_after_an_erasure() -> None:
    """Of the person whom the sealed values beside it were about."""
    specs = {"report": spec(**_FIELDS)}

    def forms(values: dict[str, Any]) -> list[str]:
        return disclosed(UUID(int=2), [saved(values, ["/crowd"])], {PERSON: None}, specs).forms

    assert forms({"crowd": None, "name": SECRET}) == ["report"]
    assert forms({"crowd": None, "name": None, "place": PUBLIC}) == []


def test_a_change_of_a_restricted_member_is_told_without_its_values() -> None:
    changes = [
        change("/values/people", [{"name": SECRET}], "sealed"),
        change("/values/address/street", None, SECRET),
        change("/values/unknown", SECRET, None),
        change("/values/place", None, PUBLIC),
        change("/revision", 1, 2),
    ]
    shown = withheld_event(event(saved(_VALUES, []), *changes), spec(**_FIELDS))["changes"]
    assert [one["path"] for one in shown] == [one["path"] for one in changes]
    hidden = {"before": WITHHELD, "after": WITHHELD}
    assert [one | hidden == one for one in shown] == [True, True, True, False, False]
    assert shown[3:] == changes[3:]


def test_the_event_that_ends_a_restriction_is_one_of_restricted_values_still() -> None:
    """As after the move to a template that marks nothing: what stood there before is in its changes."""
    data = saved({"name": PUBLIC}, [], restricted=False)
    ended = event(data, change("/restricted", True, False), change("/values/name", SECRET, PUBLIC))
    assert form_payload(ended) == {**ended, "changes": []}
    body = text_of(ended)
    assert restricted_document(body) == ended
    assert restricted_of([RecordedEvent(1, "project-1", 1, "form.revised", body, b"")]) == [ended]
    assert SECRET not in text_of(withheld_event(ended, None))
    public = event(data, change("/values/name", PUBLIC, PUBLIC))
    assert form_payload(public) == public
    assert restricted_document(text_of(public)) is None


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("form.erased", {"form": "report", "copy_number": 1, "subject_id": PERSON}),
        ("stakeholder.removed", {"contact_id": PERSON, "reason": SECRET}),
        ("stakeholder.erased", {"contact_id": PERSON, "subject_id": PERSON}),
    ],
)
def test_an_event_that_has_no_values_keeps_those_of_before_inside(
    kind: str, data: dict[str, Any]
) -> None:
    told = {"type": kind, "data": data, "changes": [change("/values/people", SECRET, None)]}
    recorded = RecordedEvent(1, "project-1", 1, kind, text_of(told), b"")
    assert restricted_of([recorded]) == [told]
    outside = public_payload(told)
    inside = Sight(TEMPLATE).of(recorded).body
    for shown in (text_of(outside), inside):
        assert SECRET not in shown
        assert orjson.loads(shown)["changes"] == []
        assert orjson.loads(shown)["data"].keys() == data.keys()


def test_an_event_that_cannot_be_read_says_nothing_of_what_stands_in_it() -> None:
    """The error goes into the log of the process."""
    with pytest.raises(ValidationError) as caught:
        decode("form.completed", 1, {**saved({"name": SECRET}, []), "odd": [SECRET]})
    assert "odd" in str(caught.value)
    assert SECRET not in str(caught.value)
