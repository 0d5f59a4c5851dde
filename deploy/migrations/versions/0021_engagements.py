"""Engagements: their projects, goals, warnings, and commands on several streams that stand or fall together.

Revision ID: 0021
Revises: 0020
"""

from alembic import op

from genjin_deploy.sql_script import run_revision

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("the log is never dropped by a migration: restore a backup instead")
