"""Entries with their periods, the journal of changes, and the bus."""

import sqlalchemy as sa
from alembic import op

from shared.bus.migrations.v1 import bus_tables_v1
from shared.bus.migrations.v2 import downgrade_bus, upgrade_bus
from shared.directory.migrations import create_directory, drop_directory
from shared.storage.types import Instant, Json

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    bus_tables_v1(op)
    upgrade_bus(op)
    create_directory(op)
    op.create_table(
        "changes",
        sa.Column("id", sa.String(60), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("entry_id", sa.String(120), nullable=False),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("facts", Json, nullable=False),
        sa.Column("valid_from", Instant, nullable=False),
        sa.Column("valid_to", Instant),
        sa.Column("replaced_by", Json, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("asked_by", sa.String(200), nullable=False),
        sa.Column("asked_person", sa.String(200), nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("decide_by", Instant),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("decided_by", sa.String(200), nullable=False),
        sa.Column("decided_at", Instant),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_index("changes_by_entry", "changes", ["kind", "entry_id", "asked_at"])
    op.create_index("changes_by_state", "changes", ["state", "unit_code", "id"])


def downgrade() -> None:
    op.drop_table("changes")
    drop_directory(op)
    downgrade_bus(op)
