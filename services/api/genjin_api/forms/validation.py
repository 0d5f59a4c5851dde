"""Whether a form's values fit its JSON Schema, with the place of every mistake. Pure; compiled schemas are kept."""

from functools import lru_cache
from typing import Any

from jsonschema_rs import Draft202012Validator

from genjin.templates import form_schemas
from genjin.templates.catalog import template
from genjin_api.refusal import FieldError, pointer

ERRORS_MAX = 50


@lru_cache(maxsize=512)
def _validator(template_key: str, template_version: int, form: str) -> Draft202012Validator:
    return form_schemas.compiled(template(template_key, template_version).forms[form])


def form_errors(
    template_key: str, template_version: int, form: str, values: dict[str, Any]
) -> list[FieldError]:
    """At most ERRORS_MAX mistakes, pointers into a request body that has the values at /values."""
    errors = []
    for error in _validator(template_key, template_version, form).iter_errors(values):
        place = pointer("values", *error.instance_path)
        errors.append(FieldError(place, "form_invalid", error.message[:500]))
        if len(errors) == ERRORS_MAX:
            break
    return errors


def unknown_fields(schema: dict[str, Any], values: dict[str, Any]) -> list[FieldError]:
    """A draft may be incomplete, but a field that the form does not have is refused by name at once."""
    return [
        FieldError(pointer("values", key), "unknown_field", "the form has no such field")
        for key in sorted(values.keys() - schema["properties"].keys())
    ]
