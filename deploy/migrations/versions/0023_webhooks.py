"""Webhook subscriptions: the restricted class, secrets that overlap, disabling by the receiver.

Revision ID: 0023
Revises: 0022
"""

from alembic import op

from genjin_deploy.sql_script import run_revision

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("the log is never dropped by a migration: restore a backup instead")
