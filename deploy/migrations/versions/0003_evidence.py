"""Evidence: tiles of each workspace's Merkle tree, signed checkpoints, the keys that sign them.

Revision ID: 0003
Revises: 0002
"""

from alembic import op

from genjin_deploy.sql_script import run_revision

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("evidence is never dropped by a migration: restore a backup instead")
