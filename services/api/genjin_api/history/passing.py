"""What lets Postgres pass over events that cannot match: it reads them, and nobody has to send and parse their bodies.

A condition holds for every event that matches, and perhaps for some that do not. It rests on what the log writes: the
columns beside a body say the same as the body, and a body is canonical JSON. Pure.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby, product
from math import prod
from typing import Any

from genjin.canonical import canonical_json
from genjin.history.filter import EventFilter, Term
from genjin.history.values import Field, Range, moment_of

_END = "~"  # after every time that the log writes

# The conditions of one filter, of the parameters $2 to $17; null asks nothing. A text is looked for by strpos, which
# takes an eighth of the time of LIKE. Of who did it, the type alone has no column: it ends the body's first member.
CONDITIONS = """
       ($2::text[] IS NULL OR type LIKE ANY ($2))
   AND ($3::text[] IS NULL OR NOT type LIKE ANY ($3))
   AND ($4::uuid[] IS NULL OR actor_id = ANY ($4))
   AND ($5::uuid[] IS NULL OR actor_id <> ALL ($5))
   AND ($6::text[] IS NULL OR actor_role = ANY ($6))
   AND ($7::text[] IS NULL OR actor_role IS NULL OR actor_role <> ALL ($7))
   AND ($8::text[] IS NULL OR request_id = ANY ($8))
   AND ($9::text[] IS NULL OR correlation_id = ANY ($9))
   AND ($10::text[] IS NULL OR stream = ANY ($10))
   AND ($11::timestamptz IS NULL OR occurred_at >= $11)
   AND ($12::timestamptz IS NULL OR occurred_at < $12)
   AND ($13::text[] IS NULL OR EXISTS (
        SELECT FROM unnest($13) AS of (text)
         WHERE strpos(left(body, strpos(body, ',"causation_id":')), of.text) > 0))
   AND ($14::text[] IS NULL OR NOT EXISTS (
        SELECT FROM unnest($14) AS of (text)
         WHERE strpos(left(body, strpos(body, ',"causation_id":')), of.text) > 0))
   AND ($15::text[] IS NULL OR EXISTS (SELECT FROM unnest($15) AS of (text) WHERE strpos(body, of.text) > 0))
   AND ($16::text[] IS NULL OR EXISTS (SELECT FROM unnest($16) AS of (text) WHERE strpos(body, of.text) > 0))
   AND ($17::text[] IS NULL OR EXISTS (SELECT FROM unnest($17) AS of (text) WHERE strpos(body, of.text) > 0))
"""
# As many terms are looked for in the text of the body, those of the rarest texts first.
_BODY_TERMS_MAX = 3
_OF_BODY: tuple[Field, ...] = ("causation_id", "subject", "stage")
# The members of a change, in the order in which canonical JSON has them.
_OF_CHANGE: tuple[Field, ...] = ("after", "before", "path")
# More ways in which neighbours in a change may be written are not looked for together.
_WAYS_MAX = 40


def conditions(asked: EventFilter) -> list[Any]:
    """The values of the parameters."""
    given = [term for term in asked.terms if not term.negated]
    texts = {term.field: [str(value) for value in term.values] for term in given}
    refused = _refused(asked)
    types, refused_types = texts.get("type"), refused.get("type")
    return [
        types and _patterns(types),
        refused_types and _patterns(refused_types),
        texts.get("actor"),
        refused.get("actor"),
        texts.get("role"),
        refused.get("role"),
        texts.get("request_id"),
        texts.get("correlation_id"),
        texts.get("stream") or _project_streams(texts.get("project")),
        *_occurred([term for term in given if term.field == "occurred"]),
        _actor_types(texts.get("actor_type")),
        _actor_types(refused.get("actor_type")),
        *_of_body(texts),
    ]


def _refused(asked: EventFilter) -> dict[Field, list[str]]:
    found: dict[Field, list[str]] = {}
    for term in asked.terms:
        if term.negated:
            found.setdefault(term.field, []).extend(map(str, term.values))
    return found


def _patterns(types: list[str]) -> list[str]:
    return [value.replace("_", "\\_").replace("*", "%") for value in types]


def _project_streams(projects: list[str] | None) -> list[str] | None:
    return projects and [f"project-{identifier}" for identifier in projects]


def _actor_types(types: list[str] | None) -> list[str] | None:
    return types and [f'"type":{canonical_json(value)}' + "}" for value in types]


def _occurred(terms: Sequence[Term]) -> tuple[datetime | None, datetime | None]:
    """What the terms have in common, of each the time around all its ranges."""
    starts, ends = [], []
    for term in terms:
        ranges = [value for value in term.values if isinstance(value, Range)]
        starts.append(min(str(one.start or "") for one in ranges))
        ends.append(max(str(one.end or _END) for one in ranges))
    start, end = max(starts, default=""), min(ends, default=_END)
    return moment_of(start) if start else None, moment_of(end) if end != _END else None


def _of_body(texts: Mapping[Field, list[str]]) -> list[list[str] | None]:
    found = [_ways(field, texts[field]) for field in _OF_BODY if field in texts]
    found = sorted([*found, *_of_changes(texts)], key=_shortest, reverse=True)[:_BODY_TERMS_MAX]
    return [*found, *[None] * (_BODY_TERMS_MAX - len(found))]


def _shortest(ways: list[str]) -> int:
    """Long texts are rare, and are sooner looked for."""
    return min(map(len, ways))


def _of_changes(texts: Mapping[Field, list[str]]) -> Iterator[list[str]]:
    """All terms of changes hold for one change, so members that are neighbours in it are looked for together."""
    members = [_ways(field, texts[field]) if field in texts else [] for field in _OF_CHANGE]
    for is_asked, run in groupby(members, key=bool):
        neighbours = list(run)
        if not is_asked:
            continue
        if prod(map(len, neighbours)) <= _WAYS_MAX:
            yield [",".join(ways) for ways in product(*neighbours)]
        else:
            yield from neighbours


def _ways(field: Field, values: list[str]) -> list[str]:
    """Texts of which every body has one that says one of the values of the field."""
    return [text for value in values for text in _texts(field, value)]


def _texts(field: Field, value: str) -> Iterator[str]:
    quoted = canonical_json(value)
    match field:
        case "path":
            yield f'"path":{quoted[:-2]}' if value.endswith("/*") else f'"path":{quoted}'
        case "before" | "after":
            yield f'"{field}":{quoted}'
            if value:  # of what is no text there is always something
                yield f'"{field}":{value}'
        case "causation_id":
            yield f'"causation_id":{quoted}'
        case _:  # a stage stands in several places, a subject in the stream's name as well
            yield quoted[1:-1]
