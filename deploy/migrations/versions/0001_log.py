"""The log, its read models, the notifier's records and the services' rights.

Revision ID: 0001
Revises:
"""

from pathlib import Path

from alembic import op

from genjin_deploy.sql_script import run_script

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql"
FILES = (
    "0001_log_tables.sql",
    "0001_log_guard.sql",
    "0002_read_models.sql",
    "0002_write_read_models.sql",
    "0001_append.sql",
    "0003_deliveries.sql",
    "0004_roles.sql",
)


def upgrade() -> None:
    for name in FILES:
        run_script(op.get_bind(), SQL / name)


def downgrade() -> None:
    raise NotImplementedError("the log is never dropped by a migration: restore a backup instead")
