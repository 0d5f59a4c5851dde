"""Mistakes of what a form says about the people inside the customer: fields that it does not have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from genjin.templates.mistakes.mistake import Mistake, unknown

if TYPE_CHECKING:
    from genjin.templates.binding import FormBinding
    from genjin.templates.model import FormSpec


def of(key: str, form: FormSpec) -> Iterator[Mistake]:
    if form.stakeholders is not None:
        place = ("forms", key, "stakeholders")
        yield from of_binding(place, form.stakeholders, form.json_schema)


def of_binding(
    place: tuple[str, ...], binding: FormBinding, schema: Mapping[str, Any]
) -> Iterator[Mistake]:
    properties = _properties(schema)
    if binding.rows is not None:
        yield from unknown((*place, "rows"), "field", (binding.rows,), properties)
        rows = properties.get(binding.rows)
        properties = _properties(rows.get("items") if isinstance(rows, dict) else None)
    yield from unknown(place, "field", sorted(binding.fields()), properties)


def _properties(schema: Any) -> Mapping[str, Any]:
    found = schema.get("properties") if isinstance(schema, dict) else None
    return found if isinstance(found, dict) else {}
