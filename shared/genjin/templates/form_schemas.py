"""The JSON Schemas of attached forms, compiled. Needs jsonschema-rs, which the API has."""

from collections.abc import Iterator
from typing import Any

from jsonschema_rs import Draft202012Validator, RegexOptions, ValidationError

from genjin.documents.links import FORMAT, link_of
from genjin.templates.mistakes import Mistake
from genjin.templates.model import FormSpec, Template

DIALECT = "https://json-schema.org/draft/2020-12/schema"
# Formats of Genjin's own begin with this.
_OWN = "genjin-"
# Keywords whose content is a value, not a schema.
_VALUES = frozenset({"const", "default", "enum", "examples"})


def compiled(form: FormSpec) -> Draft202012Validator:
    """The form's validator, compiled anew on each call: keep it.

    A schema comes from a workspace, so it fetches nothing over the network or from a file, and its
    patterns run in linear time. ValidationError when it is not a valid schema within these bounds.
    """
    return Draft202012Validator(
        form.json_schema,
        offline=True,
        validate_formats=True,
        formats={FORMAT: lambda value: link_of(value) is not None},
        pattern_options=RegexOptions(),
    )


def mistakes(template: Template) -> Iterator[Mistake]:
    """The forms whose schema cannot be used, or says what could not be held to. To ask before publishing."""
    for key, form in template.forms.items():
        place = ("forms", key, "schema")
        dialect = form.json_schema.get("$schema", DIALECT)
        if dialect != DIALECT:
            yield Mistake((*place, "$schema"), f"is '{dialect}', must be {DIALECT}")
            continue
        try:
            compiled(form)
        except ValidationError as error:
            yield Mistake((*place, *error.instance_path), error.message)
            continue
        for path, rule in _wrong_formats(form.json_schema, plain=True, restricted=False):
            yield Mistake((*place, *path), rule)


def _wrong_formats(
    schema: Any, *, plain: bool, restricted: bool
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Formats of Genjin's own that could not be held to. plain: properties and items alone lead to this schema from the
    form, so whatever value it is about is found.
    """
    restricted = restricted or schema.get("x-restricted") is True
    if rule := _wrong_format(schema, plain=plain, restricted=restricted):
        yield ("format",), rule
    for word, below in schema.items():
        named = isinstance(below, dict) and word in ("properties", "$defs", "patternProperties")
        for step, inner in _schemas(word, below, named=named):
            inner_plain = plain and word in ("properties", "items")
            for path, rule in _wrong_formats(inner, plain=inner_plain, restricted=restricted):
                yield (*step, *path), rule


def _wrong_format(schema: dict[str, Any], *, plain: bool, restricted: bool) -> str | None:
    name = schema.get("format")
    if not isinstance(name, str) or not name.startswith(_OWN):
        return None
    if name != FORMAT:
        return f"is '{name}', the one of this kind is {FORMAT}"
    if schema.get("type") != "string":
        return "a link to a document has the type string"
    if restricted:
        return "a link to a document is signed by its hash, so it cannot be x-restricted"
    if not plain:
        return "a link to a document stands under properties and items alone"
    return None


def _schemas(
    word: str, below: Any, *, named: bool
) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
    """The schemas under a keyword, each with the steps that lead to it."""
    if word in _VALUES:
        return
    if isinstance(below, dict) and not named:
        yield (word,), below
    elif isinstance(below, dict | list):
        steps = below.items() if isinstance(below, dict) else enumerate(below)
        for step, inner in steps:
            if isinstance(inner, dict):
                yield (word, step), inner
