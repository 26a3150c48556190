"""Accounts, invitations and sessions."""

import sqlalchemy as sa
from alembic import op

from shared.storage import Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("login", sa.String(100), primary_key=True),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("locked_until", Instant),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.Column("ended_at", Instant),
    )
    op.create_table(
        "invites",
        sa.Column("mark", sa.String(64), primary_key=True),
        sa.Column("login", sa.String(100), nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("good_until", Instant, nullable=False),
        sa.Column("used_at", Instant),
    )
    op.create_index("invites_by_login", "invites", ["login"])
    op.create_table(
        "sessions",
        sa.Column("mark", sa.String(64), primary_key=True),
        sa.Column("login", sa.String(100), nullable=False),
        sa.Column("organisation", sa.String(100), nullable=False),
        sa.Column("unit", sa.String(15), nullable=False),
        sa.Column("began_at", Instant, nullable=False),
        sa.Column("seen_at", Instant, nullable=False),
        sa.Column("ended_at", Instant),
    )
    op.create_index("sessions_by_login", "sessions", ["login"])
    op.create_index("sessions_by_seen_at", "sessions", ["seen_at"])
