"""The data folder of a new PostgreSQL server."""

import secrets
import shutil
import subprocess
from pathlib import Path

from genjin_deploy import postgres_binaries
from genjin_deploy.postgres_binaries import PostgresUnavailable
from genjin_deploy.private_files import kept

SUPERUSER = "postgres"

# Unicode-aware lower() and the same order on every machine, whatever locales it has installed.
INITDB_OPTIONS = (
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--auth=scram-sha-256",
    "--data-checksums",
)


def make_data(data_dir: Path, password_file: Path) -> None:
    """Made beside its place and then renamed: an initdb that was killed leaves nothing that looks complete."""
    if (data_dir / "PG_VERSION").exists():
        if not password_file.exists():
            raise PostgresUnavailable(f"{data_dir} has lost its password file {password_file}.")
        return
    unfinished = data_dir.with_name(f"{data_dir.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True, mode=0o700)
    postgres_binaries.give_to_owner(unfinished)
    kept(password_file, lambda: secrets.token_urlsafe(24))
    _initdb(unfinished, password_file)
    unfinished.rename(data_dir)


def _initdb(data_dir: Path, password_file: Path) -> None:
    command = [
        str(postgres_binaries.program("initdb")),
        *INITDB_OPTIONS,
        f"--username={SUPERUSER}",
        f"--pwfile={password_file}",
        f"--pgdata={data_dir}",
    ]
    done = subprocess.run(
        postgres_binaries.as_owner(command, data_dir),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=data_dir,
        start_new_session=True,
    )
    if done.returncode != 0:
        raise PostgresUnavailable(f"initdb failed:\n{done.stdout.strip()}")
