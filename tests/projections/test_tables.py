"""The list of projections is whole: what append() writes, a rebuild folds."""

import re

import asyncpg

from genjin_api.projections.tables import PROJECTIONS, SECRETS
from tests.databases import Database

_WRITTEN = """
SELECT prosrc FROM pg_proc WHERE proname = 'write_read_models' AND pronamespace = 'genjin'::regnamespace
"""
_KEY = """
SELECT array_agg(a.attname::text ORDER BY k.place)
  FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k (number, place), pg_attribute a
 WHERE i.indrelid = $1::regclass AND i.indisprimary AND a.attrelid = i.indrelid AND a.attnum = k.number
"""


async def test_every_table_that_append_writes_is_a_projection_or_a_secret_in_the_same_order(
    fresh_database: Database,
) -> None:
    connection = await asyncpg.connect(fresh_database.admin_url)
    source = await connection.fetchval(_WRITTEN)
    await connection.close()
    written = re.findall(r"PERFORM genjin\.write_(\w+)_rows\(", source)
    assert len(written) == len(set(written)) > 10
    assert [table for table in written if table not in SECRETS] == [
        one.table for one in PROJECTIONS
    ]
    assert set(written) >= SECRETS


async def test_every_projection_knows_its_primary_key(fresh_database: Database) -> None:
    connection = await asyncpg.connect(fresh_database.admin_url)
    for one in PROJECTIONS:
        assert await connection.fetchval(_KEY, f"genjin.{one.table}") == list(one.key), one.table
        assert one.stream_column in one.key
    await connection.close()
