"""The tables of the bus in their second form."""

from alembic import op

from shared.bus.migrations.v2 import downgrade_bus, upgrade_bus

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    upgrade_bus(op)


def downgrade() -> None:
    downgrade_bus(op)
