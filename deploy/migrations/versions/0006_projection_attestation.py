"""Where the attestations of the projections are kept.

Revision ID: 0006
Revises: 0005
"""

from alembic import op

from genjin_deploy.sql_script import run_revision

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("the log is never dropped by a migration: restore a backup instead")
