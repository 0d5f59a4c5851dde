"""Restricted values are sealed per subject: keys in a schema of their own, and the erased subjects.

Revision ID: 0008
Revises: 0007
"""

from alembic import op

from genjin_deploy.sql_script import run_revision

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("the log is never dropped by a migration: restore a backup instead")
