"""Sets of positions as spans: disjoint, in order, both ends included. Pure."""

from collections.abc import Iterable, Sequence

Span = tuple[int, int]


def union(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for first, last in sorted(span for span in spans if span[0] <= span[1]):
        if found and first <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(found[-1][1], last)
        else:
            found.append((first, last))
    return found


def without(whole: Span, spans: Sequence[Span]) -> list[Span]:
    """What of a span lies outside of the others."""
    found: list[Span] = []
    start, end = whole
    for first, last in spans:
        found.append((start, min(end, first - 1)))
        start = max(start, last + 1)
    return union([*found, (start, end)])


def common(one: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    return union(
        (max(a_first, b_first), min(a_last, b_last))
        for a_first, a_last in one
        for b_first, b_last in other
    )
