"""Sessions, motions, votes, resolutions, minutes and the record; votes and the record are append-only."""

import sqlalchemy as sa
from alembic import op

from shared.bus.migrations.v1 import bus_tables_v1
from shared.storage import Instant, Json

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_APPEND_ONLY = ("journal", "votes", "ballots", "papers", "checks", "tallies", "resolutions")


def upgrade() -> None:
    bus_tables_v1(op)
    _sessions()
    _motions()
    _votes()
    _polls()
    _tallies()
    _resolutions()
    _minutes_and_journal()
    for table in _APPEND_ONLY:
        for statement in _refusals(table):
            op.execute(statement)


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(140), primary_key=True),
        sa.Column("issue_id", sa.String(120), nullable=False),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("hall_name", sa.Text, nullable=False),
        sa.Column("starts_at", Instant, nullable=False),
        sa.Column("dated_at", Instant, nullable=False),
        sa.Column("lapses_at", Instant, nullable=False),
        sa.Column("deputies", Json, nullable=False),
        sa.Column("experts", Json, nullable=False),
        sa.Column("respondents", Json, nullable=False),
        sa.Column("publicity", sa.String(40), nullable=False),
        sa.Column("agenda", Json, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("attendance", Json, nullable=False),
        sa.Column("chair", sa.String(200), nullable=False),
        sa.Column("clerks", Json, nullable=False),
        sa.Column("opened_at", Instant),
        sa.Column("closed_at", Instant),
        sa.Column("failure", sa.String(40)),
        sa.Column("entries", sa.Integer, nullable=False),
        sa.Column("head_hash", sa.String(64), nullable=False),
    )
    op.create_index("sessions_by_issue", "sessions", ["issue_id", "unit_code", "number"])


