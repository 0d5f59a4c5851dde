"""A form as form renderers take it: its schema in the reader's language, and a UI schema beside it (JSON Forms). Pure.

The schema says the same of values as the template's: titles come from x-title-en, and a choice whose values have names
is told as oneOf of constants with titles, which renderers show. A link to a document has a pattern beside its format,
which renderers need not know to hold to it; the control's option `format` is what one shows a choice of documents by.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from genjin.documents.links import FORMAT, PATTERN

# Text that may be longer gets several lines.
LINE_CHARACTERS_MAX = 200

Schema = Mapping[str, Any]


def in_language(schema: Any, language: str) -> Any:
    """The schema with its titles in zh or en."""
    if isinstance(schema, list):
        return [in_language(item, language) for item in schema]
    if not isinstance(schema, dict):
        return schema
    told = {name: in_language(value, language) for name, value in schema.items()}
    if language == "en" and isinstance(schema.get("x-title-en"), str):
        told["title"] = schema["x-title-en"]
    titles = schema.get("x-titles")
    if isinstance(schema.get("enum"), list) and isinstance(titles, dict):
        del told["enum"]
        told["oneOf"] = [
            {"const": value, "title": titles.get(str(value), {}).get(language, str(value))}
            for value in schema["enum"]
        ]
    if schema.get("format") == FORMAT:
        told["pattern"] = PATTERN
    return {name: value for name, value in told.items() if name not in ("x-title-en", "x-titles")}


def ui_schema(schema: Schema) -> dict[str, Any]:
    """One below the other, in the order of the schema: a control for each field, groups for objects, tables' rows with
    all their fields.
    """
    return {"type": "VerticalLayout", "elements": list(_elements(schema, "#"))}


def _elements(schema: Schema, scope: str) -> Iterator[dict[str, Any]]:
    for name, field in schema.get("properties", {}).items():
        yield _element(field, f"{scope}/properties/{name.replace('~', '~0').replace('/', '~1')}")


def _element(field: Schema, scope: str) -> dict[str, Any]:
    if field.get("type") == "object" and "properties" in field:
        return {
            "type": "Group",
            "label": field.get("title", ""),
            "elements": list(_elements(field, scope)),
        }
    options = dict(_options(field))
    control = {"type": "Control", "scope": scope}
    return {**control, "options": options} if options else control


def _options(field: Schema) -> Iterator[tuple[str, Any]]:
    if field.get("type") == "string" and field.get("maxLength", 0) > LINE_CHARACTERS_MAX:
        yield "multi", True
    items = field.get("items")
    if field.get("format") in ("date", "time", "date-time", FORMAT):
        yield "format", field["format"]
    if isinstance(items, dict) and items.get("format") == FORMAT:
        yield "format", FORMAT
    if field.get("x-restricted") is True:
        yield "restricted", True
    if field.get("type") == "array" and isinstance(items, dict) and "properties" in items:
        yield "detail", {"type": "VerticalLayout", "elements": list(_elements(items, "#"))}
