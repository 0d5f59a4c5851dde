"""Three ways to have one order over concurrent writers: ours, a plain bigserial, the filter by transaction id."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID, uuid4

import asyncpg

from genjin.log.append import Appended, append
from tests.log.log import command


class RefusedError(Exception):
    """The write was refused, and nothing of it will ever be seen."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An event as a reader is served it."""

    stream: str
    version: int
    text: str


class Scheme(Protocol):
    """A log. write appends in whatever transaction is open on the connection; read serves what follows a checkpoint."""

    name: str

    async def prepare(self, owner: asyncpg.Connection) -> None: ...

    async def write(self, connection: asyncpg.Connection, stream: str, text: str) -> None: ...

    async def read(
        self, connection: asyncpg.Connection, checkpoint: Any
    ) -> tuple[Sequence[Seen], Any]: ...


class GenjinLog:
    """Positions given under a lock that is held to the commit."""

    name = "genjin"
    _VERSION = "SELECT max(version) FROM genjin.event WHERE workspace_id = $1 AND stream = $2"
    _TAIL = """
    SELECT position, stream, version, body::json->'data'->>'text' FROM genjin.event
     WHERE workspace_id = $1 AND position > $2 ORDER BY position LIMIT 100
    """

    def __init__(self) -> None:
        self._workspace_id: UUID = uuid4()

    async def prepare(self, owner: asyncpg.Connection) -> None:
        """The migrations have made it."""

    async def write(self, connection: asyncpg.Connection, stream: str, text: str) -> None:
        version = await connection.fetchval(self._VERSION, self._workspace_id, stream) or 0
        try:
            [result] = await append(
                connection, self._workspace_id, [command(stream, version, text)]
            )
        except asyncpg.PostgresError as error:
            raise RefusedError(str(error)) from error
        if not isinstance(result, Appended):
            raise RefusedError(str(result))

    async def read(
        self, connection: asyncpg.Connection, checkpoint: Any
    ) -> tuple[Sequence[Seen], Any]:
        rows = await connection.fetch(self._TAIL, self._workspace_id, checkpoint or 0)
        return [Seen(*row[1:]) for row in rows], rows[-1][0] if rows else checkpoint


class BigserialLog:
    """Positions from a sequence: handed out at the INSERT, visible at the COMMIT."""

    name = "bigserial"
    _TABLE = """
    CREATE TABLE bigserial_log (
        position bigserial PRIMARY KEY, stream text, version int, body text, UNIQUE (stream, version))
    """
    _INSERT = """
    INSERT INTO bigserial_log (stream, version, body)
    SELECT $1, coalesce(max(version), 0) + 1, $2 FROM bigserial_log WHERE stream = $1
    """
    _TAIL = """
    SELECT position, stream, version, body FROM bigserial_log WHERE position > $1 ORDER BY position LIMIT 100
    """

    async def prepare(self, owner: asyncpg.Connection) -> None:
        await owner.execute(self._TABLE)

    async def write(self, connection: asyncpg.Connection, stream: str, text: str) -> None:
        try:
            await connection.execute(self._INSERT, stream, text)
        except asyncpg.PostgresError as error:
            raise RefusedError(str(error)) from error

    async def read(
        self, connection: asyncpg.Connection, checkpoint: Any
    ) -> tuple[Sequence[Seen], Any]:
        rows = await connection.fetch(self._TAIL, checkpoint or 0)
        return [Seen(*row[1:]) for row in rows], rows[-1][0] if rows else checkpoint


class TransactionIdLog(BigserialLog):
    """Read in the order of (transaction id, position), and only what no running transaction may still come before."""

    name = "xid filter"
    _TABLE = """
    CREATE TABLE xid_log (
        position bigserial PRIMARY KEY, xid xid8 DEFAULT pg_current_xact_id(), stream text, version int, body text,
        UNIQUE (stream, version))
    """
    _INSERT = """
    INSERT INTO xid_log (stream, version, body)
    SELECT $1, coalesce(max(version), 0) + 1, $2 FROM xid_log WHERE stream = $1
    """
    _TAIL = """
    SELECT xid::text, position, stream, version, body FROM xid_log
     WHERE (xid, position) > ($1::text::xid8, $2) AND xid < pg_snapshot_xmin(pg_current_snapshot())
     ORDER BY xid, position LIMIT 100
    """

    async def read(
        self, connection: asyncpg.Connection, checkpoint: Any
    ) -> tuple[Sequence[Seen], Any]:
        rows = await connection.fetch(self._TAIL, *(checkpoint or ("0", 0)))
        return [Seen(*row[2:]) for row in rows], tuple(rows[-1][:2]) if rows else checkpoint


SCHEMES = (GenjinLog, BigserialLog, TransactionIdLog)
