"""In which street an issue was raised, to count callers of several communities with one matter.

Issues that are there already lie in the street that their unit's code begins with, as it was so far.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("issues", sa.Column("street", sa.String(15), nullable=False, server_default=""))
    op.execute("UPDATE issues SET street = substr(origin_unit, 1, 9) WHERE state = 'open' AND first_order_no <> ''")
    is_open = sa.text("state = 'open'")
    columns = ["street", "category", "raised_at"]
    op.create_index("issues_open_in_street", "issues", columns, sqlite_where=is_open, postgresql_where=is_open)


def downgrade() -> None:
    op.drop_index("issues_open_in_street", "issues")
    op.drop_column("issues", "street")
