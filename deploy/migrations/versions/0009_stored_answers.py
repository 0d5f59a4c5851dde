"""Appends with an idempotency key cost the same however many answers are stored.

Revision ID: 0009
Revises: 0008
"""

from alembic import op

from genjin_deploy.sql_script import run_revision

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("the log is never dropped by a migration: restore a backup instead")
