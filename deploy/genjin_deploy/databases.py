"""Databases and logins of an installation: what an administrator would do by hand."""

import json
import re
import secrets
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from genjin_deploy.private_files import kept

API_ROLE = "genjin_api"
NOTIFIER_ROLE = "genjin_notifier"
NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


class RolePasswords(NamedTuple):
    """What the two services log in with."""

    api: str
    notifier: str


class RoleUrls(NamedTuple):
    """One connection string per service, each with that service's rights only."""

    api: str
    notifier: str


async def create_database(admin_dsn: str, name: str) -> str:
    """The URL of the database, which is created when it is not there."""
    if not NAME.fullmatch(name):
        raise ValueError(f"not a plain database name: {name!r}")
    connection = await asyncpg.connect(admin_dsn)
    try:
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
            await connection.execute(f"CREATE DATABASE {name}")
    finally:
        await connection.close()
    return with_database(admin_dsn, name)


async def set_role_passwords(dsn: str, passwords: RolePasswords) -> RoleUrls:
    """Let the two roles, which the migrations have made, log in with these passwords."""
    connection = await asyncpg.connect(dsn)
    try:
        for role, password in ((API_ROLE, passwords.api), (NOTIFIER_ROLE, passwords.notifier)):
            statement = await connection.fetchval(
                "SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', $1::text, $2::text)",
                role,
                password,
            )
            await connection.execute(statement)
    finally:
        await connection.close()
    return RoleUrls(
        api=with_login(dsn, API_ROLE, passwords.api),
        notifier=with_login(dsn, NOTIFIER_ROLE, passwords.notifier),
    )


def kept_role_passwords(folder: Path) -> RolePasswords:
    """Random passwords, made at the first call and kept in the data folder."""
    made = RolePasswords(secrets.token_urlsafe(24), secrets.token_urlsafe(24))
    text = kept(folder / "role.passwords", lambda: json.dumps(made._asdict()))
    return RolePasswords(**json.loads(text))


def with_database(dsn: str, name: str) -> str:
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{name}"))


def with_login(dsn: str, user: str, password: str) -> str:
    parts = urlsplit(dsn)
    address = parts.netloc.rpartition("@")[2]
    login = f"{quote(user, safe='')}:{quote(password, safe='')}"
    return urlunsplit(parts._replace(netloc=f"{login}@{address}"))
