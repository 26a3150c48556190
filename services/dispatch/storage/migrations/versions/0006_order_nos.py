"""Which orders a task answers when it is accepted; those given before answer none alone."""

import sqlalchemy as sa
from alembic import op

from shared.storage import Json

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tasks", sa.Column("order_nos", Json, nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("tasks", "order_nos")
