"""Snapshots of long streams, the project list's past, and points in a log.

Revision ID: 0005
Revises: 0004
"""

from alembic import op

from genjin_deploy.sql_script import run_revision

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("the log is never dropped by a migration: restore a backup instead")
