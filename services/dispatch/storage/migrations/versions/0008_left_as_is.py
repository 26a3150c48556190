"""What an issue comes to that was left as it is, once what single orders have for themselves is done."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("issues", sa.Column("left_as_is", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("issues", "left_as_is")
