"""Bring a database to the newest schema: `python -m genjin_deploy.migrate` with DATABASE_URL of the owner.

With GENJIN_API_PASSWORD and GENJIN_NOTIFIER_PASSWORD set, the two services' roles may then log in with them.
This module is in the api image, so it imports nothing beyond Alembic and asyncpg.
"""

import asyncio
import os
import sys
from pathlib import Path

from alembic import command
from alembic.config import Config

from genjin_deploy.databases import RolePasswords, set_role_passwords

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"


def migrate(dsn: str, revision: str = "head") -> None:
    """Upgrade to the revision. Blocks; safe to run in several places at once: one works, the others wait."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["dsn"] = dsn
    command.upgrade(config, revision)


def main() -> None:
    dsn = os.environ.get("DATABASE_URL")
    if not dsn:
        sys.exit("Set DATABASE_URL to the PostgreSQL URL of the database's owner.")
    migrate(dsn)
    api = os.environ.get("GENJIN_API_PASSWORD")
    notifier = os.environ.get("GENJIN_NOTIFIER_PASSWORD")
    if api and notifier:
        asyncio.run(set_role_passwords(dsn, RolePasswords(api, notifier)))
    print("The database has the newest schema.")


if __name__ == "__main__":
    main()
