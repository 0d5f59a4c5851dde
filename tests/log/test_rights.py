"""Insert-only, three times over: by grants for the services, by trigger for the owner of the tables."""

import asyncpg
import pytest

from tests.log.log import Log, command

LOG_TABLES = ("event", "commit", "idempotent_answer")

CHANGES = [
    statement
    for table in LOG_TABLES
    for statement in (
        f"UPDATE genjin.{table} SET workspace_id = workspace_id",
        f"DELETE FROM genjin.{table}",
        f"TRUNCATE genjin.{table}",
    )
]
DEFINITIONS = [
    *(f"DROP TABLE genjin.{table}" for table in LOG_TABLES),
    *(f"ALTER TABLE genjin.{table} DISABLE TRIGGER ALL" for table in LOG_TABLES),
    "ALTER TABLE genjin.event ADD COLUMN note text",
    "ALTER FUNCTION genjin.append RENAME TO other",
    "DROP TRIGGER insert_only ON genjin.event",
    "DROP FUNCTION genjin.append",
    "CREATE TABLE genjin.other (id int)",
    "CREATE FUNCTION genjin.other() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE SCHEMA other",
    "SET session_replication_role = replica",
    "SET ROLE postgres",
]
INSERT = "INSERT INTO genjin.event SELECT * FROM genjin.event LIMIT 0"


async def attempt(url: str, role: str, statement: str) -> None:
    connection = await asyncpg.connect(url, server_settings={"role": role})
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.mark.parametrize("statement", [*CHANGES, *DEFINITIONS])
async def test_the_api_cannot(log: Log, statement: str) -> None:
    await log.append(command("a", 0, "1", key="k"))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await attempt(log.database.api_url, "genjin_api", statement)
    assert await log.texts() == ["1"]


@pytest.mark.parametrize(
    "statement",
    [
        *CHANGES,
        *DEFINITIONS,
        *(
            f"INSERT INTO genjin.{table} SELECT * FROM genjin.{table} LIMIT 0"
            for table in LOG_TABLES
        ),
        "SELECT hash FROM genjin.api_key_secret",
        "SELECT answer FROM genjin.idempotent_answer",
        "UPDATE genjin.webhook_subscription SET active = false",
        f"SELECT genjin.append({', '.join(['NULL'] * 23)})",
    ],
)
async def test_the_notifier_cannot(log: Log, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await attempt(log.database.notifier_url, "genjin_notifier", statement)


@pytest.mark.parametrize("statement", CHANGES)
async def test_the_owner_of_the_tables_meets_the_trigger(log: Log, statement: str) -> None:
    await log.append(command("a", 0, "1", key="k"))
    owner = await asyncpg.connect(log.database.admin_url)
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="is insert-only"):
        await owner.execute(statement)
    await owner.close()
    assert await log.texts() == ["1"]


async def test_the_services_read_the_log(log: Log) -> None:
    await log.append(command("a", 0, "1"))
    for url, role in (
        (log.database.api_url, "genjin_api"),
        (log.database.notifier_url, "genjin_notifier"),
    ):
        connection = await asyncpg.connect(url, server_settings={"role": role})
        query = "SELECT count(*) FROM genjin.event WHERE workspace_id = $1"
        assert await connection.fetchval(query, log.workspace_id) == 1
        await connection.close()
