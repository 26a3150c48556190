"""Tasks found by their organisation, desk and person, and issues by the unit that holds them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

IDS = ("organisation_id", "desk_id", "person_id")


def upgrade() -> None:
    for name in IDS:
        op.add_column("tasks", sa.Column(name, sa.String(120), nullable=False, server_default=""))
    op.create_index("tasks_organisation_state", "tasks", ["organisation_id", "state", "id"])
    op.create_index("tasks_desk", "tasks", ["desk_id", "id"])
    op.create_index("tasks_person", "tasks", ["person_id", "id"])
    op.create_index("issues_unit_state", "issues", ["unit_code", "state"])


def downgrade() -> None:
    op.drop_index("issues_unit_state", "issues")
    for name in ("person", "desk", "organisation_state"):
        op.drop_index(f"tasks_{name}", "tasks")
    for name in IDS:
        op.drop_column("tasks", name)
