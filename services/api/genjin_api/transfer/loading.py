"""Brings an export into an empty workspace: the same log byte for byte, and the read models that follow from it.

All in one transaction under the workspace's lock: whoever looks sees nothing of it, or all. What is written beside the
bodies is computed from them, never taken from the file. An export holds no secrets and no idempotent answers: keys must
be made and webhook secrets rotated anew, and a write that is sent again under its old key is done a second time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from genjin.catalog import UnknownEventTypeError
from genjin.log.reading import read_stream
from genjin.log.rows import row_records
from genjin.postgres import connection_settings, plain_url
from genjin_api.transfer.earlier_checkpoints import OtherHistoryError, bring_earlier
from genjin_api.transfer.kinds import KINDS
from genjin_api.transfer.reading import (
    LINE_BYTES_MAX,
    DamagedExportError,
    ExportedCommit,
    ExportedEvent,
    ExportReader,
)
from genjin_api.transfer.subject_keys import SubjectKeysFile, import_keys

COMMITS_AT_ONCE = 200
STREAMS_AT_ONCE = 100

# For this transaction alone: the append's lock, and no limit of time, for a large file takes minutes.
_BEGIN = """
SELECT pg_advisory_xact_lock(hashtextextended($1, 7001)),
       set_config('statement_timeout', '0', true), set_config('idle_in_transaction_session_timeout', '0', true)
"""

# Whether anything of a workspace is there.
_IS_THERE = """
SELECT EXISTS (SELECT FROM genjin.commit WHERE workspace_id = $1)
    OR EXISTS (SELECT FROM genjin.event WHERE workspace_id = $1)
    OR EXISTS (SELECT FROM genjin.workspace WHERE workspace_id = $1)
"""

_EVENT_COLUMNS = (
    "workspace_id",
    "position",
    "stream",
    "version",
    "id",
    "type",
    "schema_version",
    "actor_id",
    "actor_role",
    "occurred_at",
    "recorded_at",
    "request_id",
    "correlation_id",
    "body",
    "leaf_hash",
)

_COMMIT_COLUMNS = (
    "workspace_id",
    "last_position",
    "first_position",
    "recorded_at",
    "previous_hash",
    "hash",
)

# The next streams of a workspace in the order of their names. Each begins with version 1.
_STREAMS = """
SELECT stream FROM genjin.event WHERE workspace_id = $1 AND version = 1 AND stream > $2 ORDER BY stream LIMIT $3
"""

_CLAIM = "INSERT INTO genjin.claim (workspace_id, scope, value, stream) VALUES ($1, $2, $3, $4)"

_WRITE_ROWS = "SELECT genjin.write_read_models($1, $2, $3)"


class ImportRefusedError(Exception):
    """The export is in order, but it cannot be brought in here."""


@dataclass(frozen=True, slots=True)
class Imported:
    workspace_id: UUID
    events: int


async def import_file(
    database_url: str, role: str, path: Path, keys: SubjectKeysFile | None = None
) -> Imported:
    """With the keys of its personal values, or without. Raises DamagedExportError, ImportRefusedError, OSError,
    PostgresError; then nothing was written.
    """
    with path.open("rb") as file:
        lines = iter(lambda: file.readline(LINE_BYTES_MAX), b"")
        reader = ExportReader.opened(lines)
        connection = await asyncpg.connect(
            plain_url(database_url), server_settings=connection_settings(role)
        )
        try:
            async with connection.transaction():
                await _import(connection, reader, lines)
                if keys is not None:
                    await import_keys(connection, reader.workspace_id, keys)
        finally:
            await connection.close()
    return Imported(reader.workspace_id, reader.last_position)


async def _import(
    connection: asyncpg.Connection, reader: ExportReader, lines: Iterator[bytes]
) -> None:
    workspace_id = reader.workspace_id
    await connection.fetchrow(_BEGIN, str(workspace_id))
    if await connection.fetchval(_IS_THERE, workspace_id):
        raise ImportRefusedError(f"there is something of the workspace {workspace_id} here already")
    commits = reader.commits(lines)
    while batch := list(islice(commits, COMMITS_AT_ONCE)):
        await _write_log(connection, workspace_id, batch)
    try:
        await bring_earlier(connection, workspace_id, reader.checkpoints)
    except OtherHistoryError as error:
        raise DamagedExportError(reader.end_line, str(error)) from error
    stream = ""
    while rows := await connection.fetch(_STREAMS, workspace_id, stream, STREAMS_AT_ONCE):
        await _write_read_models(connection, workspace_id, [row["stream"] for row in rows])
        stream = rows[-1]["stream"]


async def _write_log(
    connection: asyncpg.Connection, workspace_id: UUID, commits: Sequence[ExportedCommit]
) -> None:
    try:
        events = [
            _event_row(workspace_id, event, commit.recorded_at)
            for commit in commits
            for event in commit.events
        ]
    except (ValueError, KeyError, TypeError) as error:
        first, last = commits[0].first_position, commits[-1].last_position
        reason = f"an event at {first} to {last} is not one of this release's: {error!r}"
        raise ImportRefusedError(reason) from error
    await connection.copy_records_to_table(
        "event", schema_name="genjin", columns=_EVENT_COLUMNS, records=events
    )
    await connection.copy_records_to_table(
        "commit",
        schema_name="genjin",
        columns=_COMMIT_COLUMNS,
        records=[
            (
                workspace_id,
                commit.last_position,
                commit.first_position,
                commit.recorded_at,
                commit.previous_hash,
                commit.hash,
            )
            for commit in commits
        ],
    )


def _event_row(workspace_id: UUID, event: ExportedEvent, recorded_at: datetime) -> tuple[Any, ...]:
    document = event.document
    return (
        workspace_id,
        document["position"],
        document["stream"],
        document["version"],
        UUID(document["id"]),
        document["type"],
        document["schema_version"],
        UUID(document["actor"]["id"]),
        document["actor"]["role"],
        datetime.fromisoformat(document["occurred_at"]),
        recorded_at,
        document["request_id"],
        document["correlation_id"],
        event.body,
        event.leaf_hash,
    )


async def _write_read_models(
    connection: asyncpg.Connection, workspace_id: UUID, streams: Sequence[str]
) -> None:
    rows, claims = [], []
    for stream in streams:
        kind = KINDS.get(stream.partition("-")[0])
        if kind is None:
            raise ImportRefusedError(f"this release knows no streams as {stream}")
        try:
            events = await read_stream(connection, workspace_id, stream)
            state, past = kind.fold_with_past(None, events)
        except (UnknownEventTypeError, ValueError, KeyError, AssertionError) as error:
            raise ImportRefusedError(f"{stream} cannot be folded: {error!r}"[:500]) from error
        rows.append(kind.rows(None, state) | past)
        claims += [(workspace_id, *claim, stream) for claim in kind.claims(None, state)]
    if claims:
        await connection.executemany(_CLAIM, claims)
    accepted = [True] * len(rows)
    await connection.execute(_WRITE_ROWS, workspace_id, accepted, row_records(rows))
