"""Where personal data stands in a form, and whose it is."""

from typing import Any
from uuid import UUID

import pytest

from genjin_api.forms.personal import personal_places, whose
from genjin_api.refusal import Refusal

NAME = {"type": "string", "x-restricted": True}
PEOPLE = {
    "type": "array",
    "items": {"type": "object", "properties": {"name": NAME, "said": {"type": "string"}}},
}
OWN, WANG, LI = UUID(int=1), UUID(int=2), UUID(int=3)


def _schema(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def test_only_what_is_marked_is_personal() -> None:
    schema = _schema(name=NAME, people=PEOPLE, place={"type": "string"})
    values = {"name": "王工", "place": "天津", "people": [{"name": "李工", "said": "可以"}, {}]}
    assert personal_places(schema, values) == ["/name", "/people/0/name"]


def test_what_is_marked_as_a_whole_is_personal_as_a_whole() -> None:
    schema = _schema(people={**PEOPLE, "x-restricted": True})
    assert personal_places(schema, {"people": [{"name": "李工"}]}) == ["/people"]


@pytest.mark.parametrize("odd", ["李工", 7, None, {"name": "李工"}])
def test_a_draft_whose_value_is_of_another_kind_hides_nothing_from_the_marks(odd: Any) -> None:
    assert personal_places(_schema(people=PEOPLE), {"people": odd}) == ["/people"]


@pytest.mark.parametrize(
    "schema",
    [
        {"anyOf": [NAME, {"type": "null"}]},
        {"type": "object", "properties": {"name": NAME}, "patternProperties": {"^x": NAME}},
        {"type": "object", "additionalProperties": NAME},
        {"type": "array", "prefixItems": [NAME]},
        {"type": "object", "properties": {}, "if": {"properties": {"name": NAME}}},
    ],
)
def test_where_a_schema_is_not_plain_the_whole_value_is_personal(schema: dict[str, Any]) -> None:
    assert personal_places(_schema(field=schema), {"field": {"name": "王工"}}) == ["/field"]


def test_a_form_that_is_marked_itself_is_personal_member_by_member() -> None:
    schema = {**_schema(a={}, b={}), "x-restricted": True}
    assert personal_places(schema, {"a": 1, "b": [2]}) == ["/a", "/b"]


def test_keys_with_odd_characters_are_escaped() -> None:
    assert personal_places(_schema(**{"a/b~c": NAME}), {"a/b~c": "王工"}) == ["/a~1b~0c"]


def test_what_nobody_is_named_for_is_the_forms_own() -> None:
    assert whose({"name": "王工"}, ["/name"], {}, OWN) == {str(OWN): ("/name",)}


def test_the_nearest_pointer_above_a_value_says_whose_it_is() -> None:
    values = {"people": [{"name": "王工", "post": "总工"}, {"name": "李工"}]}
    places = ["/people/0/name", "/people/0/post", "/people/1/name"]
    named = {"/people": WANG, "/people/1": LI}
    assert whose(values, places, named, OWN) == {
        str(WANG): ("/people/0/name", "/people/0/post"),
        str(LI): ("/people/1/name",),
    }


def test_a_list_of_several_persons_is_taken_apart_where_they_are_named() -> None:
    values = {"people": [{"name": "王工"}, {"name": "李工"}, {"name": "赵工"}]}
    named = {"/people/0": WANG, "/people/2": LI}
    assert whose(values, ["/people"], named, OWN) == {
        str(OWN): ("/people/1",),
        str(WANG): ("/people/0",),
        str(LI): ("/people/2",),
    }


def test_an_empty_pointer_is_everything() -> None:
    values = {"name": "王工", "people": [{"name": "李工"}, {"name": "赵工"}]}
    named = {"": WANG, "/people/1": LI}
    assert whose(values, ["/name", "/people"], named, OWN) == {
        str(WANG): ("/name", "/people/0"),
        str(LI): ("/people/1",),
    }


def test_an_object_is_not_taken_apart_by_names_that_nobody_declared() -> None:
    refusal = whose({"people": {"王工": 1}}, ["/people"], {"/people/王工": WANG}, OWN)
    assert isinstance(refusal, Refusal)


def test_more_values_than_one_walk_can_bear_are_refused() -> None:
    refusal = whose({"people": [1] * 20_000}, ["/people"], {"/people/0": WANG}, OWN)
    assert isinstance(refusal, Refusal)
    assert [error.pointer for error in refusal.errors] == ["/values"]


def test_a_misspelt_member_beside_personal_ones_is_personal_too() -> None:
    assert personal_places(
        _schema(people=PEOPLE), {"people": [{"nmae": "王工", "said": "可以"}]}
    ) == ["/people/0/nmae"]


@pytest.mark.parametrize("unused", ["/place", "/people/7", "/name/first", "/na"])
def test_a_pointer_that_leads_to_nothing_personal_is_refused_by_name(unused: str) -> None:
    values = {"name": "王工", "place": "天津", "people": [{"name": "李工"}]}
    refusal = whose(values, ["/name", "/people"], {unused: WANG}, OWN)
    assert isinstance(refusal, Refusal)
    assert [error.pointer for error in refusal.errors] == [f"/subjects/{WANG}"]
    assert refusal.detail.startswith(f"{unused} leads to no")


def test_a_pointer_that_others_cover_wholly_is_refused() -> None:
    """Who named it meant something by it: a person whose data is nowhere cannot be erased."""
    named = {"/people": WANG, "/people/0": LI}
    refusal = whose({"people": [{"name": "李工"}]}, ["/people"], named, OWN)
    assert isinstance(refusal, Refusal)
