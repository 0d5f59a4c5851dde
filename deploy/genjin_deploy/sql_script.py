"""Running .sql files of several statements inside a migration's transaction."""

from pathlib import Path

from sqlalchemy import Connection

SQL = Path(__file__).resolve().parents[1] / "migrations" / "sql"


def run_revision(connection: Connection, revision: str) -> None:
    """Every file in the revision's folder, in the order of their names."""
    for path in sorted((SQL / revision).glob("*.sql")):
        run_script(connection, path)


def run_script(connection: Connection, path: Path) -> None:
    """Send the file to PostgreSQL as it stands.

    Not `op.execute`: asyncpg prepares what that sends, and a prepared statement holds one command; it would also take
    a `:word` in the SQL for a parameter.
    """
    script = path.read_text(encoding="utf-8")
    connection.exec_driver_sql("SELECT 1")  # opens the transaction that the script belongs to
    raw = connection.connection.dbapi_connection
    assert raw is not None
    raw.run_async(lambda asyncpg_connection: asyncpg_connection.execute(script))
