"""Finds petitions of which no clerk has said who signed them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

UNVERIFIED = sa.text("signatures > 0 AND verified_signatures IS NULL AND of_order = ''")


def upgrade() -> None:
    op.create_index(
        "complaints_unverified",
        "complaints",
        ["unit_code", "filed_at"],
        sqlite_where=UNVERIFIED,
        postgresql_where=UNVERIFIED,
    )


def downgrade() -> None:
    op.drop_index("complaints_unverified", "complaints")
