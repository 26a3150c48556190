"""When the order of a resident's clock came into the issue."""

import sqlalchemy as sa
from alembic import op

from shared.storage import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("clocks", sa.Column("joined_at", Instant))


def downgrade() -> None:
    with op.batch_alter_table("clocks") as changed:
        changed.drop_column("joined_at")
