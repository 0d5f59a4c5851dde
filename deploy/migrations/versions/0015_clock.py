"""The notifier tells what the clock brings: overdue, missed, silent, due.

Revision ID: 0015
Revises: 0014
"""

from alembic import op

from genjin_deploy.sql_script import run_revision

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("the log is never dropped by a migration: restore a backup instead")
