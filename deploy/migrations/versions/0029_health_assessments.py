"""A table of what people said of the health of projects.

Revision ID: 0029
Revises: 0028
"""

from alembic import op

from genjin_deploy.sql_script import run_revision

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("the log is never dropped by a migration: restore a backup instead")
