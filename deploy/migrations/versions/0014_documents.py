"""Documents of a project, and the files that they are of.

Revision ID: 0014
Revises: 0013
"""

from alembic import op

from genjin_deploy.sql_script import run_revision

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("the log is never dropped by a migration: restore a backup instead")
