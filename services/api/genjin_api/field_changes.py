"""The field changes of an event: what the state says before and after it, leaf by leaf, as JSON Pointers.

States share what an event left alone, so an unchanged branch is passed over by identity and costs nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from genjin.canonical import instant
from genjin.event import Change

# Fields of states that are said by the event itself or by its neighbours already: not a change of the project.
_BOOKKEEPING = frozenset(
    {
        "version",
        "left_version",
        "updated_at",
        "event_id",
        "body",
        "saved_by",
        "answered_score",
        "saved_in",
        "attached_in",
        "author_id",
        "assessed_in",
        "recorded_in",
        "recovered_in",
        "last_recorded",
        "target_event_id",
        "set_event_id",
        "basis",
        "completed_before",
        "passed",
        "accounts_told",
        "spoken",
        "began_by",
    }
)


def field_changes(before: Any, after: Any) -> list[Change]:
    return list(_changes("", before, after))


def _changes(path: str, before: Any, after: Any) -> Iterator[Change]:
    if before is after:
        return
    old, new = _branches(before), _branches(after)
    if (old is None and (new is None or before is not None)) or (new is None and after is not None):
        if before != after:
            yield Change(path, document(before), document(after))
        return
    old, new = old or {}, new or {}
    for key, value in new.items():
        known = old.get(key)
        if known is not value:
            yield from _changes(f"{path}/{_escaped(key)}", known, value)
    if old.keys() != new.keys():
        for key in [key for key in old if key not in new]:
            yield from _changes(f"{path}/{_escaped(key)}", old[key], None)


def _branches(value: Any) -> Mapping[str, Any] | None:
    """The fields of something that has fields; None for a leaf. Lists are leaves: they change as a whole."""
    read = _reader(value.__class__)
    return None if read is None else read(value)


@cache
def _reader(kind: type) -> Callable[[Any], Mapping[str, Any]] | None:
    """How values of this class are read as their fields. Looked up for each class once, for each value it is dear."""
    if issubclass(kind, Mapping):
        return lambda value: value
    if issubclass(kind, BaseModel):
        return dict
    if is_dataclass(kind):
        names = [field.name for field in fields(kind) if field.name not in _BOOKKEEPING]
        return lambda value: {name: getattr(value, name) for name in names}
    return None


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def document(value: Any) -> Any:
    """The value as JSON has it: the document that the paths of changes lead into."""
    branches = _branches(value)
    if branches is not None:
        return {key: document(item) for key, item in branches.items()}
    if isinstance(value, list | tuple):
        return [document(item) for item in value]
    if isinstance(value, datetime):
        return instant(value)
    return str(value) if isinstance(value, UUID | date) else value
