"""Rows of a project's nouns are those of its state: no version of their own.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

from genjin_deploy.sql_script import run_revision

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("the log is never dropped by a migration: restore a backup instead")
