"""What holds for every shipped template: it can be published, its words are those of its source, in both languages, and
its forms are bounded.

sources/<key>.txt holds the lines of the source that the template names, as they stand there. sources/<key>.settings.txt
lists, one to a line, the words of the template that are not the source's: titles of what it does not name.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from pydantic import BaseModel

from genjin.templates.catalog import shipped
from genjin.templates.checking import checked
from genjin.templates.form_schemas import DIALECT, compiled
from genjin.templates.model import Template
from genjin.templates.words import Text

SOURCES = Path(__file__).parent / "sources"
# Verdicts, scales, units and ways to end are settings in every template.
SETTINGS = {
    "judgement",
    "risk",
    "outcomes",
    "findings",
    "health",
    "tolerances",
    "unit",
    "note",
    "when_text",
}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LATIN = re.compile(r"[A-Za-z]")

TEMPLATES = [pytest.param(one, id=one.key) for one in shipped().values()]
each_template = pytest.mark.parametrize("template", TEMPLATES)


def unspaced(words: str) -> str:
    return re.sub(r"\s", "", words)


def source(template: Template) -> str:
    return (SOURCES / f"{template.key}.txt").read_text(encoding="utf-8")


def settings_words(template: Template) -> list[str]:
    file = SOURCES / f"{template.key}.settings.txt"
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def texts(value: object, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Text]]:
    """Every text of a template, with the names of the fields that lead to it."""
    if isinstance(value, Text):
        yield place, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from texts(getattr(value, name), (*place, name))
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from texts(item, (*place, name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from texts(item, (*place, str(index)))


def foreign_words(template: Template) -> list[str]:
    """The Chinese words that should be the source's, line by line, and do not occur in it."""
    printed = unspaced(source(template))
    return [
        line
        for place, text in texts(template)
        if not SETTINGS & set(place)
        for line in text.zh.splitlines()
        if unspaced(line) not in printed
    ]


def subschemas(schema: dict[str, Any], place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    yield place, schema
    for name, inner in schema.get("properties", {}).items():
        yield from subschemas(inner, f"{place}.{name}")
    if "items" in schema:
        yield from subschemas(schema["items"], f"{place}[]")


def smallest(schema: dict[str, Any]) -> Any:
    """The smallest value that the schema takes."""
    if "enum" in schema:
        return schema["enum"][0]
    match schema["type"]:
        case "object":
            return {name: smallest(schema["properties"][name]) for name in schema["required"]}
        case "array":
            return [smallest(schema["items"])] * schema.get("minItems", 0)
        case "integer" | "number":
            return schema["minimum"]
        case "boolean":
            return True
        case _:
            known = {"date": "2024-02-29", "^[A-Z]{3}$": "CNY"}
            return known.get(schema.get("format") or schema.get("pattern", ""), "1")


@each_template
def test_it_can_be_published(template: Template) -> None:
    document = template.model_dump(mode="json", exclude_defaults=True)
    again, mistakes = checked(document)
    assert mistakes == []
    assert again == template


@each_template
def test_the_kept_copy_of_its_source_has_the_lines_that_it_names(template: Template) -> None:
    assert template.source is not None
    spans = [span.split("-") for span in template.source.lines.split(", ")]
    named = sum(int(last) - int(first) + 1 for first, last in spans)
    assert len(source(template).splitlines()) == named


@each_template
def test_its_chinese_words_are_those_of_the_source_or_listed_as_settings(
    template: Template,
) -> None:
    assert set(foreign_words(template)) == set(settings_words(template))


@each_template
def test_every_text_is_in_chinese_and_in_english(template: Template) -> None:
    printed = source(template)
    for place, text in texts(template):
        assert CHINESE.search(text.zh) or text.zh in printed, place
        assert LATIN.search(text.en), place
        assert not CHINESE.search(text.en), place


@each_template
def test_every_form_belongs_to_a_stage(template: Template) -> None:
    attached = {form for stage in template.stages for form in stage.forms}
    assert attached == set(template.forms)


@each_template
def test_the_source_gives_no_probabilities_and_no_day_limits(template: Template) -> None:
    for stage in template.stages:
        assert (stage.probability, stage.max_days) == (None, None)


@each_template
def test_a_form_takes_its_smallest_record_and_refuses_an_unknown_or_a_missing_field(
    template: Template,
) -> None:
    for key, form in template.forms.items():
        jsonschema_rs.meta.validate(form.json_schema)
        assert form.json_schema["$schema"] == DIALECT, key
        validator, record = compiled(form), smallest(form.json_schema)
        assert validator.is_valid(record), f"{key}: {record}"
        assert not validator.is_valid(record | {"unknown": "x"}), key
        for name in record:
            others = {other: record[other] for other in record if other != name}
            assert not validator.is_valid(others), f"{key} without {name}"


@each_template
def test_every_part_of_a_form_is_bounded_and_labelled(template: Template) -> None:
    for key, form in template.forms.items():
        for place, schema in subschemas(form.json_schema, key):
            assert _is_bounded(schema), place
            for name, inner in schema.get("properties", {}).items():
                assert CHINESE.search(inner["title"]), f"{place}.{name}"
                assert LATIN.search(inner["x-title-en"]), f"{place}.{name}"


def _is_bounded(schema: dict[str, Any]) -> bool:
    match schema["type"]:
        case "object":
            known = set(schema["required"]) <= set(schema["properties"])
            return schema["additionalProperties"] is False and known
        case "array":
            return bool(schema["maxItems"] >= 1)
        case "integer" | "number":
            return bool(schema["minimum"] < schema["maximum"])
        case "string" if "enum" in schema:
            titles = schema["x-titles"]
            both = all(set(title) == {"zh", "en"} for title in titles.values())
            return list(titles) == schema["enum"] and both
        case "string":
            return bool(schema["maxLength"] >= 1)
        case other:
            return bool(other == "boolean")
