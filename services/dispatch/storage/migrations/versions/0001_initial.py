"""Issues, tasks, and the tables of the bus."""

import sqlalchemy as sa
from alembic import op

from shared.bus.migrations.v1 import bus_tables_v1
from shared.requests.migrations import create_requests
from shared.storage import Instant, Json

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    bus_tables_v1(op)
    create_requests(op)
    create_issues()
    create_tasks()
    op.create_index("tasks_issue", "tasks", ["issue_id", "number"], unique=True)
    op.create_index("tasks_unit_state", "tasks", ["unit_code", "state", "id"])


def create_issues() -> None:
    op.create_table(
        "issues",
        sa.Column("id", sa.String(120), primary_key=True),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("category", sa.String(60), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("sla_class", sa.String(40), nullable=False),
        sa.Column("raised_at", Instant, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("is_awaiting_resolution", sa.Boolean, nullable=False),
        sa.Column("handled_at", Instant),
        sa.Column("settled_tasks", sa.Integer, nullable=False),
        sa.Column("heard", Json, nullable=False),
        sa.Column("returns", Json, nullable=False),
        sa.Column("respondents", Json, nullable=False, server_default="[]"),
        sa.Column("publicity", sa.String(40), nullable=False, server_default="public"),
    )


def create_tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", sa.String(140), primary_key=True),
        sa.Column("issue_id", sa.String(120), sa.ForeignKey("issues.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("publicity", sa.String(40), nullable=False, server_default="public"),
        sa.Column("sla_class", sa.String(40), nullable=False),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("origin", sa.String(40), nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("leader", sa.String(200), nullable=False),
        sa.Column("department", sa.String(200), nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("co_units", Json, nullable=False),
        sa.Column("assisting_ids", Json, nullable=False, server_default="[]"),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("assigned_at", Instant, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("is_forced", sa.Boolean, nullable=False),
        sa.Column("extensions", sa.Integer, nullable=False),
        sa.Column("milestone", sa.String(40)),
        sa.Column("blocked_because", sa.Text, nullable=False),
        sa.Column("result", sa.Text, nullable=False),
        sa.Column("evidence", Json, nullable=False),
        sa.Column("funding", Json, nullable=False),
        sa.Column("accepted_at", Instant),
        sa.Column("resolution_id", sa.String(160), nullable=False),
    )


def downgrade() -> None:
    for table in ("tasks", "issues", "sweeps", "replies", "timers", "outbox", "inbox"):
        op.drop_table(table)
