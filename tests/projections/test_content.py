"""The canonical form of rows: what Postgres keeps and what a fold makes come to the same bytes."""

import hashlib
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from genjin.canonical import plain_json
from genjin_api.projections.content import content_hash, row_line

NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def test_a_row_is_one_line_of_canonical_json() -> None:
    row = {
        "id": UUID(int=7),
        "amount": Decimal("1250000.50"),
        "at": datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=8))),
        "due_on": date(2026, 3, 2),
        "body": {"z": 1.0, "a": "赵敏"},
        "none": None,
    }
    assert row_line(row).decode() == (
        '{"amount":"1250000.50","at":"2026-03-02T01:00:00.000000Z","body":{"a":"赵敏","z":1},"due_on":"2026-03-02",'
        '"id":"00000000-0000-0000-0000-000000000007","none":null}\n'
    )


def test_the_hash_is_that_of_the_lines_in_the_order_of_the_key() -> None:
    rows = [{"ordinal": 10, "form": "a"}, {"ordinal": 9, "form": "乙"}, {"ordinal": 9, "form": "B"}]
    ordered = [rows[2], rows[1], rows[0]]
    expected = hashlib.sha256(b"".join(map(row_line, ordered))).digest()
    assert content_hash(rows, ("ordinal", "form")) == expected


def test_another_row_is_another_hash() -> None:
    row = {"id": UUID(int=1), "at": datetime(2026, 3, 2, tzinfo=UTC)}
    other = {**row, "at": datetime(2026, 3, 2, 0, 0, 0, 1, tzinfo=UTC)}
    assert content_hash([row], ("id",)) != content_hash([other], ("id",))
    assert content_hash([row], ("id",)) != content_hash([row, row], ("id",))


@given(documents=st.lists(DOCUMENTS, min_size=1, max_size=20))
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_a_document_has_the_same_line_after_postgres_has_kept_it(
    connection: asyncpg.Connection, documents: list[Any]
) -> None:
    written = [plain_json(document).decode() for document in documents]
    query = "SELECT d::jsonb::text FROM unnest($1::text[]) WITH ORDINALITY AS t (d, n) ORDER BY n"
    kept = [orjson.loads(row[0]) for row in await connection.fetch(query, written)]
    for document, after in zip(documents, kept, strict=True):
        assert row_line({"body": document}) == row_line({"body": after})
