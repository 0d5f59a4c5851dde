"""The audit index in place of the log's secondary B-trees; a phrase on webhook subscriptions.

Revision ID: 0004
Revises: 0003
"""

from alembic import op

from genjin_deploy.sql_script import run_revision

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("the log is never dropped by a migration: restore a backup instead")
