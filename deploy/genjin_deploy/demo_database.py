"""The database of `make run`: a server, the newest schema, the services' logins, a demo workspace."""

import asyncio
import base64
import os
import secrets
import subprocess
import sys
import threading
from contextlib import ExitStack

import asyncpg
from pydantic import ValidationError

from genjin_deploy.databases import create_database, kept_role_passwords, set_role_passwords
from genjin_deploy.demo_file import DemoFile
from genjin_deploy.embedded_postgres import EmbeddedPostgres
from genjin_deploy.migrate import migrate
from genjin_deploy.ports import HOST
from genjin_deploy.private_files import kept
from genjin_deploy.processes import log_tail
from genjin_deploy.progress import RunFailed, step
from genjin_deploy.run_settings import RunSettings

DATABASE = "genjin"
DEMO_WORKSPACE_TIMEOUT_SECONDS = 120


def start_postgres(
    settings: RunSettings, stop: threading.Event, started: ExitStack
) -> EmbeddedPostgres | None:
    """None when the person brought a PostgreSQL of their own."""
    if settings.database_url is not None:
        return None
    step(stop, "starting PostgreSQL")
    postgres = EmbeddedPostgres(settings.folder / "postgres")
    postgres.log_file = settings.logs / "postgres.log"
    started.callback(postgres.stop)
    postgres.start()
    return postgres


def prepare_database(
    settings: RunSettings, stop: threading.Event, admin_dsn: str
) -> dict[str, str]:
    """The connection strings by whose they are: admin, api, notifier.

    On a PostgreSQL of the person's own nothing is touched but the database that the URL names: the services come in by
    the same login and take on their roles. The roles belong to the whole server, perhaps to an installation on it.
    """
    if settings.database_url is not None:
        step(stop, "migrating the database of DATABASE_URL")
        try:
            asyncio.run(_answers(admin_dsn))
            migrate(admin_dsn)
        except (OSError, asyncpg.PostgresError) as error:
            raise RunFailed(f"PostgreSQL at DATABASE_URL cannot be used: {error}") from error
        return dict.fromkeys(("admin", "api", "notifier"), admin_dsn)
    step(stop, f"migrating the database {DATABASE}")
    dsn = asyncio.run(create_database(admin_dsn, DATABASE))
    migrate(dsn)
    urls = asyncio.run(set_role_passwords(dsn, kept_role_passwords(settings.folder)))
    return {"admin": dsn, "api": urls.api, "notifier": urls.notifier}


def environment(settings: RunSettings, databases: dict[str, str]) -> dict[str, str]:
    """What every process of the demo is started with. The administrator's URL is not among it."""
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return inherited | {
        "PYTHONUNBUFFERED": "1",
        "GENJIN_API_DATABASE_URL": databases["api"],
        "GENJIN_NOTIFIER_DATABASE_URL": databases["notifier"],
        "GENJIN_HOST": HOST,
        "GENJIN_PORT": str(settings.port),
        "GENJIN_RECEIVER_PORT": str(settings.receiver_port),
        "GENJIN_DEMO_WEBHOOK_URL": f"{settings.receiver_url}/webhooks",
        "GENJIN_SECRET_KEY": kept(settings.folder / "secret.key", _new_secret_key),
        # The receiver is on this machine and without TLS: what a service must never reach in production.
        "GENJIN_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8,::1/128",
        "GENJIN_WEBHOOK_ALLOW_HTTP": "true",
    }


def _new_secret_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def ensure_demo_workspace(
    settings: RunSettings, stop: threading.Event, file: DemoFile, environment: dict[str, str]
) -> None:
    """An empty database gets one. So does the embedded one whose keys are lost; a database of the person's does not."""
    empty, known = asyncio.run(_look(file.notes.databases["admin"], file.notes.workspace))
    if known:
        return
    file.forget_workspace()
    if not empty and settings.database_url is not None:
        return
    step(stop, "adding a demo workspace")
    log_file = settings.logs / "demo_workspace.log"
    with log_file.open("ab") as log:
        done = subprocess.run(
            [sys.executable, "-m", "genjin_api.demo_workspace"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
            timeout=DEMO_WORKSPACE_TIMEOUT_SECONDS,
        )
    if done.returncode != 0:
        raise RunFailed(f"The demo workspace failed. The end of {log_file}:\n{log_tail(log_file)}")
    try:
        file.note_workspace(done.stdout.decode())
    except ValidationError as error:
        raise RunFailed(f"genjin_api.demo_workspace printed something else: {error}") from error


async def _answers(dsn: str) -> None:
    connection = await asyncpg.connect(dsn, timeout=10)
    await connection.close()


async def _look(dsn: str, workspace: str | None) -> tuple[bool, bool]:
    """Whether the database has no workspace, and whether it has the one whose keys were noted."""
    connection = await asyncpg.connect(dsn)
    try:
        found = await connection.fetch("SELECT workspace_id::text FROM genjin.workspace")
    finally:
        await connection.close()
    return not found, workspace in {row["workspace_id"] for row in found}
