"""The switch: shadow tables take the place of the live ones in one transaction, while writes and reads go on.

Writers are held for the last catch-up, readers only for the renaming. The lock time-out is shorter than Postgres'
deadlock time-out, so where the switch and somebody else wait for each other, it is the switch that gives way.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg

from genjin_api.projections.names import before_suffix, set_aside, shadow_of
from genjin_api.projections.shadow import Shadow

ATTEMPTS_MAX = 60
LOCK_TIMEOUT = "300ms"
PAUSE_SECONDS = 0.5

# Each index of the live table and the one of the same definition on the shadow.
_INDEX_PAIRS = r"""
WITH described AS (
    SELECT i.indrelid, c.relname, row_number() OVER (PARTITION BY i.indrelid, d.definition ORDER BY c.relname) AS nth,
           d.definition
      FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid,
           LATERAL (SELECT i.indisprimary || regexp_replace(
               pg_get_indexdef(i.indexrelid), '^CREATE (UNIQUE )?INDEX \S+ ON (ONLY )?\S+ ', '\1') AS definition) d
     WHERE i.indrelid IN ($1::regclass, $2::regclass)
)
SELECT live.relname AS live, made.relname AS made
  FROM (SELECT * FROM described WHERE indrelid = $1::regclass) live
  FULL JOIN (SELECT * FROM described WHERE indrelid = $2::regclass) made USING (definition, nth)
"""

# Who besides its owner has a right on a table, or on a column of it.
_GRANTEES = """
SELECT DISTINCT CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END
  FROM pg_class c, LATERAL (
      SELECT grantee FROM aclexplode(c.relacl)
      UNION
      SELECT a.grantee FROM pg_attribute t, aclexplode(t.attacl) a WHERE t.attrelid = c.oid
  ) g WHERE c.oid = $1::regclass AND g.grantee <> c.relowner
"""


class SwitchFailedError(Exception):
    """The live tables are as they were."""


@dataclass(frozen=True, slots=True)
class Switched:
    """kept are the names under which the tables of before stand. held_seconds: how long writers waited."""

    kept: list[str]
    attempts: int
    held_seconds: float


async def switch(
    connection: asyncpg.Connection,
    shadows: Sequence[Shadow],
    catch_up: Callable[[], Awaitable[None]],
) -> Switched:
    """catch_up brings the shadows to what is committed when nobody writes to the live tables any more."""
    loop = asyncio.get_running_loop()
    for attempt in range(1, ATTEMPTS_MAX + 1):
        try:
            async with connection.transaction(isolation="read_committed"):
                await _lock(connection, shadows, "EXCLUSIVE")
                began = loop.time()
                await catch_up()
                await _lock(connection, shadows, "ACCESS EXCLUSIVE")
                suffix = before_suffix(datetime.now(UTC))
                kept = [await _swap(connection, shadow, suffix) for shadow in shadows]
            return Switched(kept, attempt, loop.time() - began)
        except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
            await asyncio.sleep(PAUSE_SECONDS)
    raise SwitchFailedError(
        f"the tables could not be locked in {ATTEMPTS_MAX} attempts of {LOCK_TIMEOUT}: something holds them, such as a"
        " long transaction (see pg_stat_activity). The live tables are as they were; try again."
    )


async def _lock(connection: asyncpg.Connection, shadows: Sequence[Shadow], mode: str) -> None:
    await connection.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
    tables = ", ".join(shadow.live for shadow in shadows)
    await connection.execute(f"LOCK TABLE {tables} IN {mode} MODE")


async def _swap(connection: asyncpg.Connection, shadow: Shadow, suffix: str) -> str:
    """The name of the table as it is kept. Nobody but its owner has a right on it any more."""
    table = shadow.projection.table
    old = set_aside(table, suffix)
    for pair in await connection.fetch(_INDEX_PAIRS, shadow.live, shadow.name):
        if pair["live"] is None or pair["made"] is None:
            raise SwitchFailedError(
                f"the index {pair['live'] or pair['made']} has no counterpart: was {table} changed meanwhile?"
            )
        aside = set_aside(pair["live"], suffix)
        await connection.execute(f'ALTER INDEX genjin."{pair["live"]}" RENAME TO "{aside}"')
        await connection.execute(f'ALTER INDEX genjin."{pair["made"]}" RENAME TO "{pair["live"]}"')
    for grantee in await connection.fetch(_GRANTEES, shadow.live):
        await connection.execute(f"REVOKE ALL ON {shadow.live} FROM {grantee[0]}")
    await connection.execute(f'ALTER TABLE {shadow.live} RENAME TO "{old}"')
    await connection.execute(f'ALTER TABLE genjin."{shadow_of(table)}" RENAME TO "{table}"')
    return old
