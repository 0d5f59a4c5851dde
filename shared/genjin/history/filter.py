"""What is asked of the history: a conjunction of terms over the fields of an event. Pure.

The same filter serves the history's pages, the live feed, the export and webhook subscriptions.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from genjin.canonical import canonical_json
from genjin.history.values import CHANGE_FIELDS, FIELDS, Field, Range, Value, written

TERMS_MAX = 20
VALUES_MAX = 20

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Term:
    """A field has one of the values; negated: it has none of them."""

    field: Field
    values: tuple[Value, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Every term must hold. Made by of(), so that filters which ask the same with the same terms are equal.

    Terms of path, before and after are judged on one change at a time. Where one of them is not negated there must be
    a change for which all of them hold, negated ones included. Where all are negated no change may have what they name.
    """

    terms: tuple[Term, ...] = ()

    @classmethod
    def of(cls, terms: Iterable[Term]) -> "EventFilter":
        return cls(tuple(sorted({_ordered(term) for term in terms}, key=_sort_key)))

    def and_(self, *terms: Term) -> "EventFilter":
        return EventFilter.of((*self.terms, *terms))

    def matches(self, document: Document) -> bool:
        """document is an event as the API shows it, or its stored body, parsed."""
        of_changes = False
        for term in self.terms:
            if term.field in CHANGE_FIELDS:
                of_changes = True
            elif _holds(term, document) is term.negated:
                return False
        return not of_changes or self._changes_match(document["changes"])

    def _changes_match(self, changes: Iterable[Document]) -> bool:
        terms = [term for term in self.terms if term.field in CHANGE_FIELDS]
        if all(term.negated for term in terms):
            return not any(_change_holds(term, change) for change in changes for term in terms)
        return any(
            all(_change_holds(term, change) is not term.negated for term in terms)
            for change in changes
        )


EVERYTHING = EventFilter()


def _ordered(term: Term) -> Term:
    return Term(term.field, tuple(sorted(set(term.values), key=written)), term.negated)


def _sort_key(term: Term) -> tuple[int, bool, list[str]]:
    return FIELDS.index(term.field), term.negated, [written(value) for value in term.values]


def _holds(term: Term, document: Document) -> bool:
    """Whether the event has one of the values, negated or not."""
    field = term.field
    if field == "type":
        return any(type_matches(str(value), document["type"]) for value in term.values)
    if field == "recorded" or field == "occurred" or field == "position":
        found = document[field if field == "position" else f"{field}_at"]
        return any(isinstance(value, Range) and found in value for value in term.values)
    return any(text in term.values for text in texts_of(field, document))


def type_matches(pattern: str, event_type: str) -> bool:
    """A pattern is an event type, or its beginning with a star: stage.advanced, stage.*, *."""
    if pattern.endswith("*"):
        return event_type.startswith(pattern[:-1])
    return pattern == event_type


def texts_of(field: Field, document: Document) -> Iterator[str]:
    """What an event has to say to a field whose values are compared as texts."""
    match field:
        case "actor":
            yield document["actor"]["id"]
        case "actor_type":
            yield document["actor"]["type"]
        case "role":
            if document["actor"]["role"] is not None:
                yield document["actor"]["role"]
        case "stage":
            yield from stages_of(document["data"])
        case "subject":
            yield from subjects_of(document)
        case "project":
            noun, _, identifier = document["stream"].partition("-")
            if noun == "project":
                yield identifier
        case _:
            if document[field] is not None:
                yield document[field]


def stages_of(data: Document) -> Iterator[str]:
    """Where it happened, where the project came from or went to, and the stages that a change request touches."""
    for name in ("stage", "from_stage", "to_stage"):
        if isinstance(data.get(name), str):
            yield data[name]
    stages = data.get("stages")
    if isinstance(stages, list):
        yield from (stage for stage in stages if isinstance(stage, str))


def subjects_of(document: Document) -> Iterator[str]:
    """The ids that the event names: its stream's, every member of data whose name ends in _id, the key of a form
    or a metric, and the data subjects whose values it holds.
    """
    yield document["stream"].partition("-")[2]
    data = document["data"]
    for name, value in data.items():
        if isinstance(value, str) and (name.endswith("_id") or name in ("form", "metric")):
            yield value
    subjects = data.get("subjects")
    if isinstance(subjects, dict):
        yield from subjects


def _change_holds(term: Term, change: Document) -> bool:
    if term.field == "path":
        return any(path_matches(str(value), change["path"]) for value in term.values)
    return change_text(change[term.field]) in term.values


def path_matches(pattern: str, path: str) -> bool:
    """A pattern is a whole JSON Pointer, or one with /* at its end for everything below it."""
    if pattern.endswith("/*"):
        return path.startswith(pattern[:-1])
    return path == pattern


def change_text(value: Any) -> str:
    """A value before or after a change as a filter names it: text as it is, all else as canonical JSON."""
    if isinstance(value, str):
        return value
    return "null" if value is None else canonical_json(value)  # by far the most frequent
