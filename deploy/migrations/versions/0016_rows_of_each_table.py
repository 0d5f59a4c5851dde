"""One function for each table of the read models.

Revision ID: 0016
Revises: 0015
"""

from alembic import op

from genjin_deploy.sql_script import run_revision

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("the log is never dropped by a migration: restore a backup instead")
