"""An index of the stages that projects came to again.

Revision ID: 0025
Revises: 0024
"""

from alembic import op

from genjin_deploy.sql_script import run_revision

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("the log is never dropped by a migration: restore a backup instead")
