"""The audit index is checked against the log, and halted where it differs.

Revision ID: 0019
Revises: 0018
"""

from alembic import op

from genjin_deploy.sql_script import run_revision

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("the log is never dropped by a migration: restore a backup instead")
