"""The project list: filters, search, order and keyset pages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    Select,
    Text,
    Uuid,
    column,
    or_,
    select,
    table,
    tuple_,
)
from sqlalchemy.dialects.postgresql import JSONB

Sort = Literal["-updated_at", "updated_at", "-created_at", "created_at", "code"]

PROJECT = table(
    "project",
    column("workspace_id", Uuid),
    column("id", Uuid),
    column("code", Text),
    column("name", Text),
    column("template_key", Text),
    column("status", Text),
    column("stage", Text),
    column("outcome", Text),
    column("region", Text),
    column("department", Text),
    column("version", Integer),
    column("created_at", DateTime(timezone=True)),
    column("updated_at", DateTime(timezone=True)),
    column("body", JSONB),
    schema="genjin",
)

FILTERS = ("status", "stage", "template_key", "region", "department", "outcome")


def project_list(
    workspace_id: UUID,
    filters: Mapping[str, str | None],
    search: str | None,
    sort: Sort,
    after: list[Any] | None,
    limit: int,
) -> Select[Any]:
    """One page and a row more. after is the sort key and id of the item before it."""
    columns = PROJECT.c
    conditions: list[ColumnElement[bool]] = [columns.workspace_id == workspace_id]
    conditions += [columns[name] == value for name, value in filters.items() if value is not None]
    if search:
        pattern = f"%{_literal(search)}%"
        conditions.append(or_(columns.name.ilike(pattern), columns.code.ilike(pattern)))
    key = columns[sort.removeprefix("-")]
    descending = sort.startswith("-")
    if after is not None:
        place = tuple_(key, columns.id)
        value = after[0] if sort == "code" else datetime.fromisoformat(after[0])
        mark = tuple_(value, UUID(after[1]))
        conditions.append(place < mark if descending else place > mark)
    order = [key.desc(), columns.id.desc()] if descending else [key, columns.id]
    return (
        select(columns.id, key.label("sort_key"), columns.body)
        .where(*conditions)
        .order_by(*order)
        .limit(limit + 1)
    )


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
