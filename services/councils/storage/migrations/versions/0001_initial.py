"""Listings, sessions, the directory and the bookings."""

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
    _create_listings()
    _create_sessions()
    _create_directory()
    _create_bookings()


def _create_listings() -> None:
    op.create_table(
        "listings",
        sa.Column("issue_id", sa.String(120), primary_key=True),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("category", sa.String(100), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("listed_at", Instant),
        sa.Column("moved_at", Instant),
        sa.Column("ended_at", Instant),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("sessions", sa.Integer, nullable=False),
        sa.Column("session_id", sa.String(140)),
        sa.Column("awaits_session", sa.Boolean, nullable=False),
        sa.Column("next_kind", sa.String(40), nullable=False),
        sa.Column("call_by", Instant),
        sa.Column("publicity", sa.String(40), nullable=False, server_default="public"),
        sa.Column("respondents", Json, nullable=False, server_default="[]"),
        sa.Column("lapsed_session", sa.String(140), nullable=False, server_default=""),
        sa.Column("obstacle", sa.String(40)),
    )
    is_hindered = sa.text("obstacle IS NOT NULL")
    op.create_index(
        "listings_hindered", "listings", ["issue_id"], sqlite_where=is_hindered, postgresql_where=is_hindered
    )


def _create_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(140), primary_key=True),
        sa.Column("issue_id", sa.String(120), nullable=False),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("category", sa.String(100), nullable=False),
        sa.Column("hall_id", sa.String(60), nullable=False),
        sa.Column("hall_name", sa.String(200), nullable=False),
        sa.Column("starts_at", Instant, nullable=False),
        sa.Column("first_starts_at", Instant, nullable=False),
        sa.Column("deputies", Json, nullable=False),
        sa.Column("experts", Json, nullable=False),
        sa.Column("scheduled_at", Instant, nullable=False),
        sa.Column("due_at", Instant),
        sa.Column("replaces", sa.String(140), nullable=False, server_default=""),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("postponements", Json, nullable=False),
        sa.Column("opened_at", Instant),
        sa.Column("ended_at", Instant),
        sa.Column("failure_reason", sa.String(40)),
        sa.Column("agenda", Json, nullable=False),
    )
    op.create_index("ix_sessions_issue_id", "sessions", ["issue_id"])
    op.create_index("sessions_by_unit", "sessions", ["unit_code", "starts_at"])
    is_due = sa.text("due_at IS NOT NULL")
    op.create_index("sessions_due", "sessions", ["due_at"], sqlite_where=is_due, postgresql_where=is_due)


def _create_directory() -> None:
    op.create_table(
        "halls",
        sa.Column("id", sa.String(60), primary_key=True),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("opening_hours", sa.String(200), nullable=False),
        sa.Column("contact", sa.String(200), nullable=False),
    )
    op.create_index("ix_halls_unit_code", "halls", ["unit_code"])
    op.create_table(
        "people",
        sa.Column("id", sa.String(60), primary_key=True),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("category", sa.String(60), nullable=False),
    )
    op.create_index("ix_people_unit_code", "people", ["unit_code"])


def _create_bookings() -> None:
    for table, column in (("hall_bookings", "hall_id"), ("person_bookings", "person_id")):
        op.create_table(
            table,
            sa.Column(column, sa.String(60), primary_key=True),
            sa.Column("starts_at", Instant, primary_key=True),
            sa.Column("session_id", sa.String(140), nullable=False),
        )
        op.create_index(f"ix_{table}_session_id", table, ["session_id"])
