"""The copy of the directory."""

from alembic import op

from shared.directory.migrations import create_directory, drop_directory

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_directory(op)


def downgrade() -> None:
    drop_directory(op)
