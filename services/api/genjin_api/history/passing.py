"""What lets Postgres pass over events that cannot match: it reads them, and nobody has to send and parse their bodies.

A condition holds for every event that matches, and perhaps for some that do not. It rests on what the log writes: the
columns beside a body say the same as the body, and a body is canonical JSON. Pure.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from genjin.canonical import canonical_json
from genjin.history.filter import EventFilter, Term
from genjin.history.values import Field, Range, moment_of

_END = "~"  # after every time that the log writes

# The conditions of one filter, of the parameters $2 to $11; null asks nothing.
CONDITIONS = """
       ($2::text[] IS NULL OR type LIKE ANY ($2))
   AND ($3::uuid[] IS NULL OR actor_id = ANY ($3))
   AND ($4::text[] IS NULL OR actor_role = ANY ($4))
   AND ($5::text[] IS NULL OR request_id = ANY ($5))
   AND ($6::text[] IS NULL OR correlation_id = ANY ($6))
   AND ($7::text[] IS NULL OR stream = ANY ($7))
   AND ($8::timestamptz IS NULL OR occurred_at >= $8)
   AND ($9::timestamptz IS NULL OR occurred_at < $9)
   AND ($10::text[] IS NULL OR body LIKE ANY ($10))
   AND ($11::text[] IS NULL OR body LIKE ANY ($11))
"""

# The fields whose terms are looked for in the text of the body, those of the rarest texts first.
_BODY_TERMS_MAX = 2
_OF_BODY: tuple[Field, ...] = ("causation_id", "path", "subject", "after", "before", "stage")


def conditions(asked: EventFilter) -> list[Any]:
    """The values of the parameters."""
    given = [term for term in asked.terms if not term.negated]
    texts = {term.field: [str(value) for value in term.values] for term in given}
    types = texts.get("type")
    return [
        types and [value.replace("*", "%") for value in types],
        *(texts.get(field) for field in ("actor", "role", "request_id", "correlation_id")),
        texts.get("stream") or _project_streams(texts.get("project")),
        *_occurred([term for term in given if term.field == "occurred"]),
        *_of_body(given),
    ]


def _project_streams(projects: list[str] | None) -> list[str] | None:
    return projects and [f"project-{identifier}" for identifier in projects]


def _occurred(terms: Sequence[Term]) -> tuple[datetime | None, datetime | None]:
    """What the terms have in common, of each the time around all its ranges."""
    starts, ends = [], []
    for term in terms:
        ranges = [value for value in term.values if isinstance(value, Range)]
        starts.append(min(str(one.start or "") for one in ranges))
        ends.append(max(str(one.end or _END) for one in ranges))
    start, end = max(starts, default=""), min(ends, default=_END)
    return moment_of(start) if start else None, moment_of(end) if end != _END else None


def _of_body(given: Sequence[Term]) -> list[list[str] | None]:
    asking = sorted(
        (term for term in given if term.field in _OF_BODY),
        key=lambda term: _OF_BODY.index(term.field),
    )
    found: list[list[str] | None] = [
        [f"%{_escaped(text)}%" for value in term.values for text in _texts(term.field, str(value))]
        for term in asking[:_BODY_TERMS_MAX]
    ]
    return found + [None] * (_BODY_TERMS_MAX - len(found))


def _texts(field: Field, value: str) -> Iterator[str]:
    """Texts of which every body has one that says this of the field."""
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


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
