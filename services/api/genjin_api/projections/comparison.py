"""Live and folded rows side by side, at the same position of every log: what is missing, extra, or another."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

import asyncpg
import orjson

from genjin_api.projections.shadow import Shadow

COLUMNS_SHOWN_MAX = 5
VALUE_CHARACTERS_MAX = 200

Kind = Literal["missing", "extra", "different"]


@dataclass(frozen=True, slots=True)
class ChangedColumn:
    """Its value in the live table and in the fold, as JSON text, cut where it is long."""

    column: str
    live: str
    folded: str


@dataclass(frozen=True, slots=True)
class RowDifference:
    """missing: the fold has the row, the live table has not. extra: the other way round."""

    kind: Kind
    key: dict[str, Any]
    columns: list[ChangedColumn]


@dataclass(frozen=True, slots=True)
class TableDifference:
    """How one table differs from its fold; samples are the first rows that do, in the order of the primary key."""

    table: str
    live_rows: int
    folded_rows: int
    missing: int
    extra: int
    different: int
    samples: list[RowDifference] = field(default_factory=list)

    @property
    def count(self) -> int:
        return self.missing + self.extra + self.different


async def compare(
    connection: asyncpg.Connection,
    shadow: Shadow,
    workspaces: Sequence[UUID] | None,
    samples_max: int,
) -> TableDifference:
    """Within one snapshot. Rows are compared by their stored bytes: 1.0 and 1.00 differ. None: all workspaces."""
    key = shadow.projection.key
    joined = _joined(shadow, key)
    counts = await connection.fetchrow(
        f"""
        SELECT count(live_row) AS live_rows, count(folded_row) AS folded_rows,
               count(*) FILTER (WHERE live_row IS NULL) AS missing,
               count(*) FILTER (WHERE folded_row IS NULL) AS extra,
               count(*) FILTER (WHERE live *<> folded) AS different
          FROM ({joined}) pairs
        """,
        workspaces,
    )
    assert counts is not None
    found = TableDifference(shadow.projection.table, **dict(counts))
    if found.count:
        rows = await connection.fetch(
            f"""
            SELECT to_jsonb(live)::text AS live, to_jsonb(folded)::text AS folded FROM ({joined}) pairs
             WHERE live_row IS NULL OR folded_row IS NULL OR live *<> folded
             ORDER BY {", ".join(key)} LIMIT $2
            """,
            workspaces,
            samples_max,
        )
        found.samples.extend(_difference(row, key) for row in rows)
    return found


def _joined(shadow: Shadow, key: Sequence[str]) -> str:
    """The pairs of rows with the same key. A missing side is null as a whole row, and its mark is null too."""
    narrowed = "WHERE $1::uuid[] IS NULL OR workspace_id = ANY ($1::uuid[])"
    names = ", ".join(key)
    return f"""
        SELECT {names}, live, folded, live.workspace_id AS live_row, folded.workspace_id AS folded_row
          FROM (SELECT * FROM {shadow.live} {narrowed}) live
          FULL JOIN (SELECT * FROM {shadow.name} {narrowed}) folded USING ({names})
    """


def _difference(row: asyncpg.Record, key: Sequence[str]) -> RowDifference:
    live: dict[str, Any] = orjson.loads(row["live"] or "{}")
    folded: dict[str, Any] = orjson.loads(row["folded"] or "{}")
    identity = {name: (live or folded)[name] for name in key}
    if not live:
        return RowDifference("missing", identity, [])
    if not folded:
        return RowDifference("extra", identity, [])
    return RowDifference("different", identity, _changed(live, folded))


def _changed(live: dict[str, Any], folded: dict[str, Any]) -> list[ChangedColumn]:
    names = [name for name in folded if live.get(name) != folded[name]]
    return [
        ChangedColumn(name, _cut(live.get(name)), _cut(folded[name]))
        for name in names[:COLUMNS_SHOWN_MAX]
    ]


def _cut(value: Any) -> str:
    text = orjson.dumps(value).decode()
    return (
        text
        if len(text) <= VALUE_CHARACTERS_MAX
        else f"{text[:VALUE_CHARACTERS_MAX]}… ({len(text)} characters)"
    )
