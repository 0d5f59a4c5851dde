"""The fields of a form, with the values that stand in them: by the properties and items of its JSON Schema. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from genjin_api.refusal import pointer


@dataclass(frozen=True, slots=True)
class Field:
    """keys lead from the form's values to this one."""

    keys: tuple[str | int, ...]
    schema: Mapping[str, Any]
    value: Any

    @property
    def place(self) -> str:
        return pointer("values", *self.keys)


def fields_of(
    schema: Mapping[str, Any], value: Any, keys: tuple[str | int, ...] = ()
) -> Iterator[Field]:
    """Those that have a value, each before what is within it."""
    yield Field(keys, schema, value)
    if isinstance(value, dict):
        for key, item in value.items():
            below = schema.get("properties", {}).get(key)
            if isinstance(below, dict):
                yield from fields_of(below, item, (*keys, key))
    items = schema.get("items")
    if isinstance(value, list) and isinstance(items, dict):
        for index, item in enumerate(value):
            yield from fields_of(items, item, (*keys, index))


def title_of(schema: Mapping[str, Any], keys: Sequence[str | int], language: str) -> str:
    """The titles that lead to a field, lists with the number of the entry, as in 意见 2 · 严重程度; keys where there is
    no title. Empty for the form as a whole.
    """
    words: list[str] = []
    at: Any = schema
    for key in keys:
        if isinstance(key, int):
            at = at.get("items")
            words[-1:] = [f"{words[-1]} {key + 1}" if words else str(key + 1)]
        else:
            at = at.get("properties", {}).get(key)
        at = at if isinstance(at, dict) else {}  # true is a schema as well
        if not isinstance(key, int):
            title = at.get("title" if language == "zh" else "x-title-en") or at.get("title")
            words.append(str(title or key))
    return " · ".join(words)


def is_hidden(place: str, hidden: Collection[str]) -> bool:
    """Whether a pointer into a form's document leads to what stands at, or under, one of these into its values."""
    below = place.removeprefix("/values")
    return any(below == one or below.startswith(f"{one}/") for one in hidden)
