"""Questions to the log: filters, all combinable, in keyset pages by position."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Integer,
    LargeBinary,
    Select,
    Text,
    Uuid,
    column,
    or_,
    select,
    table,
)

Order = Literal["asc", "desc"]

EVENT = table(
    "event",
    column("workspace_id", Uuid),
    column("position", BigInteger),
    column("stream", Text),
    column("version", Integer),
    column("id", Uuid),
    column("type", Text),
    column("actor_id", Uuid),
    column("actor_role", Text),
    column("occurred_at", DateTime(timezone=True)),
    column("recorded_at", DateTime(timezone=True)),
    column("request_id", Text),
    column("correlation_id", Text),
    column("body", Text),
    column("leaf_hash", LargeBinary),
    schema="genjin",
)


@dataclass(frozen=True, slots=True)
class EventFilters:
    """What is asked for; None asks nothing. type holds whole types and `noun.*`. Ranges are [from, to)."""

    actor: UUID | None = None
    role: str | None = None
    type: tuple[str, ...] = ()
    stream: str | None = None
    recorded_from: datetime | None = None
    recorded_to: datetime | None = None
    occurred_from: datetime | None = None
    occurred_to: datetime | None = None
    request_id: str | None = None
    correlation_id: str | None = None

    def document(self) -> dict[str, Any]:
        """As JSON, for the cursor's signature."""
        return {name: str(value) if value else None for name, value in asdict(self).items()}


def events(
    workspace_id: UUID, filters: EventFilters, order: Order, after: int | None, limit: int
) -> Select[Any]:
    """One page and a row more. after is the position of the last event before it."""
    columns = EVENT.c
    position = columns.position
    conditions = [columns.workspace_id == workspace_id, *_conditions(filters)]
    if after is not None:
        conditions.append(position > after if order == "asc" else position < after)
    return (
        select(
            columns.position,
            columns.stream,
            columns.version,
            columns.type,
            columns.body,
            columns.leaf_hash,
        )
        .where(*conditions)
        .order_by(position if order == "asc" else position.desc())
        .limit(limit + 1)
    )


def _conditions(filters: EventFilters) -> list[ColumnElement[bool]]:
    columns = EVENT.c
    equal = {
        columns.actor_id: filters.actor,
        columns.actor_role: filters.role,
        columns.stream: filters.stream,
        columns.request_id: filters.request_id,
        columns.correlation_id: filters.correlation_id,
    }
    found = [name == value for name, value in equal.items() if value is not None]
    if filters.type and "*" not in filters.type:
        found.append(or_(*(_of_type(pattern) for pattern in filters.type)))
    if filters.recorded_from:
        found.append(columns.recorded_at >= filters.recorded_from)
    if filters.recorded_to:
        found.append(columns.recorded_at < filters.recorded_to)
    if filters.occurred_from:
        found.append(columns.occurred_at >= filters.occurred_from)
    if filters.occurred_to:
        found.append(columns.occurred_at < filters.occurred_to)
    return found


def _of_type(pattern: str) -> ColumnElement[bool]:
    if pattern.endswith(".*"):
        return EVENT.c.type.startswith(pattern[:-1], autoescape=True)
    return EVENT.c.type == pattern
