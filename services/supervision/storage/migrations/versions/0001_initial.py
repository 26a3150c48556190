"""The bus's tables, cases, clocks, escalations, incidents, look-backs, requests and the timeline."""

import sqlalchemy as sa
from alembic import op

from shared.bus.migrations.v1 import bus_tables_v1
from shared.requests.migrations import create_requests
from shared.storage import Instant, Json
from shared.storage.types import Position

revision = "0001"
down_revision = None


def upgrade() -> None:
    bus_tables_v1(op)
    _cases_and_clocks()
    _what_hangs_on_cases()
    _timeline()
    create_requests(op)


def _cases_and_clocks() -> None:
    op.create_table(
        "cases",
        sa.Column("issue_id", sa.String(120), primary_key=True),
        sa.Column("order_no", sa.String(64), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("category", sa.String(100), nullable=False),
        sa.Column("request_kind", sa.String(40), nullable=False),
        sa.Column("sla_class", sa.String(40), nullable=False),
        sa.Column("dispatch_kind", sa.String(40), nullable=False),
        sa.Column("origin_unit", sa.String(15), nullable=False),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("route", sa.String(40), nullable=False),
        sa.Column("raised_at", Instant, nullable=False),
        sa.Column("held_since", Instant, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("handled_at", Instant),
        sa.Column("closed_at", Instant),
        sa.Column("outcome", sa.String(40)),
        sa.Column("rung", sa.Integer, nullable=False),
        sa.Column("relapses", sa.Integer, nullable=False),
        sa.Column("tier_clocks", sa.Integer, nullable=False),
        sa.Column("resident_clocks", sa.Integer, nullable=False),
        sa.Column("open_incidents", sa.Integer, nullable=False),
        sa.Column("sent_back", sa.Integer, nullable=False),
        sa.Column("is_decided", sa.Boolean, nullable=False),
        sa.Column("requests", sa.Integer, nullable=False),
        sa.Column("pending", sa.String(140), nullable=False),
        sa.Column("review_at", Instant),
        sa.Column("has_tried", sa.Boolean, nullable=False),
        sa.Column("failed_meetings", sa.Integer, nullable=False),
        sa.Column("concerned", Json, nullable=False),
        sa.Column("came_from", Json, nullable=False),
        sa.Column("publicity", sa.String(40), nullable=False),
        sa.Column("origin", sa.String(40), nullable=False),
        sa.Column("joined", Json, nullable=False),
        sa.Column("respondents", Json, nullable=False),
    )
    op.create_table(
        "clocks",
        sa.Column("id", sa.String(140), primary_key=True),
        sa.Column("issue_id", sa.String(120), nullable=False),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("ledger", Json, nullable=False),
        sa.Column("order_no", sa.String(64), nullable=False),
        sa.Column("dispatch_no", sa.Integer),
        sa.Column("sla_class", sa.String(40)),
        sa.Column("dispatch_ended_at", Instant),
        sa.Column("yellow_at", Instant),
        sa.Column("red_at", Instant),
        sa.Column("breached_at", Instant),
        sa.Column("ordered_at", Instant),
        sa.Column("met_at", Instant),
        sa.Column("late_at", Instant),
    )
    op.create_index("cases_unit", "cases", ["unit_code", "state"])
    is_pending = sa.text("pending <> ''")
    op.create_index("cases_pending", "cases", ["review_at"], sqlite_where=is_pending, postgresql_where=is_pending)
    op.create_index("clocks_issue", "clocks", ["issue_id"])


def _what_hangs_on_cases() -> None:
    op.create_table(
        "escalations",
        sa.Column("id", sa.String(140), primary_key=True),
        sa.Column("issue_id", sa.String(120), nullable=False),
        sa.Column("rung", sa.Integer, nullable=False),
        sa.Column("from_unit", sa.String(15), nullable=False),
        sa.Column("to_unit", sa.String(15), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("explanation", sa.Text, nullable=False),
        sa.Column("tried", sa.Text, nullable=False),
        sa.Column("evidence", Json, nullable=False),
        sa.Column("escalated_by", sa.Text, nullable=False),
        sa.Column("escalated_at", Instant, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("was_handled", sa.Boolean, nullable=False),
        sa.Column("withdrawn_at", Instant),
        sa.UniqueConstraint("issue_id", "rung", name="escalations_rung"),
    )
    op.create_table(
        "incidents",
        sa.Column("id", sa.String(140), primary_key=True),
        sa.Column("issue_id", sa.String(120), nullable=False),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("about", sa.String(140), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("settled_at", Instant),
        sa.Column("settled_by", sa.Text, nullable=False),
        sa.Column("decision", sa.String(40)),
        sa.Column("remark", sa.Text, nullable=False),
    )
    op.create_table(
        "look_backs",
        sa.Column("id", sa.String(140), primary_key=True),
        sa.Column("issue_id", sa.String(120), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("announced_at", Instant),
        sa.Column("dropped_at", Instant),
        sa.Column("done_at", Instant),
        sa.Column("done_by", sa.Text, nullable=False),
        sa.Column("has_relapsed", sa.Boolean),
        sa.Column("remark", sa.Text, nullable=False),
    )
    op.create_index("incidents_issue", "incidents", ["issue_id"])
    op.create_index("incidents_open", "incidents", ["unit_code", "settled_at"])
    op.create_index("look_backs_issue", "look_backs", ["issue_id"])


def _timeline() -> None:
    op.create_table(
        "timeline",
        sa.Column("position", Position, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(40), nullable=False, unique=True),
        sa.Column("issue_id", sa.String(120), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("kind", sa.String(100), nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("facts", Json, nullable=False),
    )
    op.create_index("timeline_issue", "timeline", ["issue_id", "at", "position"])


def downgrade() -> None:
    for table in ("timeline", "look_backs", "incidents", "escalations", "clocks", "cases"):
        op.drop_table(table)
    for table in ("sweeps", "replies", "timers", "outbox", "inbox"):
        op.drop_table(table)
