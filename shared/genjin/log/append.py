"""The one way into the log: genjin.append() in Postgres, called with any number of commands of one workspace."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count, repeat
from typing import Any

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from genjin.canonical import canonical_json, instant, plain_json
from genjin.event import Actor, Change, Fact, RecordedEvent
from genjin.log.rows import Rows, row_records


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
    """One command's events for one stream, decided at expected_version (0: the stream must be new). seen is the leaf
    hash of the event of that version, empty: not known. Where the stream has another one there, it is a conflict too.

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
    rows: Rows = field(default_factory=dict)
    answer: IdempotentAnswer | None = None
    seen: bytes = b""

    @property
    def idempotency(self) -> tuple[uuid.UUID, str] | None:
        """What makes the command's key another one than the same text of another actor."""
        return (self.actor.id, self.answer.key) if self.answer else None


@dataclass(frozen=True, slots=True)
class Appended:
    """The events are durable. position is the log's last one after them."""

    version: int
    position: int
    recorded_at: datetime
    events: tuple[RecordedEvent, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """The stream moved on to `version`, or its log was restored to another one; nothing was written."""

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

ARGUMENTS = ", ".join(f"${number}" for number in range(1, 25))
_CALL = f"SELECT genjin.append({ARGUMENTS})"


async def append(
    connection: asyncpg.Connection | PoolConnectionProxy | asyncpg.Pool,
    workspace_id: uuid.UUID,
    commands: Sequence[Append],
) -> list[AppendResult]:
    """Append in autocommit: one statement, one commit, one result per command in the same order.

    A stream may be in a call once only, and so may an idempotency key of one actor: ValueError.
    """
    if not commands:
        return []
    row = await connection.fetchval(_CALL, *arguments(workspace_id, commands))
    return results(commands, row)


def arguments(workspace_id: uuid.UUID, commands: Sequence[Append]) -> tuple[Any, ...]:
    """Those of the call in Postgres."""
    _refuse_repeated(commands)
    return (
        workspace_id,
        *_by_command(commands),
        *_answers(commands),
        *_by_event(commands),
        row_records([command.rows for command in commands]),
        _seen(commands),
    )


def _refuse_repeated(commands: Sequence[Append]) -> None:
    if len({command.stream for command in commands}) < len(commands):
        raise ValueError("a stream is in the call twice")
    keys = [command.idempotency for command in commands if command.answer]
    if len(set(keys)) < len(keys):
        raise ValueError("an idempotency key is in the call twice")


def _by_command(commands: Sequence[Append]) -> tuple[list[Any] | None, ...]:
    claims = [plain_json(each.claims).decode() if each.claims else None for each in commands]
    return (
        [command.stream for command in commands],
        [command.expected_version for command in commands],
        [command.actor.id for command in commands],
        [command.actor.role for command in commands],
        [command.request_id for command in commands],
        [command.correlation_id for command in commands],
        [len(command.events) for command in commands],
        claims if any(claims) else None,
    )


def _answers(commands: Sequence[Append]) -> tuple[list[Any] | None, ...]:
    answers = [command.answer for command in commands]
    if not any(answers):
        return (None,) * 5
    return (
        [answer and answer.key for answer in answers],
        [answer and answer.fingerprint for answer in answers],
        [answer and answer.status for answer in answers],
        [answer and answer.location for answer in answers],
        [answer and answer.answer for answer in answers],
    )


def _seen(commands: Sequence[Append]) -> list[bytes | None] | None:
    seen = [command.seen or None for command in commands]
    return seen if any(seen) else None


def _by_event(commands: Sequence[Append]) -> tuple[list[Any], ...]:
    told = [
        (number, place, event)
        for number, command in enumerate(commands, start=1)
        for place, event in enumerate(command.events, start=1)
    ]
    texts = [text for command in commands for text in body_texts(command)]
    return (
        [number for number, _, _ in told],
        [place for _, place, _ in told],
        [event.id for _, _, event in told],
        [event.fact.type for _, _, event in told],
        [event.fact.schema_version for _, _, event in told],
        [event.occurred_at for _, _, event in told],
        [head for head, _ in texts],
        [tail for _, tail in texts],
    )


def body_texts(command: Append) -> Iterator[tuple[str, str]]:
    """The two texts of each event's canonical body, around what the log puts into it. What the events of a command
    share is written once: an import has a hundred of them.
    """
    actor = command.actor.document()
    instants: dict[datetime, str] = {}
    tails: dict[type[Fact], str] = {}
    for event in command.events:
        occurred_at, fact = event.occurred_at, type(event.fact)
        if occurred_at not in instants:
            instants[occurred_at] = instant(occurred_at)
        if fact not in tails:
            tails[fact] = _tail(command, fact)
        yield _head(command, actor, event, instants[occurred_at]), tails[fact]


def _head(command: Append, actor: dict[str, Any], event: NewEvent, occurred_at: str) -> str:
    """The canonical body up to where the log puts position and recorded_at."""
    text = canonical_json(
        {
            "actor": actor,
            "causation_id": command.causation_id,
            "changes": [change.document() for change in event.changes],
            "correlation_id": command.correlation_id,
            "data": event.fact.model_dump(mode="json"),
            "id": event.id,
            "occurred_at": occurred_at,
        }
    )
    return text[:-1] + ","


def _tail(command: Append, fact: type[Fact]) -> str:
    """The canonical body from there to where the log puts version and workspace."""
    text = canonical_json(
        {
            "request_id": command.request_id,
            "schema_version": fact.schema_version,
            "stream": command.stream,
            "type": fact.type,
        }
    )
    return text[1:-1]


def results(commands: Sequence[Append], row: asyncpg.Record) -> list[AppendResult]:
    """What the call in Postgres answered, command by command."""
    outcomes, versions, details, recorded_at, first, *stored = row
    bodies, leaf_hashes = (values or () for values in stored)  # null where there are no events
    read: list[AppendResult] = []
    done = 0  # how many of the appended events have found their command
    for number, (command, outcome) in enumerate(zip(commands, outcomes, strict=True)):
        match outcome:
            case "appended":
                end = done + len(command.events)
                events = _recorded(command, first + done, bodies[done:end], leaf_hashes[done:end])
                done, version = end, command.expected_version + len(events)
                read.append(Appended(version, first + done - 1, recorded_at, events))
            case "conflict":
                read.append(Conflict(versions[number]))
            case "duplicate":
                read.append(Duplicate())
            case "key_reused":
                read.append(KeyReused())
            case "claim_taken":
                read.append(ClaimTaken(details[number]))
            case other:
                raise AssertionError(f"genjin.append answered {other!r}")
    return read


def _recorded(
    command: Append, position: int, bodies: Sequence[str], leaf_hashes: Sequence[bytes]
) -> tuple[RecordedEvent, ...]:
    """The command's events, from a position on. In columns: a hundred of them are made at once."""
    versions = count(command.expected_version + 1)
    types = [event.fact.type for event in command.events]
    stream = repeat(command.stream)
    return tuple(map(RecordedEvent, count(position), stream, versions, types, bodies, leaf_hashes))
