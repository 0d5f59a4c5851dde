"""Customer accounts, their contacts, and who of them is a stakeholder of a project.

Revision ID: 0022
Revises: 0021
"""

from alembic import op

from genjin_deploy.sql_script import run_revision

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("the log is never dropped by a migration: restore a backup instead")
