"""Accounts of whoever runs the machine."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("accounts", "invites"):
        op.add_column(name, sa.Column("is_operator", sa.Boolean, nullable=False, server_default=sa.false()))
