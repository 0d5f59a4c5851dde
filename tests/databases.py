"""Databases of a test run: migrated once, then copied, so that each test may have its own."""

import asyncio
import itertools
from dataclasses import dataclass
from urllib.parse import urlsplit

import asyncpg

from genjin_deploy.databases import (
    API_ROLE,
    NOTIFIER_ROLE,
    RolePasswords,
    create_database,
    set_role_passwords,
    with_login,
)
from genjin_deploy.embedded_postgres import EmbeddedPostgres
from genjin_deploy.migrate import migrate

PASSWORDS = RolePasswords("test-api", "test-notifier")
MIGRATED = "genjin_migrated"
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Database:
    """A migrated, empty database, with the URL of its owner and of each service."""

    admin_url: str
    api_url: str
    notifier_url: str


async def migrate_once(postgres: EmbeddedPostgres) -> None:
    url = await create_database(postgres.dsn(), MIGRATED)
    await asyncio.to_thread(migrate, url)
    await set_role_passwords(url, PASSWORDS)


async def copy_migrated(postgres: EmbeddedPostgres) -> Database:
    return await _copy(postgres, MIGRATED)


async def copy_of(postgres: EmbeddedPostgres, database: Database) -> Database:
    """With everything that is in it. Nobody may be connected to it."""
    return await _copy(postgres, urlsplit(database.admin_url).path.strip("/"))


async def drop(postgres: EmbeddedPostgres, database: Database) -> None:
    """Whoever is still connected to it is not any more."""
    connection = await asyncpg.connect(postgres.dsn())
    try:
        name = urlsplit(database.admin_url).path.strip("/")
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await connection.close()


async def _copy(postgres: EmbeddedPostgres, template: str) -> Database:
    name = f"genjin_{next(_numbers)}"
    connection = await asyncpg.connect(postgres.dsn())
    try:
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    finally:
        await connection.close()
    url = postgres.dsn(name)
    return Database(
        url,
        with_login(url, API_ROLE, PASSWORDS.api),
        with_login(url, NOTIFIER_ROLE, PASSWORDS.notifier),
    )
