"""The owner's connection: rebuilding makes and renames tables, which the services' own logins must not be able to."""

import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import asyncpg
import typer

from genjin.postgres import plain_url
from genjin_api.projections.shadow import CannotRebuildError
from genjin_api.projections.tables import Projection

LOCK_CLASS = 7006
CONNECT_SECONDS_MAX = 15

SETTINGS = {
    "search_path": "genjin",
    "TimeZone": "UTC",
    "lock_timeout": "5000",
    "statement_timeout": "3600000",  # one statement compares a whole table
    "idle_in_transaction_session_timeout": "600000",
    "application_name": "genjin_projections",
}

# Which of the tables the login does not own, and whether it may make tables beside them.
_NOT_OWNED = """
SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'genjin'::regnamespace AND c.relname = ANY ($1::text[])
   AND NOT pg_has_role(current_user, c.relowner, 'USAGE') ORDER BY c.relname
"""
_MAY_CREATE = "SELECT has_schema_privilege(current_user, 'genjin', 'CREATE')"


def owner_url() -> str:
    """From DATABASE_URL; where it is not set, the command says so and ends with exit 2."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        sys.stderr.write("DATABASE_URL: set it to the PostgreSQL URL of the database's owner\n")
        raise typer.Exit(2)
    return url


@asynccontextmanager
async def owner_connection(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(
        plain_url(url), timeout=CONNECT_SECONDS_MAX, server_settings=SETTINGS
    )
    try:
        yield connection
    finally:
        await connection.close(timeout=CONNECT_SECONDS_MAX)


@asynccontextmanager
async def owner_pool(url: str) -> AsyncIterator[asyncpg.Pool]:
    """A few of the same."""
    pool = await asyncpg.create_pool(
        plain_url(url),
        min_size=1,
        max_size=3,
        timeout=CONNECT_SECONDS_MAX,
        server_settings=SETTINGS,
    )
    try:
        yield pool
    finally:
        await pool.close()


async def refuse_other_logins(
    connection: asyncpg.Connection, projections: Sequence[Projection]
) -> None:
    tables = [one.table for one in projections]
    foreign = [row[0] for row in await connection.fetch(_NOT_OWNED, tables)]
    if foreign or not await connection.fetchval(_MAY_CREATE):
        login = await connection.fetchval("SELECT current_user")
        raise CannotRebuildError(
            f"{login} does not own {', '.join(foreign) or 'the schema genjin'}: set DATABASE_URL to the URL of the"
            " database's owner, the login that ran the migrations"
        )


@asynccontextmanager
async def alone(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """One at a time per database. The lock goes with the session, so a killed rebuild leaves none."""
    if not await connection.fetchval("SELECT pg_try_advisory_lock($1, 0)", LOCK_CLASS):
        raise CannotRebuildError("another rebuild or verification is under way on this database")
    try:
        yield
    finally:
        if not connection.is_closed():
            await connection.execute("SELECT pg_advisory_unlock($1, 0)", LOCK_CLASS)
