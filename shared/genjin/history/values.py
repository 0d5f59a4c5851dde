"""The fields of an event that a filter can ask for, and the values that each takes. Pure."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Generic, Literal, TypeVar, get_args
from uuid import UUID

from genjin.canonical import instant

Field = Literal[
    "actor",
    "actor_type",
    "role",
    "type",
    "stage",
    "project",
    "stream",
    "subject",
    "path",
    "before",
    "after",
    "recorded",
    "occurred",
    "request_id",
    "correlation_id",
    "causation_id",
    "id",
    "position",
]
FIELDS: tuple[Field, ...] = get_args(Field)
CHANGE_FIELDS = frozenset({"path", "before", "after"})

VALUE_CHARACTERS_MAX = 256
POSITION_MAX = 2**63 - 1

_TYPE = re.compile(r"\*|[a-z_]+\.(\*|[a-z_]+)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_POINTER = re.compile(r"(/([^/~]|~0|~1)*)+")
_NUMBER = re.compile(r"\d{1,18}")

Bound = TypeVar("Bound", str, int)


@dataclass(frozen=True, slots=True)
class Range(Generic[Bound]):
    """[start, end); None is open. Times are texts as the log writes them, which sort as the times do."""

    start: Bound | None
    end: Bound | None

    def __contains__(self, value: Bound) -> bool:
        return (self.start is None or value >= self.start) and (
            self.end is None or value < self.end
        )


Value = str | Range[str] | Range[int]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a text is no value of its field."""

    rule: str


def read_value(field: Field, text: str) -> Value | Unreadable:
    """The value that a text stands for, in the one form that is kept of it."""
    if "\x00" in text:
        return Unreadable("must not contain the character U+0000")
    if len(text) > VALUE_CHARACTERS_MAX:
        return Unreadable(f"must have at most {VALUE_CHARACTERS_MAX} characters")
    match field:
        case "recorded" | "occurred":
            return _read_times(text)
        case "position":
            return _read_positions(text)
        case "actor" | "project" | "id":
            return _read_id(text)
        case "before" | "after":
            return text
        case _:
            return _read_text(field, text)


def written(value: Value) -> str:
    """The text that read_value makes the same value of."""
    if isinstance(value, str):
        return value
    return f"{_bound(value.start)}..{_bound(value.end)}"


def moment_of(text: str) -> datetime:
    """A bound of a range of times as a time in UTC."""
    return datetime.fromisoformat(text)


def _read_text(field: Field, text: str) -> str | Unreadable:
    if not text:
        return Unreadable("must not be empty")
    if field == "type" and not _TYPE.fullmatch(text):
        return Unreadable("must be as stage.advanced, stage.* or *")
    if field == "path" and not _POINTER.fullmatch(text):
        return Unreadable("must be a JSON Pointer as /header/region, or as /header/*")
    return text


def _read_id(text: str) -> str | Unreadable:
    try:
        return str(UUID(text))
    except ValueError:
        return Unreadable("must be a UUID")


def _read_times(text: str) -> Range[str] | Unreadable:
    """from..to with either end open; a day alone is that day. Days begin at midnight UTC."""
    rule = Unreadable("must be as 2026-01-01..2026-02-01, with days or RFC 3339 times")
    start, dots, end = text.partition("..")
    try:
        if not dots:
            return _one_day(text) if _DAY.fullmatch(text) else rule
        if not start and not end:
            return rule
        return _in_order(_instant(start), _instant(end))
    except (ValueError, OverflowError):
        return rule


def _one_day(text: str) -> Range[str]:
    day = date.fromisoformat(text)
    return Range(_midnight(day), _midnight(day + timedelta(days=1)))


def _instant(text: str) -> str | None:
    if not text:
        return None
    if _DAY.fullmatch(text):
        return _midnight(date.fromisoformat(text))
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without an offset")
    return instant(moment)


def _midnight(day: date) -> str:
    return instant(datetime.combine(day, time(), UTC))


def _read_positions(text: str) -> Range[int] | Unreadable:
    """from..to with either end open, the end not included; a number alone is that position."""
    start, dots, end = text.partition("..")
    parts = [part for part in (start, end) if part]
    if not parts or not all(_NUMBER.fullmatch(part) for part in parts):
        return Unreadable("must be as 100..200, with either end open, or one position")
    if not dots:
        return Range(int(start), int(start) + 1)
    return _in_order(int(start) if start else None, int(end) if end else None)


def _in_order(start: Bound | None, end: Bound | None) -> Range[Bound] | Unreadable:
    if start is not None and end is not None and start > end:
        return Unreadable("must not end before it starts")
    return Range(start, end)


def _bound(bound: str | int | None) -> str:
    if bound is None:
        return ""
    return str(bound).removesuffix("T00:00:00.000000Z")
