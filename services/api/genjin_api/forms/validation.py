"""Whether a form's values fit its JSON Schema, with the place of every mistake. Pure; compiled schemas are kept."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from jsonschema_rs import Draft202012Validator

from genjin.templates import form_schemas
from genjin.templates.model import FormSpec
from genjin_api.refusal import FieldError, pointer

ERRORS_MAX = 50


@dataclass(frozen=True, slots=True)
class _Spec:
    """A form's specification on its way through the cache, which knows it by its template's hash and its name."""

    of: FormSpec = field(compare=False, hash=False)


@lru_cache(maxsize=512)
def _compiled(_body_hash: str, _form: str, spec: _Spec) -> Draft202012Validator:
    return form_schemas.compiled(spec.of)


def form_errors(
    body_hash: str, form: str, spec: FormSpec, values: dict[str, Any]
) -> list[FieldError]:
    """At most ERRORS_MAX mistakes, pointers into a request body that has the values at /values. body_hash is that of
    the template whose form it is.
    """
    errors = []
    for error in _compiled(body_hash, form, _Spec(spec)).iter_errors(values):
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