def _motions() -> None:
    op.create_table(
        "motions",
        sa.Column("id", sa.String(160), primary_key=True),
        sa.Column("session_id", sa.String(140), sa.ForeignKey("sessions.id"), nullable=False),
        sa.Column("issue_id", sa.String(120), nullable=False),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("mover", sa.String(120), nullable=False),
        sa.Column("motion", sa.Text, nullable=False),
        sa.Column("item", sa.Integer, nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("money", sa.String(40), nullable=False),
        sa.Column("leaves_as_is", sa.Boolean, nullable=False),
        sa.Column("stated_at", Instant, nullable=False),
        sa.Column("new_facts", sa.Text, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("seconders", Json, nullable=False),
        sa.Column("oppositions", Json, nullable=False),
        sa.Column("turns", Json, nullable=False),
        sa.Column("opinions", Json, nullable=False),
        sa.Column("recusals", Json, nullable=False),
        sa.Column("votes", sa.Integer, nullable=False),
        sa.Column("voted_at", Instant),
        sa.Column("resolution_id", sa.String(160), nullable=False),
        sa.Column("poll_id", sa.String(170), nullable=False),
        sa.Column("option", sa.Text, nullable=False),
    )
    op.create_index("ix_motions_session_id", "motions", ["session_id"])
    op.create_index("motions_by_issue", "motions", ["issue_id", "unit_code"])


def _votes() -> None:
    voices = ("votes_for", "votes_against", "abstained", "recused", "present", "invited")
    numbers = (*voices, "quorum_needed", "residents", "residents_needed", "votes_needed")
    op.create_table(
        "votes",
        sa.Column("motion_id", sa.String(160), sa.ForeignKey("motions.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("outcome", sa.String(40), nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in numbers),
        sa.Column("voted_at", Instant, nullable=False),
    )
    op.create_table(
        "ballots",
        sa.Column("motion_id", sa.String(160), sa.ForeignKey("motions.id"), primary_key=True),
        sa.Column("vote", sa.Integer, primary_key=True),
        sa.Column("person_id", sa.String(120), primary_key=True),
        sa.Column("choice", sa.String(40), nullable=False),
        sa.Column("cast_at", Instant, nullable=False),
    )


def _polls() -> None:
    op.create_table(
        "polls",
        sa.Column("id", sa.String(170), primary_key=True),
        sa.Column("motion_id", sa.String(160), sa.ForeignKey("motions.id"), nullable=False),
        sa.Column("session_id", sa.String(140), sa.ForeignKey("sessions.id"), nullable=False),
        sa.Column("issue_id", sa.String(120), nullable=False),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("electorate", sa.String(40), nullable=False),
        sa.Column("options", Json, nullable=False),
        sa.Column("voters", Json, nullable=False),
        sa.Column("owners_item", sa.Integer, nullable=False),
        *(sa.Column(name, Instant, nullable=False) for name in ("opened_at", "opens_at", "closes_at", "due_at")),
        sa.Column("state", sa.String(40), nullable=False),
    )
    op.create_index("ix_polls_motion_id", "polls", ["motion_id"])
    op.create_index("polls_by_unit", "polls", ["unit_code", "state"])
    op.create_table(
        "papers",
        sa.Column("poll_id", sa.String(170), sa.ForeignKey("polls.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("dwelling", sa.String(120), nullable=False),
        sa.Column("choice", sa.Integer, nullable=False),
        sa.Column("signed_by", Json, nullable=False),
        sa.Column("authorised", sa.Text, nullable=False),
        sa.Column("entered_by", sa.String(200), nullable=False),
        sa.Column("entered_at", Instant, nullable=False),
    )


def _tallies() -> None:
    op.create_table(
        "checks",
        sa.Column("poll_id", sa.String(170), sa.ForeignKey("polls.id"), primary_key=True),
        sa.Column("paper", sa.Integer, primary_key=True),
        sa.Column("is_right", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("checked_by", sa.String(200), nullable=False),
        sa.Column("checked_at", Instant, nullable=False),
    )
    op.create_table(
        "tallies",
        sa.Column("poll_id", sa.String(170), sa.ForeignKey("polls.id"), primary_key=True),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("option", sa.Integer, nullable=False),
        sa.Column("votes", Json, nullable=False),
        sa.Column("abstained", sa.Integer, nullable=False),
        sa.Column("heads", sa.Integer, nullable=False),
        sa.Column("area", sa.BigInteger, nullable=False),
        sa.Column("base_heads", sa.Integer, nullable=False),
        sa.Column("base_area", sa.BigInteger, nullable=False),
        sa.Column("unchecked", sa.Integer, nullable=False),
        *(sa.Column(name, sa.String(40), nullable=False) for name in ("quorum_heads", "quorum_area", "majority")),
        sa.Column("counted_by", sa.String(200), nullable=False),
        sa.Column("counted_at", Instant, nullable=False),
    )


def _resolutions() -> None:
    op.create_table(
        "resolutions",
        sa.Column("id", sa.String(160), primary_key=True),
        sa.Column("motion_id", sa.String(160), sa.ForeignKey("motions.id"), nullable=False, unique=True),
        sa.Column("session_id", sa.String(140), sa.ForeignKey("sessions.id"), nullable=False),
        sa.Column("issue_id", sa.String(120), nullable=False),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("motion", sa.Text, nullable=False),
        sa.Column("tasks", sa.Integer, nullable=False),
        sa.Column("adopted_by", sa.String(200), nullable=False),
        sa.Column("adopted_at", Instant, nullable=False),
        sa.Column("published_at", Instant, nullable=False),
        sa.Column("displayed_until", Instant, nullable=False),
    )
    op.create_index("ix_resolutions_session_id", "resolutions", ["session_id"])
    op.create_index("resolutions_by_issue", "resolutions", ["issue_id"])
    op.create_index("resolutions_by_unit", "resolutions", ["unit_code", "displayed_until"])
    op.create_table(
        "displays",
        sa.Column("resolution_id", sa.String(160), sa.ForeignKey("resolutions.id"), primary_key=True),
        sa.Column("session_id", sa.String(140), sa.ForeignKey("sessions.id"), nullable=False),
        sa.Column("issue_id", sa.String(120), nullable=False),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("displayed_until", Instant, nullable=False),
        sa.Column("due_at", Instant),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("objections", Json, nullable=False),
    )
    is_contested = sa.text("due_at IS NOT NULL")
    op.create_index(
        "displays_contested", "displays", ["due_at"], sqlite_where=is_contested, postgresql_where=is_contested
    )


def _minutes_and_journal() -> None:
    op.create_table(
        "minutes",
        sa.Column("session_id", sa.String(140), sa.ForeignKey("sessions.id"), primary_key=True),
        sa.Column("due_at", Instant),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("corrections", sa.Integer, nullable=False),
        sa.Column("objections", Json, nullable=False),
        sa.Column("objections_until", Instant),
        sa.Column("chair", sa.String(200), nullable=False),
        sa.Column("clerk", sa.String(200), nullable=False),
        sa.Column("signed_at", Instant),
        sa.Column("signed_hash", sa.String(64), nullable=False),
    )
    is_unsigned = sa.text("due_at IS NOT NULL")
    op.create_index("minutes_unsigned", "minutes", ["due_at"], sqlite_where=is_unsigned, postgresql_where=is_unsigned)
    op.create_table(
        "journal",
        sa.Column("session_id", sa.String(140), sa.ForeignKey("sessions.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("recorded_by", sa.String(200), nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )


def _refusals(table: str) -> list[str]:
    if op.get_bind().dialect.name == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{action} BEFORE {action} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for action in ("update", "delete")
        ]
    return [
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"'BEGIN RAISE EXCEPTION ''{table} is append-only''; END'",
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()",
    ]
