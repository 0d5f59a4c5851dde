"""The peers of the table, and how each is told where Postgres is."""

import shutil
import sys
from pathlib import Path
from urllib.parse import urlsplit

from tests.bench.peers.peer import Program

_FOLDER = Path(__file__).resolve().parent
_PYTHON = _FOLDER.parents[2] / ".venv-peers" / "bin" / "python"
_NODE = Path(shutil.which("node") or "/nowhere/node")
_MODULES = _FOLDER / "node" / "node_modules"
_EMMETT = _MODULES / "@event-driven-io" / "emmett-postgresql"
_MESSAGE_DB = _MODULES / "@eventide" / "message-db" / "database"

EVENTSOURCING = Program(
    name="eventsourcing",
    command=[_PYTHON, _FOLDER / "eventsourcing_appends.py"],
    needs=[_PYTHON],
)
EMMETT = Program(
    name="emmett",
    command=[_NODE, _FOLDER / "node" / "emmett_appends.mjs"],
    needs=[_NODE, _EMMETT],
)
# Functions in Postgres: our own driver calls them.
MESSAGE_DB = Program(
    name="message-db",
    command=[sys.executable, _FOLDER / "message_db_appends.py", _MESSAGE_DB],
    needs=[_MESSAGE_DB],
)


def login(url: str) -> dict[str, str]:
    parts = urlsplit(url)
    return {
        "POSTGRES_URL": url,
        "POSTGRES_DBNAME": parts.path.lstrip("/"),
        "POSTGRES_HOST": parts.hostname or "",
        "POSTGRES_PORT": str(parts.port),
        "POSTGRES_USER": parts.username or "",
        "POSTGRES_PASSWORD": parts.password or "",
    }
