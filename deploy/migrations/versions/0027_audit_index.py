"""The audit index is emptied, for it has tags of its own for null, true and false.

Revision ID: 0027
Revises: 0026
"""

from alembic import op

from genjin_deploy.sql_script import run_revision

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("the log is never dropped by a migration: restore a backup instead")
