"""How a filter is looked up: bounds of positions, and clauses over the tags of the audit index. Pure.

A plan finds every event that matches, and perhaps some that do not: each is asked again by the filter itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from genjin.history.filter import EventFilter, Term
from genjin.history.tags import (
    PATH_DEPTH_MAX,
    Hashed,
    hashed,
    is_hashed,
    is_whole,
    mask,
    path_tag,
    tag,
)
from genjin.history.values import CHANGE_FIELDS, Field, Range


@dataclass(frozen=True, slots=True)
class TagRange:
    """Every tag from low on and before high, in the order of their bytes."""

    low: str
    high: str


Lookup = str | Hashed
# All of the lookups of an alternative must have the position; one alternative of a clause is enough.
Alternative = tuple[Lookup, ...]
Clause = tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """positions are terms of numbers or times of recording, which come down to spans of the log, and exactly.

    any_of holds one clause for each term that the index knows by its tags; ranges those that it knows by ranges of
    tags; none_of tags whose events cannot match.
    """

    impossible: bool
    positions: Sequence[Term]
    streams: Sequence[frozenset[str]]
    ids: Sequence[frozenset[str]]
    any_of: Sequence[Clause]
    ranges: Sequence[Sequence[TagRange]]
    none_of: Sequence[str]

    @property
    def is_indexed(self) -> bool:
        """Whether a tag is asked for: few events have it, as a rule."""
        return bool(self.any_of or self.ranges)

    @property
    def narrows(self) -> bool:
        """Whether the index can tell events that cannot match."""
        return self.is_indexed or bool(self.none_of)

    @property
    def narrows_streams(self) -> bool:
        """The same, beyond the streams: each term of them is one clause."""
        return len(self.any_of) > len(self.streams) or bool(self.ranges or self.none_of)


def is_of_values(clause: Clause) -> bool:
    """Whether it is known by hashes of values: few events have one, as a rule."""
    return all(isinstance(group[-1], Hashed) for group in clause)


# After every time that the log writes.
_END = "~"
# An event, or one of its changes, has one value of them.
_SINGLE: tuple[Field, ...] = (
    "actor", "actor_type", "role", "project", "stream", "before", "after", "request_id", "correlation_id",
    "causation_id", "id",
)  # fmt: skip
_EXCLUDED: frozenset[Field] = frozenset(
    {"actor", "actor_type", "role", "stage", "type", "path", "before", "after"}
)


def plan_of(asked: EventFilter) -> Plan:
    terms = asked.terms
    given = [term for term in terms if not term.negated]
    return Plan(
        impossible=any(_is_any_type(term) and term.negated for term in terms)
        or any(_contradict(terms, field) for field in _SINGLE),
        positions=[term for term in terms if term.field in ("position", "recorded")],
        streams=[_streams(term) for term in given if term.field in ("stream", "project")],
        ids=[frozenset(map(str, term.values)) for term in given if term.field == "id"],
        any_of=[clause for term in given if (clause := _clause(term))],
        ranges=[_occurred(term) for term in terms if term.field == "occurred"],
        none_of=[tag_text for term in terms if term.negated for tag_text in _excluded(term, given)],
    )


def _contradict(terms: Sequence[Term], field: Field) -> bool:
    """Whether a field would have to be two things at once, or not to be what it must be."""
    of_field = [term for term in terms if term.field == field]
    given = [frozenset(term.values) for term in of_field if not term.negated]
    refused = {value for term in of_field if term.negated for value in term.values}
    return bool(given) and not frozenset.intersection(*given) - refused


def _is_any_type(term: Term) -> bool:
    return term.field == "type" and "*" in term.values


def _excluded(term: Term, given: Sequence[Term]) -> Iterator[str]:
    """Tags that no event has which matches. Beside a change term that is not negated, others are of one change."""
    if term.field not in _EXCLUDED:
        return
    if term.field in CHANGE_FIELDS and any(other.field in CHANGE_FIELDS for other in given):
        return
    for value in map(str, term.values):
        [lookup, *others] = _alternative(term.field, value)
        is_cut = term.field == "path" and value.count("/") > PATH_DEPTH_MAX
        if isinstance(lookup, str) and is_whole(lookup) and not others and not is_cut:
            yield lookup


def _streams(term: Term) -> frozenset[str]:
    noun = "project-" if term.field == "project" else ""
    return frozenset(f"{noun}{value}" for value in term.values)


def _clause(term: Term) -> Clause | None:
    """None where the index knows nothing of the term, or where it asks for everything."""
    if _is_any_type(term):
        return None
    alternatives = [_alternative(term.field, str(value)) for value in term.values]
    return tuple(alternatives) if all(alternatives) else None


def _occurred(term: Term) -> list[TagRange]:
    ranges = [value for value in term.values if isinstance(value, Range)]
    bounds = [(str(one.start or ""), str(one.end or _END)) for one in ranges]
    if term.negated:
        bounds = _outside(bounds)
    return [days for start, end in bounds for days in _days(start, end)]


def _outside(bounds: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The times that lie in none of the ranges."""
    found, start = [], ""
    for first, end in sorted(bounds):
        if start < first:
            found.append((start, first))
        start = max(start, end)
    return [*found, (start, _END)] if start < _END else found


def _alternative(field: Field, value: str) -> Alternative:
    match field:
        case "type":
            whole = not value.endswith(".*")
            return (f"type:{value}" if whole else f"noun:{value[:-2]}",)
        case "actor" | "actor_type" | "role" | "stage":
            return (tag(field, value),)
        case "path":
            _, keys = mask(value)
            return (path_tag(value), *(hashed("key", key) for key in keys))
        case "before" | "after":
            return (hashed(field, value) if is_hashed(field, value) else tag(field, value),)
        case "request_id" | "correlation_id" | "causation_id":
            return (hashed("cause", value),)
        case "subject" | "project":
            return (hashed("key", value),)
        case "stream":
            return (hashed("key", value.partition("-")[2]),)
        case "recorded" | "occurred" | "position" | "id":
            return ()


def _days(start: str, end: str) -> Iterator[TagRange]:
    """The days that a range of times touches, as whole months where it has them."""
    first_day, last_day = start[:10], end[:10]
    first_month = _month_after(first_day) if first_day else ""
    last_month = f"{last_day[:7]}-01" if end != _END else _END
    if first_month >= last_month:
        yield TagRange(f"occurred_day:{first_day}", f"occurred_day:{last_day}~")
        return
    if first_day:
        yield TagRange(f"occurred_day:{first_day}", f"occurred_day:{first_month}")
    yield TagRange(f"occurred_month:{first_month[:7]}", f"occurred_month:{last_month[:7]}")
    if end != _END:
        yield TagRange(f"occurred_day:{last_month}", f"occurred_day:{last_day}~")


def _month_after(day: str) -> str:
    """The first day of the next month; after the last one of the calendar there is none."""
    year, month = int(day[:4]), int(day[5:7])
    if month == 12:
        year, month = year + 1, 0
    return f"{year:04}-{month + 1:02}-01" if year <= 9999 else _END
