"""The list of the past knows in which workspaces it lacks nothing.

Revision ID: 0011
Revises: 0010
"""

from alembic import op

from genjin_deploy.sql_script import run_revision

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("the log is never dropped by a migration: restore a backup instead")
