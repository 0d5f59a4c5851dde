"""What the customer rows of before lack, who is waited for by an index, and accounts that never stand above themselves.

Revision ID: 0024
Revises: 0023
"""

from alembic import op

from genjin_deploy.sql_script import run_revision

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("the log is never dropped by a migration: restore a backup instead")
