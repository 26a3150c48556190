"""Which units have tried to solve an issue, whoever held it; of issues so far only whether the holder has is known."""

import sqlalchemy as sa
from alembic import op

from shared.storage import Json

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("tried_by", Json, nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("cases", "tried_by")
