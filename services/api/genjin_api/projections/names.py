"""The names of a rebuild's tables: project__rebuilding, and project__before_20261122t101500 after the switch."""

from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg

from genjin_api.projections.tables import PROJECTIONS

NAME_BYTES_MAX = 63  # of Postgres
REBUILDING = "__rebuilding"
BEFORE = "__before_"

# What rebuilds have left behind, with what it takes on disk.
_LEFT = r"""
SELECT c.relname AS table, pg_total_relation_size(c.oid) AS bytes, greatest(c.reltuples, 0)::bigint AS rows
  FROM pg_class c
 WHERE c.relnamespace = 'genjin'::regnamespace AND c.relkind = 'r' AND c.relname ~ $1 ORDER BY c.relname
"""


@dataclass(frozen=True, slots=True)
class LeftTable:
    """A table that a rebuild left behind. rows is Postgres' estimate."""

    table: str
    bytes: int
    rows: int

    @property
    def kept(self) -> bool:
        """Whether it is what a table was before a switch; else it is a fold that was not switched."""
        return BEFORE in self.table


def shadow_of(table: str) -> str:
    return f"{table}{REBUILDING}"


def before_suffix(moment: datetime) -> str:
    return f"{BEFORE}{moment.astimezone(UTC):%Y%m%dt%H%M%S}"


def set_aside(name: str, suffix: str) -> str:
    """The name of a table or an index that makes room for its successor."""
    return f"{name[: NAME_BYTES_MAX - len(suffix)]}{suffix}"


async def left_tables(connection: asyncpg.Connection) -> list[LeftTable]:
    tables = "|".join(one.table for one in PROJECTIONS)
    pattern = f"^({tables})({REBUILDING}|{BEFORE}[0-9]{{8}}t[0-9]{{6}})$"
    return [LeftTable(*row) for row in await connection.fetch(_LEFT, pattern)]
