"""What a connection of the API shows of its server: settings, versions, clock, the log's tables and its own rights."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from genjin_api.projections.tables import PROJECTIONS, SECRETS

Session = asyncpg.Connection | PoolConnectionProxy

LOG_TABLES = ("event", "commit", "idempotent_answer")
# Every table that the migrations guard. By name: a guard that is gone tells of no table.
GUARDED_TABLES = (
    *LOG_TABLES,
    "earlier_checkpoint",
    "evidence_tile",
    "log_key",
    "projection_attestation",
    "signed_checkpoint",
)
FILE_TABLES = ("file", "file_content")
FUNCTIONS = (
    "append",
    "append_together",
    "take_claims",
    "write_read_models",
    "position_at",
    "version_at",
)

# Settings as a new connection of this login gets them, whatever this session has set since. Those of the role and of
# the database are in it.
_SETTINGS = "SELECT name, reset_val FROM pg_settings"

_PLACE = """
SELECT pg_is_in_recovery() AS in_recovery, pg_backend_pid() AS backend_pid, current_user::text AS acts_as,
       session_user::text AS login, current_database()::text AS database,
       (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,
       (SELECT rolsuper FROM pg_roles WHERE rolname = session_user) AS login_superuser,
       coalesce((SELECT pg_has_role(session_user, c.relowner, 'USAGE') FROM pg_class c
                  WHERE c.relname = 'event' AND c.relnamespace = to_regnamespace('genjin')), false) AS login_owns,
       (SELECT datconnlimit FROM pg_database WHERE datname = current_database()) AS database_connections,
       (SELECT rolconnlimit FROM pg_roles WHERE rolname = session_user) AS login_connections,
       coalesce((SELECT has_schema_privilege(n.oid, 'CREATE') FROM pg_namespace n WHERE nspname = 'genjin'), false)
           AS may_create
"""

# The tables of the log and its evidence, and every other one that is guarded like them. guarded: an enabled trigger
# stands before each of DELETE (8), UPDATE (16) and TRUNCATE (32).
_LOG_TABLES = """
WITH guards AS (
    SELECT t.tgrelid, bit_or(t.tgtype) FILTER (WHERE t.tgenabled IN ('O', 'A')) AS before
      FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
     WHERE p.proname = 'refuse_change' AND p.pronamespace = to_regnamespace('genjin') GROUP BY t.tgrelid
)
SELECT c.relname::text AS table, pg_has_role(c.relowner, 'USAGE') AS owned,
       coalesce(g.before & 56 = 56, false) AS guarded,
       ARRAY(SELECT p FROM unnest('{UPDATE,DELETE,TRUNCATE,TRIGGER}'::text[]) p
              WHERE has_table_privilege(c.oid, p) OR p = 'UPDATE' AND has_any_column_privilege(c.oid, p)) AS rights
  FROM pg_class c LEFT JOIN guards g ON g.tgrelid = c.oid
 WHERE c.relnamespace = to_regnamespace('genjin') AND c.relkind IN ('r', 'p')
   AND (c.relname = ANY ($1::text[]) OR g.tgrelid IS NOT NULL) ORDER BY c.relname
"""

# What the API needs and has no right to, as "SELECT on event".
_MISSING = """
SELECT format('%s on %s', p, c.relname) FROM pg_class c, unnest($2::text[]) p
 WHERE c.relnamespace = to_regnamespace('genjin') AND c.relname = ANY ($1::text[]) AND NOT has_table_privilege(c.oid, p)
UNION ALL
SELECT format('EXECUTE on %s', proname) FROM pg_proc
 WHERE pronamespace = to_regnamespace('genjin') AND proname = ANY ($3::text[])
   AND NOT has_function_privilege(oid, 'EXECUTE')
ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class LogTable:
    """owned: the API acts in its owner's rights. rights are those that it should not have."""

    table: str
    owned: bool
    guarded: bool
    rights: list[str]


@dataclass(frozen=True, slots=True)
class Server:
    """clock_ahead_seconds: of the database before this host, as exactly as a round trip allows. announced_pid is the
    one that the connection was opened with; behind a pooler it is not the backend's.
    """

    settings: Mapping[str, str]
    place: Mapping[str, Any]
    clock_ahead_seconds: float
    announced_pid: int
    log_tables: tuple[LogTable, ...]
    missing_rights: tuple[str, ...]

    def on(self, setting: str) -> bool:
        return self.settings.get(setting) == "on"

    def number(self, setting: str) -> int:
        return int(self.settings.get(setting, "0"))


async def look(connection: Session) -> Server:
    settings = {row[0]: row[1] or "" for row in await connection.fetch(_SETTINGS)}
    place = await connection.fetchrow(_PLACE)
    assert place is not None
    tables = await connection.fetch(_LOG_TABLES, GUARDED_TABLES)
    return Server(
        settings=settings,
        place=dict(place),
        clock_ahead_seconds=await _clock_ahead(connection),
        announced_pid=connection.get_server_pid(),
        log_tables=tuple(LogTable(**dict(row)) for row in tables),
        missing_rights=tuple(await _missing(connection)),
    )


async def _clock_ahead(connection: Session) -> float:
    before = time.time()
    there: float = await connection.fetchval("SELECT extract(epoch FROM clock_timestamp())::float8")
    return there - (before + time.time()) / 2


async def _missing(connection: Session) -> list[str]:
    read_models = [*(one.table for one in PROJECTIONS), *SECRETS]
    functions = [*FUNCTIONS, *(f"write_{table}_rows" for table in read_models)]
    rows = await connection.fetch(
        _MISSING, [*LOG_TABLES, *FILE_TABLES, *read_models], ["SELECT", "INSERT"], functions
    )
    of_present = [*(one.table for one in PROJECTIONS if not one.of_past), *SECRETS]
    rows += await connection.fetch(_MISSING, of_present, ["UPDATE"], [])
    return [row[0] for row in rows]
