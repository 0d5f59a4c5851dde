"""What reports count: stages entered and left, suspensions, judgements, where every project stands.

Revision ID: 0020
Revises: 0019
"""

from alembic import op

from genjin_deploy.sql_script import run_revision

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("the log is never dropped by a migration: restore a backup instead")
