"""The schema as it stands after all migrations."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from genjin.log.rows import COLUMNS
from tests.databases import Database


@pytest.fixture
async def owner(log_database: Database) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(log_database.admin_url)
    yield connection
    await connection.close()


async def test_every_table_can_be_distributed_by_workspace(owner: asyncpg.Connection) -> None:
    """Its primary key begins with workspace_id."""
    rows = await owner.fetch(
        """
        SELECT c.relname, a.attname FROM pg_class c
          LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
          LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
         WHERE c.relnamespace = 'genjin'::regnamespace AND c.relkind IN ('r', 'p')
        """
    )
    first = {row["relname"]: row["attname"] for row in rows}
    assert first.pop("alembic_version") == "version_num"
    assert len(first) > 10
    assert {table: column for table, column in first.items() if column != "workspace_id"} == {}


async def test_no_function_is_open_to_everybody(owner: asyncpg.Connection) -> None:
    rows = await owner.fetch(
        """
        SELECT p.proname, has_function_privilege('public', p.oid, 'EXECUTE') AS open
          FROM pg_proc p WHERE p.pronamespace = 'genjin'::regnamespace
        """
    )
    assert {row["proname"] for row in rows} >= {"append", "write_read_models", "refuse_change"}
    assert [row["proname"] for row in rows if row["open"]] == []


async def test_no_function_acts_in_the_rights_of_its_owner(owner: asyncpg.Connection) -> None:
    query = "SELECT proname FROM pg_proc WHERE pronamespace = 'genjin'::regnamespace AND prosecdef"
    assert await owner.fetch(query) == []


async def test_nobody_in_particular_has_no_right_on_any_table(owner: asyncpg.Connection) -> None:
    rows = await owner.fetch(
        "SELECT table_name, privilege_type FROM information_schema.role_table_grants"
        " WHERE table_schema = 'genjin' AND grantee = 'PUBLIC'"
    )
    assert [tuple(row) for row in rows] == []


async def test_every_inline_read_model_is_written_by_append(owner: asyncpg.Connection) -> None:
    """The function that writes a table's rows names every column of it."""
    functions = await owner.fetch(
        "SELECT proname, prosrc FROM pg_proc WHERE proname ~ '^write_.*_rows$'"
        " AND pronamespace = 'genjin'::regnamespace"
    )
    sources = {row["proname"]: row["prosrc"] for row in functions}
    rows = await owner.fetch(
        """
        SELECT table_name, array_agg(column_name::text) AS columns FROM information_schema.columns
         WHERE table_schema = 'genjin'
           AND table_name NOT IN ('event', 'idempotent_answer', 'alembic_version', 'stream_snapshot', 'clock_look')
         GROUP BY table_name HAVING bool_or(column_name IN ('version', 'body'))
        """
    )
    assert len(rows) == 29
    for row in rows:
        source = sources[f"write_{row['table_name']}_rows"]
        missing = [name for name in row["columns"] if name not in source]
        assert (row["table_name"], missing) == (row["table_name"], [])


async def test_rows_travel_as_the_records_that_postgres_expects(owner: asyncpg.Connection) -> None:
    """The columns in Python are those of the SQL types, in their order, and those of the tables."""
    rows = await owner.fetch(
        """
        SELECT t.typname, array_agg(a.attname::text ORDER BY a.attnum) AS columns,
               array_agg(format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum) AS types
          FROM pg_type t JOIN pg_attribute a ON a.attrelid = t.typrelid
         WHERE t.typnamespace = 'genjin'::regnamespace AND t.typname LIKE '%\\_row' GROUP BY 1
        """
    )
    tables = await owner.fetchval(
        """
        SELECT array_agg(attname::text ORDER BY attnum) FROM pg_attribute
         WHERE attrelid = 'genjin.read_model_rows'::regclass
        """
    )
    assert list(COLUMNS) == tables
    assert {row["typname"].removesuffix("_row") for row in rows} == set(COLUMNS)
    for row in rows:
        table = row["typname"].removesuffix("_row")
        assert tuple(row["columns"]) == ("command", *COLUMNS[table])
        found = await owner.fetch(
            "SELECT attname, format_type(atttypid, atttypmod) AS type FROM pg_attribute"
            " WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped",
            f"genjin.{table}",
        )
        of_table = {each["attname"]: each["type"] for each in found}
        del of_table["workspace_id"]
        given = dict(zip(row["columns"][1:], row["types"][1:], strict=True))
        assert given.items() <= of_table.items()
        # Postgres fills in the rest itself.
        assert of_table.keys() - given.keys() <= {"created_at", "position", "previous_sealed"}
