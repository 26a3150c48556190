"""Issues, surveys, callbacks, periods, errata, and the tables of the bus."""

import sqlalchemy as sa
from alembic import op

from shared.bus.migrations.v1 import bus_tables_v1
from shared.storage import Instant, Json

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    bus_tables_v1(op)
    create_issues()
    create_surveys()
    create_callbacks()
    create_leads()
    create_periods()
    create_indexes()


def create_issues() -> None:
    op.create_table(
        "issues",
        sa.Column("id", sa.String(120), primary_key=True),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("held_since", Instant),
        sa.Column("judged_since", Instant),
        sa.Column("work_goes_on", sa.Boolean, nullable=False),
        sa.Column("handled_unit", sa.String(15), nullable=False),
        sa.Column("handled_at", Instant),
        sa.Column("sent_back_handling_at", Instant),
        sa.Column("redos", sa.Integer, nullable=False),
        sa.Column("closed_at", Instant),
    )


def create_surveys() -> None:
    op.create_table(
        "surveys",
        sa.Column("order_no", sa.String(100), primary_key=True),
        sa.Column("issue_id", sa.String(120), nullable=False),
        sa.Column("origin_unit", sa.String(15), nullable=False),
        sa.Column("dispatch_kind", sa.String(40), nullable=False),
        sa.Column("dispatched_at", Instant, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("linked_at", Instant, nullable=False),
        sa.Column("period_id", sa.String(7), nullable=False),
        sa.Column("asks_at", Instant),
        sa.Column("asker", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("began_at", Instant),
        sa.Column("asked_at", Instant),
        sa.Column("answer_by", Instant),
        sa.Column("completed_at", Instant),
        sa.Column("reached", sa.Boolean),
        sa.Column("solved", sa.String(40)),
        sa.Column("handled_at", Instant),
        sa.Column("is_sent_back", sa.Boolean, nullable=False),
        sa.Column("outcome", sa.String(40)),
        sa.Column("is_evaluated", sa.Boolean, nullable=False),
        sa.Column("extended_seconds", sa.Integer, nullable=False),
        sa.Column("is_late", sa.Boolean, nullable=False),
        sa.Column("excluded_at", Instant),
        sa.Column("dispatch_no", sa.Integer, nullable=False),
        sa.Column("charged_unit", sa.String(15), nullable=False),
        sa.Column("charged_rank_unit", sa.String(15), nullable=False),
        sa.Column("charged_community", sa.String(15), nullable=False),
        sa.Column("released", Json, nullable=False),
    )
    op.create_table(
        "charges",
        sa.Column("id", sa.String(120), primary_key=True),
        sa.Column("order_no", sa.String(100), nullable=False),
        sa.Column("dispatch_no", sa.Integer, nullable=False),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("rank_unit", sa.String(15), nullable=False),
        sa.Column("community", sa.String(15), nullable=False),
        sa.Column("dispatch_kind", sa.String(40), nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.Column("until", Instant, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("is_late", sa.Boolean, nullable=False),
    )
    op.create_index("ix_charges_order_no", "charges", ["order_no"])


def create_callbacks() -> None:
    op.create_table(
        "callbacks",
        sa.Column("id", sa.String(120), primary_key=True),
        sa.Column("order_no", sa.String(100), nullable=False),
        sa.Column("issue_id", sa.String(120), nullable=False),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("dispatch_kind", sa.String(40), nullable=False),
        sa.Column("period_id", sa.String(7), nullable=False),
        sa.Column("asked_by", sa.String(40), nullable=False),
        sa.Column("is_self_check", sa.Boolean, nullable=False),
        sa.Column("is_late", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("dispatch_no", sa.Integer, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("began_at", Instant, nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("completed_at", Instant, nullable=False),
        sa.Column("recorded_by", sa.String(200), nullable=False),
        sa.Column("reached", sa.Boolean, nullable=False),
        sa.Column("contacted", sa.Boolean),
        sa.Column("solved", sa.String(40)),
        sa.Column("satisfaction", sa.Integer),
        sa.Column("solved_words", sa.String(40), nullable=False),
        sa.Column("satisfaction_words", sa.String(40), nullable=False),
        sa.Column("community", sa.String(15), nullable=False, server_default=""),
        sa.Column("charged", Json, nullable=False, server_default="[]"),
    )


def create_leads() -> None:
    op.create_table(
        "leads",
        sa.Column("id", sa.String(160), primary_key=True),
        sa.Column("issue_id", sa.String(120), nullable=False),
        sa.Column("task_id", sa.String(140), nullable=False),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("organisation_id", sa.String(120), nullable=False),
        sa.Column("assisting_ids", Json, nullable=False),
        sa.Column("from_at", Instant, nullable=False),
        sa.Column("until", Instant),
        sa.Column("ended_as", sa.String(40)),
    )
    op.create_index("leads_issue", "leads", ["issue_id"])


def create_periods() -> None:
    op.create_table(
        "periods",
        sa.Column("id", sa.String(7), primary_key=True),
        sa.Column("starts_at", Instant, nullable=False),
        sa.Column("ends_at", Instant, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("samples", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("result", sa.LargeBinary),
        sa.Column("frozen_at", Instant),
        sa.Column("published_at", Instant),
        sa.Column("errata", sa.Integer, nullable=False),
    )
    op.create_table(
        "errata",
        sa.Column("period_id", sa.String(7), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("correction", sa.Text, nullable=False),
        sa.Column("period_sha256", sa.String(64), nullable=False),
        sa.Column("issued_by", sa.String(200), nullable=False),
        sa.Column("issued_at", Instant, nullable=False),
    )


def create_indexes() -> None:
    asking = sa.text("state = 'asking'")
    op.create_index("surveys_issue", "surveys", ["issue_id"])
    is_excluded = sa.text("excluded_at IS NOT NULL")
    op.create_index("surveys_excluded", "surveys", ["order_no"], sqlite_where=is_excluded, postgresql_where=is_excluded)
    op.create_index("surveys_asks", "surveys", ["asks_at", "order_no"])
    op.create_index("surveys_asking", "surveys", ["asked_at", "order_no"], sqlite_where=asking, postgresql_where=asking)
    op.create_index("surveys_period", "surveys", ["period_id", "origin_unit"])
    op.create_index("callbacks_order", "callbacks", ["order_no"])
    op.create_index("callbacks_period", "callbacks", ["period_id", "order_no", "completed_at", "round"])
    op.create_index("callbacks_completed", "callbacks", ["completed_at"])


def downgrade() -> None:
    own = ("errata", "periods", "callbacks", "surveys", "issues")
    for table in (*own, "sweeps", "replies", "timers", "outbox", "inbox"):
        op.drop_table(table)
