"""A form is given as renderers take it: the schema in the reader's language, and a UI schema that leads into it."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from jsonschema_rs import Draft202012Validator

from genjin.templates.catalog import shipped
from genjin.templates.model import Template
from genjin_api.templates.form_view import in_language, ui_schema
from tests.forms.values import valid_values
from tests.pursuit import done
from tests.world import World

each_template = pytest.mark.parametrize("template", shipped().values(), ids=lambda one: one.key)
PATH = "/v1/templates/pursuit.8/versions/1/forms"


def scopes(element: Any) -> Iterator[str]:
    if "scope" in element:
        yield element["scope"]
    for inner in element.get("elements", []):
        yield from scopes(inner)


def titles(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("title"), str):
            yield schema["title"]
        for value in schema.values():
            yield from titles(value)
    if isinstance(schema, list):
        for item in schema:
            yield from titles(item)


@each_template
def test_the_schema_says_the_same_of_values_in_every_language(template: Template) -> None:
    for form, spec in template.forms.items():
        schema = spec.json_schema
        values = valid_values(schema)
        for language in ("zh", "en"):
            where = f"{form} in {language}"
            told = Draft202012Validator(in_language(schema, language))
            assert told.is_valid(values), where
            assert not told.is_valid({**values, "no_such_field": 1}), where
            for name in schema.get("required", []):
                others = {other: values[other] for other in values if other != name}
                assert not told.is_valid(others), f"{where} without {name}"


@each_template
def test_in_english_no_title_is_chinese(template: Template) -> None:
    for form, spec in template.forms.items():
        for title in titles(in_language(spec.json_schema, "en")):
            assert not any("一" <= letter <= "鿿" for letter in title), f"{form}: {title}"


@each_template
def test_the_ui_schema_leads_to_every_field_once(template: Template) -> None:
    for form, spec in template.forms.items():
        found = list(scopes(ui_schema(spec.json_schema)))
        assert len(found) == len(set(found)), form
        for scope in found:
            at: Any = spec.json_schema
            for step in scope.split("/")[1:]:
                at = at[step]
            assert at["title"], f"{form}: {scope}"
        assert {scope.split("/")[2] for scope in found} == set(spec.json_schema["properties"]), form


def test_long_text_gets_several_lines_and_rows_all_their_fields() -> None:
    schema = {
        "properties": {
            "note": {"type": "string", "maxLength": 2000},
            "on": {"type": "string", "format": "date", "maxLength": 10},
            "rows": {"type": "array", "items": {"properties": {"a": {"type": "integer"}}}},
        }
    }
    note, on, rows = ui_schema(schema)["elements"]
    assert note["options"] == {"multi": True}
    assert on["options"] == {"format": "date"}
    assert list(scopes(rows["options"]["detail"])) == ["#/properties/a"]


def test_a_link_to_a_document_is_a_control_of_its_own_and_a_pattern() -> None:
    link = {"type": "string", "format": "genjin-document"}
    schema = {"properties": {"one": link, "more": {"type": "array", "items": link}}}
    for element in ui_schema(schema)["elements"]:
        assert element["options"] == {"format": "genjin-document"}
    told = Draft202012Validator(in_language(schema, "zh"))
    good = f"{UUID(int=1)}@sha256:{'0' * 64}"
    assert told.is_valid({"one": good, "more": [good]})
    assert not told.is_valid({"one": str(UUID(int=1))})
    assert not told.is_valid({"more": ["report.pdf"]})


async def test_a_form_is_given_in_the_reader_s_language(world: World) -> None:
    client = world.marketer.client
    for language, title in (("zh", "客户拜访总结报告"), ("en", "Customer visit report")):
        answer = await client.get(f"{PATH}/visit_report", headers={"Accept-Language": language})
        body = done(answer).json()
        assert title in body["title"]
        assert body["ui_schema"]["elements"]
        assert body["json_schema"]["type"] == "object"


async def test_a_form_that_the_template_does_not_have_is_not_found(world: World) -> None:
    assert (await world.marketer.get(f"{PATH}/no_such_form")).status_code == 404
