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
