"""A log that was brought in keeps the checkpoints that were signed where it came from.

Revision ID: 0012
Revises: 0011
"""

from alembic import op

from genjin_deploy.sql_script import run_revision

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("the log is never dropped by a migration: restore a backup instead")
