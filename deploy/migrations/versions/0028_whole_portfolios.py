"""What reports over a whole portfolio count, without a join and without texts taken apart.

Revision ID: 0028
Revises: 0027
"""

from alembic import op

from genjin_deploy.sql_script import run_revision

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("the log is never dropped by a migration: restore a backup instead")
