"""Personal values sealed in place, and opened again."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genjin.subjects.sealed_values import clear_places, open_places, seal_places, value_at
from tests.specification import key_of

CONTEXT = "project/visit_report:1"
WANG, LI = "019ab0c2-7c1e-7d3a-9a51-3f0c6a2b4e10", "019ab0c2-7c1e-7d3a-9a51-3f0c6a2b4e11"
KEYS = {WANG: key_of(WANG), LI: key_of(LI)}
VALUES = {
    "name": "王工",
    "place": "天津",
    "people": [{"name": "王工"}, {"name": "李工", "post": None}],
}
PLACES = {WANG: ["/name", "/people/0"], LI: ["/people/1/name", "/people/1/post"]}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=8,
)


def _sealed(values: dict[str, Any] = VALUES) -> dict[str, Any]:
    return seal_places(values, PLACES, KEYS, CONTEXT)


@given(st.dictionaries(st.text(max_size=5), JSON, max_size=5), st.data())
def test_what_was_sealed_opens_to_what_it_was(values: dict[str, Any], data: st.DataObject) -> None:
    keys = data.draw(st.lists(st.sampled_from(sorted(values)), unique=True)) if values else []
    places = {WANG: [f"/{key.replace('~', '~0').replace('/', '~1')}" for key in keys]}
    opened = open_places(seal_places(values, places, KEYS, CONTEXT), places, KEYS, CONTEXT)
    assert opened.values == values
    assert opened.withheld == {}


def test_nothing_of_a_value_is_left_where_it_stood() -> None:
    sealed = _sealed()
    assert "王工" not in str(sealed) and "李工" not in str(sealed)
    assert sealed["place"] == "天津"
    assert all(isinstance(value_at(sealed, place), str) for of in PLACES.values() for place in of)


def test_the_values_that_were_given_are_left_alone() -> None:
    before = str(VALUES)
    clear_places(_sealed(), ["/name"])
    assert str(VALUES) == before


def test_the_same_value_at_the_same_place_is_the_same_text_and_another_elsewhere() -> None:
    sealed = _sealed()
    assert sealed == _sealed()
    assert sealed["name"] != seal_places(VALUES, PLACES, KEYS, "project/visit_report:2")["name"]
    assert sealed["name"] != _sealed({**VALUES, "name": "李工"})["name"]
    two = {"name": "王工", "people": ["王工"]}
    places = {WANG: ["/name", "/people/0"]}
    same = seal_places(two, places, KEYS, CONTEXT)
    assert same["name"] != same["people"][0]


def test_a_short_value_is_as_long_as_another() -> None:
    lengths = {
        len(_sealed({**VALUES, "name": name})["name"]) for name in ("王", "欧阳工", "李", "")
    }
    assert len(lengths) == 1


def test_without_its_key_a_value_is_withheld_and_the_reason_is_said() -> None:
    opened = open_places(_sealed(), PLACES, {WANG: None, LI: KEYS[LI]}, CONTEXT)
    assert opened.values == {**VALUES, "name": None, "people": [None, VALUES["people"][1]]}
    assert opened.withheld == {"/name": "erased", "/people/0": "erased"}
    assert open_places(_sealed(), PLACES, {WANG: None}, CONTEXT).withheld == {
        "/name": "erased",
        "/people/0": "erased",
        "/people/1/name": "key_missing",
        "/people/1/post": "key_missing",
    }


def test_what_was_cleared_is_withheld_whatever_keys_there_are() -> None:
    cleared = clear_places(_sealed(), PLACES[WANG])
    opened = open_places(cleared, PLACES, KEYS, CONTEXT)
    assert opened.values["name"] is None
    assert opened.withheld == {"/name": "erased", "/people/0": "erased"}


@pytest.mark.parametrize(
    ("place", "context", "subject"),
    [("/place", CONTEXT, WANG), ("/name", "project/visit_report:2", WANG), ("/name", CONTEXT, LI)],
    ids=["another place", "another form", "another person"],
)
def test_a_sealed_text_opens_nowhere_but_where_it_was_sealed(
    place: str, context: str, subject: str
) -> None:
    """Or whoever sees it in the history could copy it into a form of their own, and read it there."""
    copied = {"name": _sealed()["name"], "place": _sealed()["name"]}
    opened = open_places(copied, {subject: [place]}, KEYS, context)
    assert opened.withheld == {place: "damaged"}
    assert opened.values[place[1:]] is None
