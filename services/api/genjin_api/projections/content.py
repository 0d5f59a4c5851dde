"""The canonical form of a projection's rows, and its hash: what a state attestation is about. Pure.

The rows of one workspace stand one a line, each ended by a line feed, in the order of the primary key (texts by code
point). A line is the row as JSON: keys sorted, no spaces, UTF-8; ids and days as text, instants as RFC 3339 in UTC
with six digits, amounts as decimal text. Numbers within documents are those of IEEE 754: whole ones below 2^53 without
a fraction, others as their shortest form. The content hash is the SHA-256 of all lines.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from genjin.canonical import instant, plain_json

_WHOLE_MAX = 2**53


def row_line(row: Mapping[str, Any]) -> bytes:
    """A row as Postgres gives it (documents parsed) or as a projection makes it: both come to the same bytes."""
    values = {name: _value(value) for name, value in row.items()}
    return orjson.dumps(values, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def content_hash(rows: Iterable[Mapping[str, Any]], key: Sequence[str]) -> bytes:
    """Of one projection's rows of one workspace, in any order, workspace_id among their columns."""
    ordered = sorted(rows, key=lambda row: tuple(_value(row[name]) for name in key))
    return hashlib.sha256(b"".join(row_line(row) for row in ordered)).digest()


def _value(value: Any) -> Any:
    match value:
        case None | str() | bool():
            return value
        case int() | float():
            return _number(value)
        case datetime():
            return instant(value)
        case UUID():
            return str(value)
        case Decimal():
            return format(value, "f")
        case date():
            return value.isoformat()
        case dict():
            return {name: _value(item) for name, item in value.items()}
        case list() | tuple():
            return [_value(item) for item in value]
        case _:
            return _value(orjson.loads(plain_json(value)))


def _number(value: int | float) -> int | float:
    """The same number from whatever notation it has passed through."""
    whole = int(value)
    if whole == value and abs(whole) < _WHOLE_MAX:
        return whole
    return float(value)
