"""Evidence is insert-only for the sealer, read-only for the API, and the API never sees a private key."""

import asyncpg
import pytest

from tests.evidence.sealed_log import SealedLog

TABLES = ("evidence_tile", "log_key", "signed_checkpoint")
CHANGES = [
    statement
    for table in (*TABLES, "earlier_checkpoint")
    for statement in (
        f"UPDATE genjin.{table} SET workspace_id = workspace_id",
        f"DELETE FROM genjin.{table}",
        f"TRUNCATE genjin.{table}",
    )
]
INSERTS = [
    f"INSERT INTO genjin.{table} SELECT * FROM genjin.{table} LIMIT 0"
    for table in (*TABLES, "log_key_secret")
]


async def attempt(url: str, role: str, statement: str) -> None:
    connection = await asyncpg.connect(url, server_settings={"role": role} if role else {})
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        *CHANGES,
        *INSERTS,
        "SELECT sealed FROM genjin.log_key_secret",
        "SELECT count(*) FROM genjin.log_key_secret",
        "DELETE FROM genjin.log_key_secret",
    ],
)
async def test_the_api_cannot(sealed: SealedLog, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await attempt(sealed.log.database.api_url, "genjin_api", statement)


@pytest.mark.parametrize(
    "statement",
    [
        *CHANGES,
        "UPDATE genjin.log_key_secret SET number = 1",
        "INSERT INTO genjin.earlier_checkpoint SELECT * FROM genjin.earlier_checkpoint LIMIT 0",
    ],
)
async def test_the_notifier_cannot(sealed: SealedLog, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await attempt(sealed.log.database.notifier_url, "genjin_notifier", statement)


@pytest.mark.parametrize("statement", CHANGES)
async def test_the_owner_of_the_tables_meets_the_trigger(sealed: SealedLog, statement: str) -> None:
    await sealed.append(300)
    await sealed.seal()
    await sealed.superuser.execute(
        "INSERT INTO genjin.earlier_checkpoint VALUES ($1, 1, 300, 'x')", sealed.workspace_id
    )
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="is insert-only"):
        await attempt(sealed.log.database.admin_url, "", statement)
    assert len(await sealed.checkpoints()) == 1
