"""A commit is one call of append(); rows of read models travel as typed records.

Revision ID: 0007
Revises: 0006
"""

from alembic import op

from genjin_deploy.sql_script import run_revision

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("the log is never dropped by a migration: restore a backup instead")
