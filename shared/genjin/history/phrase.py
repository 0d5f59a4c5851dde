"""The phrase language of filters: `type:stage.* -role:marketer recorded:2026-01-01..2026-02-01 after:"滨海 新区"`.

A phrase is terms with blanks between them, which must all hold. A term is field:value, or field:value,value for any of
them, with a minus in front when none may hold. A value with a blank, a comma or a quotation mark in it, or an empty
one, stands in quotation marks, where \\" and \\\\ stand for the signs themselves.
"""

import re
from dataclasses import dataclass

from genjin.history.filter import TERMS_MAX, VALUES_MAX, EventFilter, Term
from genjin.history.values import FIELDS, Field, Unreadable, Value, read_value, written

PHRASE_CHARACTERS_MAX = 4000

_FIELDS: dict[str, Field] = {field: field for field in FIELDS}
_BLANKS = re.compile(r"\s*")
_HEAD = re.compile(r"(-?)([^\s:,\"-][^\s:,\"]*)?(:?)")
_BARE = re.compile(r'[^\s,"]+')
_QUOTED = re.compile(r'"((?:[^"\\]|\\["\\])*)"')
_ESCAPED = re.compile(r'\\(["\\])')
_TOKEN = re.compile(r"\S*")


@dataclass(frozen=True, slots=True)
class PhraseError:
    """The token at a column (from 1) breaks a rule."""

    column: int
    token: str
    rule: str

    def __str__(self) -> str:
        return f"column {self.column}, {self.token!r}: {self.rule}"


class _Broken(Exception):
    def __init__(self, place: int, rule: str) -> None:
        super().__init__(rule)
        self.place = place
        self.rule = rule


def parse_phrase(text: str) -> EventFilter | PhraseError:
    """The filter that a phrase stands for; an empty phrase asks for everything."""
    if len(text) > PHRASE_CHARACTERS_MAX:
        return PhraseError(1, text[:20], f"must have at most {PHRASE_CHARACTERS_MAX} characters")
    terms: list[Term] = []
    place = _after(_BLANKS, text, 0)
    try:
        while place < len(text):
            if len(terms) == TERMS_MAX:
                raise _Broken(place, f"must have at most {TERMS_MAX} terms")
            term, place = _term(text, place)
            terms.append(term)
            place = _after(_BLANKS, text, place)
    except _Broken as broken:
        token = _TOKEN.match(text, broken.place)
        return PhraseError(broken.place + 1, token[0][:100] if token else "", broken.rule)
    return EventFilter.of(terms)


def to_phrase(asked: EventFilter) -> str:
    """The one phrase that parse_phrase makes this filter of."""
    return " ".join(
        f"{'-' if term.negated else ''}{term.field}:{','.join(_quoted(value) for value in term.values)}"
        for term in asked.terms
    )


def _term(text: str, start: int) -> tuple[Term, int]:
    head = _HEAD.match(text, start)
    assert head is not None  # it matches nothing, too
    minus, name, colon = head.groups()
    if not name or not colon:
        raise _Broken(start, "must be as field:value")
    if name not in _FIELDS:
        raise _Broken(start + len(minus), f"must be one of the fields {', '.join(FIELDS)}")
    field = _FIELDS[name]
    values: list[Value] = []
    place = head.end()
    while True:
        if len(values) == VALUES_MAX:
            raise _Broken(place, f"must have at most {VALUES_MAX} values")
        value, place = _value(field, text, place)
        values.append(value)
        if not text.startswith(",", place):
            break
        place += 1
    if place < len(text) and not text[place].isspace():
        raise _Broken(place, "must have a blank or a comma after a value")
    return Term(field, tuple(values), bool(minus)), place


def _value(field: Field, text: str, place: int) -> tuple[Value, int]:
    if text.startswith('"', place):
        quoted = _QUOTED.match(text, place)
        if quoted is None:
            raise _Broken(place, 'must end in a quotation mark; \\" and \\\\ stand for the signs')
        end, said = quoted.end(), _ESCAPED.sub(r"\1", quoted[1])
    else:
        bare = _BARE.match(text, place)
        if bare is None:
            raise _Broken(place, 'must have a value here; an empty one is ""')
        end, said = bare.end(), bare[0]
    value = read_value(field, said)
    if isinstance(value, Unreadable):
        raise _Broken(place, value.rule)
    return value, end


def _quoted(value: Value) -> str:
    text = written(value)
    if _BARE.fullmatch(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _after(pattern: re.Pattern[str], text: str, place: int) -> int:
    found = pattern.match(text, place)
    return found.end() if found else place
