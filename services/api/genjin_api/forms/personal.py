"""Where personal data stands in a form's values, and whose it is. Pure."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from uuid import UUID

from genjin.subjects.sealed_values import value_at
from genjin.templates.model import is_restricted
from genjin_api.refusal import Refusal, field_refusal, pointer

# What may hold restricted fields and still be looked into: anything else is restricted as a whole.
_OBJECT, _LIST = {"properties"}, {"items"}
# A member that the schema does not know, as a draft may have it beside restricted ones: perhaps one of them, misspelt.
_UNKNOWN = {"x-restricted": True}
PLACES_MAX = 1000


def personal_places(schema: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    """JSON Pointers into the values, to what the schema marks `x-restricted`. They lie beside each other, not within.
    Values may break the schema, as drafts do.
    """
    whole = _is_whole(schema)
    properties = schema.get("properties", {})
    return [
        place
        for key, value in values.items()
        for place in (
            [pointer(key)] if whole else _places(properties.get(key, {}), value, pointer(key))
        )
    ]


def may_be_personal(schema: Mapping[str, Any], key: str) -> bool:
    """Whether something personal may stand in a member of a form's values; also where the schema does not know it."""
    return _is_whole(schema) or is_restricted(schema.get("properties", {}).get(key, _UNKNOWN))


def _is_whole(schema: Mapping[str, Any]) -> bool:
    """Values are an object in the log too, so what is restricted as a whole is sealed member by member."""
    return schema.get("x-restricted") is True or not _holds_only(schema, _OBJECT)


def _places(schema: Any, value: Any, place: str) -> Iterator[str]:
    if not is_restricted(schema):
        return
    if schema.get("x-restricted") is not True:
        if isinstance(value, dict) and _holds_only(schema, _OBJECT):
            for key, item in value.items():
                known = schema["properties"].get(key, _UNKNOWN)
                yield from _places(known, item, place + pointer(key))
            return
        if isinstance(value, list) and _holds_only(schema, _LIST):
            for index, item in enumerate(value):
                yield from _places(schema["items"], item, place + pointer(index))
            return
    yield place


def _holds_only(schema: Mapping[str, Any], keywords: Collection[str]) -> bool:
    """Whether restricted fields are declared under these keywords alone."""
    return all(word in keywords for word, below in schema.items() if is_restricted(below))


def whose(
    values: Mapping[str, Any],
    places: Collection[str],
    named: Mapping[str, UUID],
    own_subject: UUID,
) -> dict[str, tuple[str, ...]] | Refusal:
    """Every place under its subject: that of the nearest pointer above it, else the form's own. A list with the data of
    several persons is taken apart where the pointers say so.
    """
    found: dict[str, list[str]] = {}
    used: set[str] = set()
    count = 0
    for place in places:
        for part in _parts(value_at(values, place), place, named):
            count += 1
            if count > PLACES_MAX:
                rule = f"holds more than {PLACES_MAX} personal values"
                return field_refusal("field_invalid", "/values", rule)
            above = max((one for one in named if _leads_to(one, part)), key=len, default=None)
            subject = own_subject if above is None else named[above]
            used |= set() if above is None else {above}
            found.setdefault(str(subject), []).append(part)
    if unused := sorted(named.keys() - used):
        rule = f"{unused[0]} leads to no personal value of this form"
        return field_refusal("field_invalid", pointer("subjects", named[unused[0]]), rule)
    return {subject: tuple(parts) for subject, parts in sorted(found.items())}


def _parts(value: Any, place: str, named: Mapping[str, UUID]) -> Iterator[str]:
    """The place itself, or what it is made of where a pointer leads further down."""
    if isinstance(value, list) and any(one != place and _leads_to(place, one) for one in named):
        for index, item in enumerate(value):
            yield from _parts(item, place + pointer(index), named)
    else:
        yield place


def _leads_to(pointer_above: str, place: str) -> bool:
    return place == pointer_above or place.startswith(f"{pointer_above}/")
