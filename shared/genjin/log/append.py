"""The one way into the log: genjin.append() in Postgres, called with any number of commands of one workspace."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import asyncpg

from genjin.canonical import canonical_json, instant, plain_json
from genjin.event import Actor, Change, Fact, RecordedEvent


@dataclass(frozen=True, slots=True)
class NewEvent:
    """A fact on its way into the log."""

    id: uuid.UUID
    fact: Fact
    occurred_at: datetime
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class IdempotentAnswer:
    """What a later request with the same key will be answered with. answer is the JSON text up to the events."""

    key: str
    fingerprint: bytes
    status: int
    location: str | None
    answer: str


@dataclass(frozen=True, slots=True)
class Append:
    """One command's events for one stream, decided at expected_version (0: the stream must be new).

    claims are (scope, value) pairs that no other stream may hold. rows are those of the inline read models, by table;
    they become visible in the commit of the events.
    """

    stream: str
    expected_version: int
    actor: Actor
    request_id: str
    correlation_id: str
    events: Sequence[NewEvent]
    causation_id: str | None = None
    claims: Sequence[tuple[str, str]] = ()
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    answer: IdempotentAnswer | None = None


@dataclass(frozen=True, slots=True)
class Appended:
    """The events are durable. position is the log's last one after them."""

    version: int
    position: int
    recorded_at: datetime
    events: tuple[RecordedEvent, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """The stream moved on to `version`; nothing was written."""

    version: int


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The idempotency key was answered before, with this very request; nothing was written."""


@dataclass(frozen=True, slots=True)
class KeyReused:
    """The idempotency key was answered before, with another request; nothing was written."""


@dataclass(frozen=True, slots=True)
class ClaimTaken:
    """Another stream holds a value that must be unique; nothing was written."""

    scope: str


AppendResult = Appended | Conflict | Duplicate | KeyReused | ClaimTaken

_CALL = (
    "SELECT genjin.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, "
    "$13, $14, $15, $16, $17, $18, $19, $20, $21)"
)


async def append(
    connection: asyncpg.Connection | asyncpg.Pool,
    workspace_id: uuid.UUID,
    commands: Sequence[Append],
) -> list[AppendResult]:
    """Append in autocommit: one statement, one commit, one result per command in the same order."""
    rows = await connection.fetchval(
        _CALL, workspace_id, *_by_command(workspace_id, commands), *_by_event(commands)
    )
    return [_result(command, row) for command, row in zip(commands, rows, strict=True)]


def _by_command(workspace_id: uuid.UUID, commands: Sequence[Append]) -> tuple[list[Any], ...]:
    answers = [command.answer for command in commands]
    return (
        [command.stream for command in commands],
        [command.expected_version for command in commands],
        [command.actor.id for command in commands],
        [answer and answer.key for answer in answers],
        [answer and answer.fingerprint for answer in answers],
        [answer and answer.status for answer in answers],
        [answer and answer.location for answer in answers],
        [answer and answer.answer for answer in answers],
        [plain_json(command.claims).decode() if command.claims else None for command in commands],
        [_rows_json(workspace_id, command.rows) for command in commands],
        [len(command.events) for command in commands],
    )


def _rows_json(workspace_id: uuid.UUID, rows: dict[str, list[dict[str, Any]]]) -> str | None:
    if not rows:
        return None
    tenant = {"workspace_id": workspace_id}
    return plain_json(
        {table: [tenant | row for row in of_table] for table, of_table in rows.items()}
    ).decode()


def _by_event(commands: Sequence[Append]) -> tuple[list[Any], ...]:
    pairs = [(command, event) for command in commands for event in command.events]
    return (
        [event.id for _, event in pairs],
        [event.fact.type for _, event in pairs],
        [event.fact.schema_version for _, event in pairs],
        [command.actor.role for command, _ in pairs],
        [event.occurred_at for _, event in pairs],
        [command.request_id for command, _ in pairs],
        [command.correlation_id for command, _ in pairs],
        [_head(command, event) for command, event in pairs],
        [_tail(command, event) for command, event in pairs],
    )


def _head(command: Append, event: NewEvent) -> str:
    """The canonical body up to where the log puts position and recorded_at."""
    text = canonical_json(
        {
            "actor": command.actor.document(),
            "causation_id": command.causation_id,
            "changes": [change.document() for change in event.changes],
            "correlation_id": command.correlation_id,
            "data": event.fact.model_dump(mode="json"),
            "id": str(event.id),
            "occurred_at": instant(event.occurred_at),
        }
    )
    return text[:-1] + ","


def _tail(command: Append, event: NewEvent) -> str:
    """The canonical body from there to where the log puts version and workspace."""
    text = canonical_json(
        {
            "request_id": command.request_id,
            "schema_version": event.fact.schema_version,
            "stream": command.stream,
            "type": event.fact.type,
        }
    )
    return text[1:-1]


def _result(command: Append, row: asyncpg.Record) -> AppendResult:
    match row["outcome"]:
        case "appended":
            return Appended(
                row["version"], row["position"], row["recorded_at"], _recorded(command, row)
            )
        case "conflict":
            return Conflict(row["version"])
        case "duplicate":
            return Duplicate()
        case "key_reused":
            return KeyReused()
        case "claim_taken":
            return ClaimTaken(row["detail"])
        case other:
            raise AssertionError(f"genjin.append answered {other!r}")


def _recorded(command: Append, row: asyncpg.Record) -> tuple[RecordedEvent, ...]:
    count = len(command.events)
    return tuple(
        RecordedEvent(
            position=row["position"] - count + 1 + index,
            stream=command.stream,
            version=row["version"] - count + 1 + index,
            type=command.events[index].fact.type,
            body=row["bodies"][index],
            leaf_hash=row["leaf_hashes"][index],
        )
        for index in range(count)
    )
