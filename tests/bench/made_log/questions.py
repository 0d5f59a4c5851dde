"""Questions of an auditor: any two of all filters, of frequent values and rare ones, negated or not, with and without
an answer.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import combinations_with_replacement
from random import Random
from typing import Any
from uuid import UUID

from genjin.canonical import instant
from genjin.history.filter import EventFilter, Term, change_text, texts_of
from genjin.history.values import FIELDS, Field, Unreadable, Value, read_value

NEGATED_SHARE = 0.25
ABSENT_SHARE = 0.1
WIDE_SHARE = 0.3
SPANS_DAYS = (0.1, 3, 60, 1000)
SPANS_POSITIONS = (10, 1000, 100_000)

_ABSENT: dict[str, str] = {
    "type": "stage.forgotten",
    "path": "/nowhere",
    "recorded": "1999-01-01..1999-02-01",
    "occurred": "1999-01-01..1999-02-01",
    "position": "900000000000..900000000001",
}

Document = dict[str, Any]


def questions(chance: Random, documents: Sequence[Document]) -> list[EventFilter]:
    """One of each two fields, in any order; documents are events of the log."""
    pairs = list(combinations_with_replacement(FIELDS, 2))
    chance.shuffle(pairs)
    return [EventFilter.of([_term(chance, field, documents) for field in pair]) for pair in pairs]


def _term(chance: Random, field: Field, documents: Sequence[Document]) -> Term:
    return Term(field, (_value(chance, field, documents),), chance.random() < NEGATED_SHARE)


def _value(chance: Random, field: Field, documents: Sequence[Document]) -> Value:
    if chance.random() < ABSENT_SHARE:
        text = _ABSENT.get(field) or str(UUID(int=chance.getrandbits(128)))
    else:
        text = _text(chance, field, documents)
    value = read_value(field, text)
    assert not isinstance(value, Unreadable), (field, text)
    return value


def _text(chance: Random, field: Field, documents: Sequence[Document]) -> str:
    """What a filter must say to find one of the events, and others with it."""
    while True:
        found = _texts(chance, field, chance.choice(documents))
        if found and not isinstance(read_value(field, text := chance.choice(found)), Unreadable):
            return text


def _texts(chance: Random, field: Field, document: Document) -> list[str]:
    match field:
        case "recorded" | "occurred":
            time = timedelta(days=chance.choice(SPANS_DAYS))
            moment = datetime.fromisoformat(document[f"{field}_at"])
            return [f"{instant(moment - time)}..{instant(moment + time)}"]
        case "position":
            around = chance.choice(SPANS_POSITIONS)
            position = document["position"]
            return [f"{max(1, position - around)}..{position + around}"]
        case "path":
            return [_wider(chance, change["path"], "/") for change in document["changes"]]
        case "before" | "after":
            return [change_text(change[field]) for change in document["changes"]]
        case "type":
            return [_wider(chance, document["type"], ".")]
        case _:
            return list(texts_of(field, document))


def _wider(chance: Random, text: str, separator: str) -> str:
    """Now and then everything below it."""
    if chance.random() >= WIDE_SHARE:
        return text
    beginning, _, _ = text.rpartition(separator)
    return f"{beginning}{separator}*" if beginning else text
