"""The project list, now and at a point of the past: filters, search, order and keyset pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnCollection,
    ColumnElement,
    DateTime,
    Integer,
    Select,
    Text,
    Uuid,
    bindparam,
    cast,
    column,
    func,
    literal,
    or_,
    select,
    table,
    text,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import JSONB

from genjin_api.health.projection import is_said_of
from genjin_api.reports.asking import POSITION_MAX

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


# The columns of genjin.project_past that the list is filtered and sorted by.
PAST = table(
    "project_past",
    column("workspace_id", Uuid),
    column("id", Uuid),
    column("version", Integer),
    column("position", BigInteger),
    column("code", Text),
    column("name", Text),
    column("template_key", Text),
    column("status", Text),
    column("stage", Text),
    column("outcome", Text),
    column("region", Text),
    column("department", Text),
    column("created_at", DateTime(timezone=True)),
    schema="genjin",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is asked for. after begins with the sort key and id of the item before the page."""

    filters: Mapping[str, str | None]
    health: str | None
    search: str | None
    sort: Sort
    after: list[Any] | None
    limit: int


def project_list(workspace_id: UUID, asked: Asked) -> Select[Any]:
    """One page and a row more: id, sort_key, body."""
    page = _page(PROJECT.c, asked, PROJECT.c.body).where(PROJECT.c.workspace_id == workspace_id)
    return _of_health(page, PROJECT.c, workspace_id, asked, POSITION_MAX)


def past_project_list(workspace_id: UUID, asked: Asked, position: int) -> Select[Any]:
    """The same at a position of the log: id, sort_key, and the version that each project had. Of each project the last
    row at or below the position counts, one look into the key; sort is not by updated_at, which moves with every event.
    """
    columns = PAST.c
    latest = (
        select(*columns)
        .where(
            columns.workspace_id == workspace_id,
            columns.id == PROJECT.c.id,
            columns.position <= position,
        )
        .order_by(columns.position.desc())
        .limit(1)
        .lateral("latest")
    )
    stream = literal("project-") + cast(latest.c.id, Text)
    version = func.genjin.version_at(workspace_id, stream, position).label("version")
    page = (
        _page(latest.c, asked, version)
        .select_from(PROJECT.join(latest, true()))
        .where(PROJECT.c.workspace_id == workspace_id)
    )
    return _of_health(page, latest.c, workspace_id, asked, position)


def _of_health(
    page: Select[Any],
    columns: ColumnCollection[str, Any],
    workspace_id: UUID,
    asked: Asked,
    position: int,
) -> Select[Any]:
    if asked.health is None:
        return page
    return page.where(
        text(is_said_of(str(columns["id"]))).bindparams(
            bindparam("workspace", workspace_id, Uuid),
            bindparam("health", asked.health, Text),
            bindparam("position", position, BigInteger),
        )
    )


def _page(columns: ColumnCollection[str, Any], asked: Asked, shown: Any) -> Select[Any]:
    conditions: list[ColumnElement[bool]] = [
        columns[name] == value for name, value in asked.filters.items() if value is not None
    ]
    if asked.search:
        pattern = f"%{_literal(asked.search)}%"
        conditions.append(or_(columns["name"].ilike(pattern), columns["code"].ilike(pattern)))
    key, identifier = columns[asked.sort.removeprefix("-")], columns["id"]
    descending = asked.sort.startswith("-")
    if asked.after is not None:
        place = tuple_(key, identifier)
        value = asked.after[0]
        if asked.sort != "code":
            value = datetime.fromisoformat(value)
        mark = tuple_(value, UUID(asked.after[1]))
        conditions.append(place < mark if descending else place > mark)
    order = [key.desc(), identifier.desc()] if descending else [key, identifier]
    return (
        select(identifier, key.label("sort_key"), shown)
        .where(*conditions)
        .order_by(*order)
        .limit(asked.limit + 1)
    )


def _literal(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
