"""How a filter is looked up: bounds of positions, and clauses over the tags of the audit index. Pure.

A plan finds every event that matches, and perhaps some that do not: each is asked again by the filter itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from genjin.history.filter import EventFilter, Term
from genjin.history.tags import Hashed, hashed, path_keys, path_tag, tag
from genjin.history.values import POSITION_MAX, Field, Range


@dataclass(frozen=True, slots=True)
class TagRange:
    """Every tag from low on and before high, in the order of their bytes."""

    low: str
    high: str


Lookup = str | Hashed | TagRange
# All of the lookups of an alternative must have the position; one alternative of a clause is enough.
Alternative = tuple[Lookup, ...]
Clause = tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """first..last are the positions that may match by their numbers. Times are kept for the log's commits to place.

    any_of holds one clause for each term that the index knows; none_of tags whose events cannot match.
    """

    first: int
    last: int
    recorded: Sequence[Range[str]]
    streams: Sequence[frozenset[str]]
    ids: Sequence[frozenset[str]]
    any_of: Sequence[Clause]
    none_of: Sequence[str]


_FIRST_DAY, _LAST_DAY = "0001-01-01", "9999-12-31"
_EXCLUDED: frozenset[Field] = frozenset({"actor", "actor_type", "role", "stage", "type"})


def plan_of(asked: EventFilter) -> Plan:
    given = [term for term in asked.terms if not term.negated]
    first, last = _positions(given)
    if any(term.negated and term.field == "type" and "*" in term.values for term in asked.terms):
        last = 0
    return Plan(
        first=first,
        last=last,
        recorded=[_hull(term) for term in given if term.field == "recorded"],
        streams=[_streams(term) for term in given if term.field in ("stream", "project")],
        ids=[frozenset(map(str, term.values)) for term in given if term.field == "id"],
        any_of=[clause for term in given if (clause := _clause(term))],
        none_of=[
            found
            for term in asked.terms
            if term.negated and term.field in _EXCLUDED
            for [found] in _clause(term) or ()
            if isinstance(found, str) and "#" not in found
        ],
    )


def _positions(given: Sequence[Term]) -> tuple[int, int]:
    first, last = 1, POSITION_MAX
    for term in given:
        if term.field == "position":
            bounds = [value for value in term.values if isinstance(value, Range)]
            first = max(first, min(int(bound.start or 1) for bound in bounds))
            ends = [POSITION_MAX if bound.end is None else int(bound.end) - 1 for bound in bounds]
            last = min(last, max(ends))
    return first, last


def _hull(term: Term) -> Range[str]:
    """From the earliest start to the latest end."""
    ranges = _ranges(term)
    starts = [one.start for one in ranges]
    ends = [one.end for one in ranges]
    return Range(
        None if None in starts else min(start for start in starts if start is not None),
        None if None in ends else max(end for end in ends if end is not None),
    )


def _ranges(term: Term) -> list[Range[str]]:
    return [
        Range(_text(value.start), _text(value.end))
        for value in term.values
        if isinstance(value, Range)
    ]


def _text(bound: Any) -> str | None:
    return None if bound is None else str(bound)


def _streams(term: Term) -> frozenset[str]:
    noun = "project-" if term.field == "project" else ""
    return frozenset(f"{noun}{value}" for value in term.values)


def _clause(term: Term) -> Clause | None:
    """None where the index knows nothing of the term, or where it asks for everything."""
    if term.field == "type" and "*" in term.values:
        return None
    if term.field == "occurred":
        return tuple((days,) for one in _ranges(term) for days in _days(one))
    alternatives = [_alternative(term.field, str(value)) for value in term.values]
    return tuple(alternatives) if all(alternatives) else None


def _alternative(field: Field, value: str) -> Alternative:
    match field:
        case "type":
            whole = not value.endswith(".*")
            return (f"type:{value}" if whole else f"noun:{value[:-2]}",)
        case "actor" | "actor_type" | "role" | "stage":
            return (tag(field, value),)
        case "path":
            keys = (hashed("key", key) for key in path_keys(value))
            return (path_tag(value), *keys)
        case "before" | "after":
            return (hashed(field, value),)
        case "request_id" | "correlation_id" | "causation_id":
            return (hashed("cause", value),)
        case "subject" | "project":
            return (hashed("key", value),)
        case "stream":
            return (hashed("key", value.partition("-")[2]),)
        case "recorded" | "occurred" | "position" | "id":
            return ()


def _days(asked: Range[str]) -> Iterator[TagRange]:
    """The days that a range of times touches, as whole months where it has them."""
    start = asked.start[:10] if asked.start else _FIRST_DAY
    end = asked.end[:10] if asked.end else _LAST_DAY
    first_month = start if start == _FIRST_DAY else _month_after(start)
    last_month = f"{end[:7]}-01"
    if first_month >= last_month:
        yield TagRange(f"occurred_day:{start}", f"occurred_day:{end}~")
        return
    if start < first_month:
        yield TagRange(f"occurred_day:{start}", f"occurred_day:{first_month}")
    if asked.end is None:
        yield TagRange(f"occurred_month:{first_month[:7]}", "occurred_month:~")
        return
    yield TagRange(f"occurred_month:{first_month[:7]}", f"occurred_month:{last_month[:7]}")
    yield TagRange(f"occurred_day:{last_month}", f"occurred_day:{end}~")


def _month_after(day: str) -> str:
    """The first day of the next month; after the last one of the calendar there is none."""
    year, month = int(day[:4]), int(day[5:7])
    if month == 12:
        year, month = year + 1, 0
    return f"{year:04}-{month + 1:02}-01" if year <= 9999 else _LAST_DAY
