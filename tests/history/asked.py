"""Filters made by hypothesis, of values that a given set of events may or may not have."""

from hypothesis import strategies as st

from genjin.history.filter import EventFilter, Term
from genjin.history.values import FIELDS, Bound, Field, Range, Value

WORDS = st.text(
    st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1, max_size=12
)
INSTANTS = st.datetimes().map(lambda moment: f"{moment.isoformat(timespec='microseconds')}Z")
POSITIONS = st.integers(0, 10**12)
KEYS = st.lists(WORDS.map(lambda key: key.replace("~", "~0").replace("/", "~1")), min_size=1)


def _range_of(first: Bound | None, second: Bound | None) -> Range[Bound]:
    if first is not None and second is not None and second < first:
        return Range(second, first)
    return Range(first, second)


def _ranges(bounds: st.SearchStrategy[Bound]) -> st.SearchStrategy[Range[Bound]]:
    pairs = st.tuples(st.none() | bounds, st.none() | bounds)
    return pairs.filter(lambda pair: pair != (None, None)).map(lambda pair: _range_of(*pair))


def values_of(field: Field) -> st.SearchStrategy[Value]:
    """Anything that the field may be asked for."""
    match field:
        case "actor" | "project" | "id":
            return st.uuids().map(str)
        case "recorded" | "occurred":
            return _ranges(INSTANTS)
        case "position":
            return _ranges(POSITIONS)
        case "type":
            return st.sampled_from(["*", "stage.*", "stage.advanced", "risk.identified"])
        case "path":
            pointers = KEYS.map(lambda keys: "".join(f"/{key}" for key in keys)[:200])
            return st.sampled_from(["/*", "/header/*", "/"]) | pointers.filter(
                lambda pointer: not pointer.endswith("~")
            )
        case "before" | "after":
            return st.just("") | WORDS
        case _:
            return WORDS


def terms() -> st.SearchStrategy[Term]:
    return st.sampled_from(FIELDS).flatmap(
        lambda field: st.builds(
            Term,
            st.just(field),
            st.lists(values_of(field), min_size=1, max_size=4).map(tuple),
            st.booleans(),
        )
    )


def filters() -> st.SearchStrategy[EventFilter]:
    return st.lists(terms(), max_size=6).map(EventFilter.of)
