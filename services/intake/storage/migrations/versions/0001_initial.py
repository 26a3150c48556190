"""The first tables: orders, their callers and what clerks decided about them, issues, rejections, undone links."""

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
    _create_complaints()
    _create_issues()
    _create_unsettled()
    _create_history()
    _create_looks()
    create_requests(op)
    op.create_table(
        "callers",
        sa.Column("order_no", sa.String(64), primary_key=True),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("kept_at", Instant, nullable=False),
    )
    op.create_table(
        "rejections",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("order_no", sa.String(64), nullable=False),
        sa.Column("message_id", sa.String(200), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("fields", Json, nullable=False),
        sa.Column("rejected_at", Instant, nullable=False),
    )
    op.create_index("ix_rejections_order_no", "rejections", ["order_no"])
    op.create_table(
        "handovers",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("order_no", sa.String(64), nullable=False),
        sa.Column("line", sa.String(40)),
        sa.Column("reference", sa.String(100), nullable=False),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("handed_by", sa.String(200), nullable=False),
        sa.Column("handed_at", Instant, nullable=False),
        sa.Column("follow_by", Instant, nullable=False),
        sa.Column("followed_at", Instant),
        sa.Column("followed_by", sa.String(200), nullable=False),
        sa.Column("outcome", sa.String(40)),
    )
    op.create_index("ix_handovers_order_no", "handovers", ["order_no"])
    op.create_index("handovers_open", "handovers", ["unit_code", "follow_by"], **_where("followed_at IS NULL"))
    op.create_table(
        "reports",
        sa.Column("id", sa.String(120), primary_key=True),
        sa.Column("order_no", sa.String(64), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("received_at", Instant, nullable=False),
    )
    op.create_table(
        "undone_links",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("order_no", sa.String(64), nullable=False),
        sa.Column("issue_id", sa.String(120), nullable=False),
        sa.Column("linked_at", Instant, nullable=False),
        sa.Column("linked_by", sa.String(200), nullable=False),
        sa.Column("unlinked_at", Instant, nullable=False),
        sa.Column("unlinked_by", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_index("ix_undone_links_order_no", "undone_links", ["order_no"])


def downgrade() -> None:
    raise NotImplementedError("the first migration has nothing before it; restore a backup instead")


def _create_complaints() -> None:
    op.create_table(
        "complaints",
        sa.Column("order_no", sa.String(64), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("filed_at", Instant, nullable=False),
        sa.Column("received_at", Instant, nullable=False),
        sa.Column("request_kind", sa.String(40), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("said", sa.LargeBinary, nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("caller_ref", sa.String(64), nullable=False),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("category", sa.String(60), nullable=False),
        sa.Column("sla_class", sa.String(40), nullable=False),
        sa.Column("dispatch_kind", sa.String(40), nullable=False),
        sa.Column("dispatch_no", sa.Integer, nullable=False),
        sa.Column("dispatched_at", Instant, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("has_own_limit", sa.Boolean, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("disposition", sa.String(40)),
        sa.Column("first_order_no", sa.String(64), nullable=False),
        sa.Column("issue_id", sa.String(120), nullable=False),
        sa.Column("linked_at", Instant),
        sa.Column("linked_by", sa.String(200), nullable=False),
        sa.Column("reply", sa.Text, nullable=False),
        sa.Column("replied_at", Instant),
        sa.Column("outcome", sa.String(40)),
        sa.Column("closed_at", Instant),
        sa.Column("suggested_disposition", sa.String(40)),
        sa.Column("decisions", sa.Integer, nullable=False),
        sa.Column("respondents", sa.Text, nullable=False),
        sa.Column("of_order", sa.String(64), nullable=False),
        sa.Column("matters", sa.Integer, nullable=False),
        sa.Column("extended_seconds", sa.Integer, nullable=False),
        sa.Column("extended_because", sa.Text, nullable=False),
        sa.Column("is_interim", sa.Boolean, nullable=False),
        sa.Column("signatures", sa.Integer, nullable=False),
        sa.Column("verified_signatures", sa.Integer),
    )
    is_further = sa.text("of_order <> ''")
    op.create_index(
        "complaints_by_order", "complaints", ["of_order"], sqlite_where=is_further, postgresql_where=is_further
    )
    op.create_index("complaints_by_caller", "complaints", ["caller_ref", "filed_at"])
    op.create_index("complaints_by_issue", "complaints", ["issue_id"])
    op.create_index("complaints_by_first_order", "complaints", ["first_order_no"], **_where("first_order_no <> ''"))


def _create_issues() -> None:
    op.create_table(
        "issues",
        sa.Column("id", sa.String(120), primary_key=True),
        sa.Column("first_order_no", sa.String(64), nullable=False),
        sa.Column("origin_unit", sa.String(15), nullable=False),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("category", sa.String(60), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("gist_words", sa.LargeBinary, nullable=False),
        sa.Column("request_kind", sa.String(40), nullable=False),
        sa.Column("sla_class", sa.String(40), nullable=False),
        sa.Column("route", sa.String(40), nullable=False),
        sa.Column("raised_at", Instant, nullable=False),
        sa.Column("publicity", sa.String(40), nullable=False),
        sa.Column("worded_at", Instant),
        sa.Column("respondents", sa.Text, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("recent_callers", Json, nullable=False),
        sa.Column("listed_unit", sa.String(15), nullable=False),
        sa.Column("listing_reason", sa.String(40)),
        sa.Column("listed_at", Instant),
        sa.Column("moved_at", Instant),
        sa.Column("outcome", sa.String(40)),
        sa.Column("closed_at", Instant),
    )
    columns = ["origin_unit", "category", "raised_at"]
    op.create_index("issues_open", "issues", columns, **_where("state = 'open'"))
    moved = _where("state = 'open' AND unit_code <> origin_unit")
    op.create_index("issues_open_and_moved", "issues", ["unit_code", "category"], **moved)
    op.create_index("issues_listed", "issues", ["listed_unit"], **_where("listed_unit <> ''"))


def _create_unsettled() -> None:
    op.create_table(
        "unsettled",
        sa.Column("order_no", sa.String(64), primary_key=True),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("doubt", sa.String(40), nullable=False),
        sa.Column("named", Json, nullable=False),
        sa.Column("suggested_unit", sa.String(15), nullable=False),
        sa.Column("waits_since", Instant, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("settled_at", Instant),
    )
    op.create_index("unsettled_open", "unsettled", ["unit_code", "due_at"], **_where("settled_at IS NULL"))


def _create_looks() -> None:
    op.create_table(
        "in_charge",
        sa.Column("issue_id", sa.String(120), primary_key=True),
        sa.Column("unit_code", sa.String(15), primary_key=True),
        sa.Column("organisation_id", sa.String(120), primary_key=True),
        sa.Column("since", Instant, nullable=False),
    )
    op.create_table(
        "who_saw",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("order_no", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("organisation", sa.String(120), nullable=False),
        sa.Column("roles", Json, nullable=False),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("fields", Json, nullable=False),
        sa.Column("looked_at", Instant, nullable=False),
    )
    op.create_index("ix_who_saw_order_no", "who_saw", ["order_no"])


def _create_history() -> None:
    op.create_table(
        "history",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("order_no", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("before", Json, nullable=False),
        sa.Column("after", Json, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("decided_by", sa.String(200), nullable=False),
        sa.Column("decided_at", Instant, nullable=False),
    )
    op.create_index("ix_history_order_no", "history", ["order_no"])


def _where(condition: str) -> dict[str, sa.TextClause]:
    """A partial index on either database."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
