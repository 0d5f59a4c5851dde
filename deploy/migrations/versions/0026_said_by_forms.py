"""Accounts and contacts know which forms stand behind what they hold.

Revision ID: 0026
Revises: 0025
"""

from alembic import op

from genjin_deploy.sql_script import run_revision

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("the log is never dropped by a migration: restore a backup instead")
