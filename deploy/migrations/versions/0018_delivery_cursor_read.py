"""How far the log was read for a subscription, with the hash there: lanes may be ahead of the cursor.

Revision ID: 0018
Revises: 0017
"""

from alembic import op

from genjin_deploy.sql_script import run_revision

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("the log is never dropped by a migration: restore a backup instead")
