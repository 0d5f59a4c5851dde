"""Shadow tables: a second table of the same shape beside a live one, filled by folds, for a comparison or a switch."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from genjin_api.projections.encoding import Encoded
from genjin_api.projections.names import left_tables, shadow_of
from genjin_api.projections.tables import Projection

BATCH_CHARACTERS_MAX = 2 * 1024 * 1024
BATCH_STREAMS_MAX = 1000

# What hangs on a table and would stay with the old one when its name goes to another: the rebuild refuses.
_HANGING_ON = """
WITH live AS (SELECT oid, reltype, relname, relrowsecurity FROM pg_class WHERE oid = $1::regclass)
SELECT 'trigger ' || t.tgname FROM pg_trigger t, live WHERE t.tgrelid = live.oid AND NOT t.tgisinternal
UNION ALL
SELECT 'foreign key ' || k.conname FROM pg_constraint k, live
 WHERE k.contype = 'f' AND live.oid IN (k.conrelid, k.confrelid)
UNION ALL
SELECT 'row security' FROM live WHERE live.relrowsecurity
UNION ALL
SELECT 'publication ' || p.pubname FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid, live
 WHERE r.prrelid = live.oid
UNION ALL
SELECT DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid) FROM pg_depend d, live
 WHERE d.deptype = 'n' AND d.classid IN ('pg_rewrite'::regclass, 'pg_proc'::regclass, 'pg_type'::regclass)
   AND ((d.refclassid = 'pg_class'::regclass AND d.refobjid = live.oid)
        OR (d.refclassid = 'pg_type'::regclass AND d.refobjid = live.reltype))
"""

# The rights on a table and on its columns, as GRANT statements for another table. The owner's own need none.
_GRANTS = """
SELECT format('GRANT %s%s ON genjin.%I TO %s%s', g.privilege_type, g.columns, $2::text,
              CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END,
              CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
  FROM (
    SELECT c.relowner, a.grantee, a.privilege_type, a.is_grantable, '' AS columns
      FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = $1::regclass
    UNION ALL
    SELECT c.relowner, a.grantee, a.privilege_type, a.is_grantable, format(' (%I)', t.attname)
      FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a
     WHERE c.oid = $1::regclass AND t.attnum > 0 AND NOT t.attisdropped
  ) g WHERE g.grantee <> g.relowner
"""

_OWNER = "SELECT quote_ident(pg_get_userbyid(relowner)) FROM pg_class WHERE oid = $1::regclass"


class CannotRebuildError(Exception):
    """Why, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Shadow:
    """The shadow of one projection. lasting: it stands beside the live table; else it goes with the session."""

    projection: Projection
    lasting: bool

    @property
    def name(self) -> str:
        schema = "genjin" if self.lasting else "pg_temp"
        return f"{schema}.{shadow_of(self.projection.table)}"

    @property
    def live(self) -> str:
        return f"genjin.{self.projection.table}"


async def make_shadow(
    connection: asyncpg.Connection, projection: Projection, *, lasting: bool
) -> Shadow:
    """Empty, with the columns, defaults, constraints and indexes of the live table; a lasting one with its owner and
    rights as well.
    """
    shadow = Shadow(projection, lasting)
    create = "CREATE TABLE" if lasting else "CREATE TEMPORARY TABLE"
    await connection.execute(f"{create} {shadow.name} (LIKE {shadow.live} INCLUDING ALL)")
    if lasting:
        owner = await connection.fetchval(_OWNER, shadow.live)
        for statement in await connection.fetch(_GRANTS, shadow.live, shadow_of(projection.table)):
            await connection.execute(statement[0])
        await connection.execute(f"ALTER TABLE {shadow.name} OWNER TO {owner}")
    return shadow


async def refuse_what_hangs_on(
    connection: asyncpg.Connection, projections: Sequence[Projection]
) -> None:
    for projection in projections:
        live = f"genjin.{projection.table}"
        if hanging := [row[0] for row in await connection.fetch(_HANGING_ON, live)]:
            raise CannotRebuildError(
                f"{live} has what a new table would not have: {', '.join(hanging)}. Remove it, rebuild, make it again."
            )


async def remove_shadows(connection: asyncpg.Connection) -> None:
    """Those that a rebuild left which was killed or not switched."""
    for left in await left_tables(connection):
        if not left.kept:
            await connection.execute(f"DROP TABLE genjin.{left.table}")


class ShadowWriter:
    """Collects folded streams and writes them as one set per table. fresh: the shadows hold none of them yet.

    behind: a set is written while the next one is collected; nothing else may use the connection until flush().
    """

    def __init__(
        self,
        connection: asyncpg.Connection,
        shadows: Sequence[Shadow],
        workspace_id: UUID,
        *,
        fresh: bool,
        behind: bool,
    ) -> None:
        self._connection = connection
        self._shadows = shadows
        self._workspace_id = workspace_id
        self._fresh = fresh
        self._behind = behind
        self._writing: asyncio.Task[None] | None = None
        self._adding = asyncio.Lock()
        self._empty()

    def _empty(self) -> None:
        self._rows: dict[str, list[str]] = {one.projection.table: [] for one in self._shadows}
        self._streams: dict[str, list[UUID]] = {}
        self._characters = self._stream_count = 0

    async def add(self, folded: Encoded) -> None:
        async with self._adding:
            self._streams.setdefault(folded.noun, []).append(folded.identifier)
            self._stream_count += 1
            self._characters += sum(map(len, folded.rows.values()))
            for table, rows in folded.rows.items():
                self._rows[table].append(rows)
            if self._characters >= BATCH_CHARACTERS_MAX or self._stream_count >= BATCH_STREAMS_MAX:
                await self._write_collected()
                if not self._behind:
                    await self.flush()

    async def flush(self) -> None:
        """Everything that was added is written."""
        await self._write_collected()
        await self.aclose()

    async def aclose(self) -> None:
        """What is being written is written, or has failed; what was collected since then is not looked at."""
        writing, self._writing = self._writing, None
        if writing is not None:
            await writing

    async def _write_collected(self) -> None:
        """Begin to, when the set before it is written."""
        await self.aclose()
        self._writing = asyncio.create_task(self._write(self._rows, self._streams))
        self._empty()
        await asyncio.sleep(0)  # sends the first statement before the folding goes on

    async def _write(self, rows: dict[str, list[str]], streams: dict[str, list[UUID]]) -> None:
        for shadow in self._shadows:
            of_noun = streams.get(shadow.projection.kind.noun)
            if of_noun and not self._fresh:
                await self._delete(shadow, of_noun)
            if of_table := rows[shadow.projection.table]:
                await self._insert(shadow, of_table)

    async def _delete(self, shadow: Shadow, streams: list[UUID]) -> None:
        await self._connection.execute(
            f"DELETE FROM {shadow.name}"
            f" WHERE workspace_id = $1 AND {shadow.projection.stream_column} = ANY ($2::uuid[])",
            self._workspace_id,
            streams,
        )

    async def _insert(self, shadow: Shadow, rows: list[str]) -> None:
        """By the same conversion from JSON as the live table's rows."""
        await self._connection.execute(
            f"INSERT INTO {shadow.name} SELECT r.* FROM jsonb_populate_recordset(NULL::{shadow.name}, $1::jsonb) r",
            f"[{','.join(rows)}]",
        )
