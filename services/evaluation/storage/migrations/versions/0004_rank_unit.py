"""The unit that stands for another in the ranks is kept with what counts for it, since a unit may lie elsewhere later.

What is there already counts for the street that its unit's code begins with, as it did so far.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = {"surveys": "origin_unit", "callbacks": "unit_code"}


def upgrade() -> None:
    for table, unit in TABLES.items():
        op.add_column(table, sa.Column("rank_unit", sa.String(15), nullable=False, server_default=""))
        op.execute(f"UPDATE {table} SET rank_unit = substr({unit}, 1, 9)")
    op.drop_index("surveys_period", "surveys")
    op.create_index("surveys_period", "surveys", ["period_id", "rank_unit"])


def downgrade() -> None:
    op.drop_index("surveys_period", "surveys")
    op.create_index("surveys_period", "surveys", ["period_id", "origin_unit"])
    for table in TABLES:
        with op.batch_alter_table(table) as changed:
            changed.drop_column("rank_unit")
