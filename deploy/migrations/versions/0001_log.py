"""The log, its read models, the notifier's records and the services' rights.

Revision ID: 0001
Revises:
"""

from alembic import op

from genjin_deploy.sql_script import run_revision

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("the log is never dropped by a migration: restore a backup instead")
