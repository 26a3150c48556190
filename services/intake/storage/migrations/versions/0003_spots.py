"""Which building, entrance or yard an issue is about. Earlier ones name none, and are compared by their words alone."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("issues", sa.Column("spots", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("issues", "spots")
