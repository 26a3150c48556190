"""Why a task was withdrawn, and which unit has the matter since; of those withdrawn before only which unit."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tasks", sa.Column("withdrawn_to", sa.String(15), nullable=False, server_default=""))
    op.add_column("tasks", sa.Column("withdrawn_because", sa.Text, nullable=False, server_default=""))
    op.execute(
        "UPDATE tasks SET withdrawn_to = (SELECT unit_code FROM issues WHERE issues.id = tasks.issue_id)"
        " WHERE state = 'withdrawn'"
    )


def downgrade() -> None:
    op.drop_column("tasks", "withdrawn_because")
    op.drop_column("tasks", "withdrawn_to")
