"""A form's schema is compiled without reaching out; an unusable one is named before publishing."""

from typing import Any

import pytest

from genjin.templates.catalog import template
from genjin.templates.form_schemas import mistakes
from genjin.templates.model import FormSpec, Template
from genjin.templates.words import Text

TITLE = Text(zh="记录", en="Note")


def with_form(schema: dict[str, Any]) -> Template:
    note = FormSpec(title=TITLE, schema=schema)
    return template("pursuit.8", 1).model_copy(update={"forms": {"note": note}})


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ({"type": "objekt"}, "/forms/note/schema/type"),
        ({"pattern": "(["}, "/forms/note/schema/pattern"),
        ({"$schema": "http://json-schema.org/draft-07/schema#"}, "/forms/note/schema/$schema"),
    ],
)
def test_an_invalid_schema_is_named_with_its_place(schema: dict[str, Any], place: str) -> None:
    (mistake,) = mistakes(with_form(schema))
    assert mistake.pointer == place


LINK = {"type": "string", "format": "genjin-document"}


@pytest.mark.parametrize(
    ("schema", "place", "rule"),
    [
        ({"anyOf": [{"properties": {"a": LINK}}]}, "/anyOf/0/properties/a/format", "stands under"),
        ({"$defs": {"a": LINK}}, "/$defs/a/format", "stands under"),
        ({"properties": {"a": {"format": "genjin-document"}}}, "/properties/a/format", "the type"),
        (
            {"properties": {"a": {**LINK, "x-restricted": True}}},
            "/properties/a/format",
            "restricted",
        ),
        ({"items": {"x-restricted": True, "items": LINK}}, "/items/items/format", "restricted"),
        ({"properties": {"a": {"format": "genjin-file"}}}, "/properties/a/format", "genjin-file"),
    ],
)
def test_a_link_to_a_document_that_could_not_be_held_to_is_named_with_its_place(
    schema: dict[str, Any], place: str, rule: str
) -> None:
    (mistake,) = mistakes(with_form(schema))
    assert mistake.pointer == f"/forms/note/schema{place}"
    assert rule in mistake.rule


def test_a_link_to_a_document_stands_in_fields_and_rows() -> None:
    rows = {"type": "array", "items": {"properties": {"format": LINK}}}
    schema = {"properties": {"a": LINK, "b": rows, "c": {"enum": [{"format": "genjin-x"}]}}}
    assert list(mistakes(with_form(schema))) == []


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/x.json", "file:///etc/hostname"])
def test_a_schema_that_points_outside_itself_is_refused_unread(address: str) -> None:
    (mistake,) = mistakes(with_form({"$ref": address}))
    assert mistake.pointer.startswith("/forms/note/schema")
    assert "Retrieval is disabled" in mistake.rule


def test_a_schema_may_point_into_itself() -> None:
    schema = {"$defs": {"name": {"type": "string"}}, "$ref": "#/$defs/name"}
    assert list(mistakes(with_form(schema))) == []


def test_a_pattern_that_needs_backtracking_is_refused() -> None:
    (mistake,) = mistakes(with_form({"properties": {"a": {"pattern": r"(a)\1"}}}))
    assert mistake.pointer.startswith("/forms/note/schema")


@pytest.mark.parametrize(
    ("schema", "restricted"),
    [
        ({"properties": {"a": {"type": "string"}}}, False),
        ({"properties": {"a": {"x-restricted": False}}}, False),
        ({"properties": {"a": {"x-restricted": True}}}, True),
        ({"properties": {"a": {"items": {"anyOf": [{"x-restricted": True}]}}}}, True),
    ],
)
def test_a_form_is_restricted_when_one_of_its_fields_is(
    schema: dict[str, Any], restricted: bool
) -> None:
    assert FormSpec(title=TITLE, schema=schema).restricted is restricted
