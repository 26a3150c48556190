"""Two generations of everything that is looked at, which of them serves, and the tables of the bus."""

import sqlalchemy as sa
from alembic import op

from shared.bus.migrations.v1 import bus_tables_v1
from shared.storage import Instant, Json

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None
NAMES = (
    *("issues", "stories", "sessions", "resolutions", "incidents", "tallies"),
    *("figures", "periods", "rankings", "categories", "documents", "grams"),
)


def upgrade() -> None:
    bus_tables_v1(op)
    for generation in (1, 2):
        create_issues(f"issues_{generation}")
        create_stories(f"stories_{generation}")
        create_meetings(f"sessions_{generation}", f"resolutions_{generation}")
        create_incidents(f"incidents_{generation}")
        create_numbers(f"tallies_{generation}", f"figures_{generation}")
        create_periods(f"periods_{generation}", f"rankings_{generation}", f"categories_{generation}")
        create_documents(f"documents_{generation}", f"grams_{generation}")
    op.create_table(
        "serving",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("since", Instant, nullable=False),
    )
    op.create_table(
        "heard",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("until", Instant, nullable=False),
        sa.Column("at", Instant, nullable=False),
    )


def create_issues(name: str) -> None:
    op.create_table(
        name,
        sa.Column("issue_id", sa.String(120), primary_key=True),
        sa.Column("is_raised", sa.Boolean, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("category", sa.String(100), nullable=False),
        sa.Column("publicity", sa.String(40), nullable=False),
        sa.Column("request_kind", sa.String(40)),
        sa.Column("raised_class", sa.String(40)),
        sa.Column("origin", sa.String(40)),
        sa.Column("proposed_by", sa.String(200), nullable=False),
        sa.Column("origin_unit", sa.String(15), nullable=False),
        sa.Column("raised_at", Instant),
        sa.Column("listed_at", Instant),
        sa.Column("orders", Json, nullable=False),
        sa.Column("held_by", sa.String(15), nullable=False),
        sa.Column("held_at", Instant),
        sa.Column("moved_at", Instant),
        sa.Column("moved_route", sa.String(40)),
        sa.Column("closed_at", Instant),
        sa.Column("reopened_at", Instant),
        sa.Column("outcome", sa.String(40)),
        sa.Column("ordered_at", Instant),
        sa.Column("clocks", Json, nullable=False),
        sa.Column("incidents", Json, nullable=False),
        sa.Column("adopted_at", Instant),
        sa.Column("handled_at", Instant),
        sa.Column("redo_at", Instant),
        sa.Column("began", Json, nullable=False),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("tier", sa.String(40)),
        sa.Column("stage", sa.String(40), nullable=False),
        sa.Column("light", sa.String(40), nullable=False),
        sa.Column("sla_class", sa.String(40)),
        sa.Column("due_at", Instant),
        sa.Column("people", sa.Integer, nullable=False),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.Column("is_shown", sa.Boolean, nullable=False),
        sa.Column("held_since", Instant),
        sa.Column("changed_at", Instant, nullable=False),
    )
    op.create_index(
        f"{name}_changed",
        name,
        ["is_open", "changed_at", "issue_id"],
        sqlite_where=sa.text("is_shown"),
        postgresql_where=sa.text("is_shown"),
    )
    op.create_index(
        f"{name}_due",
        name,
        ["due_at", "issue_id"],
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(f"{name}_unit", name, ["unit_code", "is_open", "changed_at", "issue_id"])
    op.create_index(
        f"{name}_unit_due",
        name,
        ["unit_code", "due_at", "issue_id"],
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )


def create_stories(name: str) -> None:
    op.create_table(
        name,
        sa.Column("issue_id", sa.String(120), primary_key=True),
        sa.Column("event_id", sa.String(200), primary_key=True),
        sa.Column("at", Instant, nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("facts", Json, nullable=False),
    )


def create_meetings(sessions: str, resolutions: str) -> None:
    op.create_table(
        sessions,
        sa.Column("session_id", sa.String(140), primary_key=True),
        sa.Column("issue_id", sa.String(120), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(40)),
        sa.Column("planned", sa.String(40)),
        sa.Column("held", sa.String(40)),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("starts_at", Instant),
        sa.Column("hall_id", sa.String(120), nullable=False),
        sa.Column("hall_name", sa.String(200), nullable=False),
        sa.Column("items", sa.Integer, nullable=False),
        sa.Column("is_noticed", sa.Boolean, nullable=False),
    )
    op.create_index(f"{sessions}_issue", sessions, ["issue_id"])
    op.create_index(f"{sessions}_starts", sessions, ["starts_at", "session_id"])
    op.create_index(f"{sessions}_hall", sessions, ["hall_id", "starts_at"])
    op.create_index(f"{sessions}_unit", sessions, ["unit_code", "starts_at"])
    op.create_table(
        resolutions,
        sa.Column("resolution_id", sa.String(140), primary_key=True),
        sa.Column("issue_id", sa.String(120), nullable=False),
        sa.Column("session_id", sa.String(140), nullable=False),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("motion", sa.Text, nullable=False),
        sa.Column("decider", sa.String(40)),
        sa.Column("leaves_as_is", sa.Boolean, nullable=False),
        sa.Column("adopted_at", Instant),
        sa.Column("displayed_until", Instant),
        sa.Column("review", sa.String(40)),
    )
    op.create_index(f"{resolutions}_issue", resolutions, ["issue_id"])
    op.create_index(f"{resolutions}_adopted", resolutions, ["adopted_at", "resolution_id"])


def create_incidents(name: str) -> None:
    op.create_table(
        name,
        sa.Column("incident_id", sa.String(160), primary_key=True),
        sa.Column("issue_id", sa.String(120), nullable=False),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("about", sa.String(200), nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("settled_at", Instant),
    )
    op.create_index(f"{name}_issue", name, ["issue_id"])
    op.create_index(
        f"{name}_open",
        name,
        ["unit_code", "opened_at"],
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )


def create_numbers(tallies: str, figures: str) -> None:
    op.create_table(
        tallies,
        sa.Column("id", sa.String(60), primary_key=True),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("stage", sa.String(40), nullable=False),
        sa.Column("light", sa.String(40), nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
    )
    op.create_index(f"{tallies}_unit", tallies, ["unit_code"])
    op.create_table(
        figures,
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("hour", sa.SmallInteger, nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
    )
    op.create_index(f"{figures}_day", figures, ["day", "unit_code"])


def create_periods(periods: str, rankings: str, categories: str) -> None:
    op.create_table(
        periods,
        sa.Column("period_id", sa.String(7), primary_key=True),
        sa.Column("starts_at", Instant),
        sa.Column("ends_at", Instant),
        sa.Column("samples", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("policy_version", sa.String(40), nullable=False),
        sa.Column("classes", Json, nullable=False),
        sa.Column("errata", Json, nullable=False),
        sa.Column("published_at", Instant),
    )
    op.create_table(
        rankings,
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("period_id", sa.String(7), nullable=False),
        sa.Column("group", sa.String(20), nullable=False),
        sa.Column("within", sa.String(15), nullable=False),
        sa.Column("dispatch_kind", sa.String(20), nullable=False),
        sa.Column("entries", Json, nullable=False),
    )
    op.create_index(f"{rankings}_period", rankings, ["period_id", "within"])
    op.create_table(
        categories,
        sa.Column("code", sa.String(100), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("told_at", Instant, nullable=False),
    )


def create_documents(documents: str, grams: str) -> None:
    op.create_table(
        documents,
        sa.Column("id", sa.String(160), primary_key=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("issue_id", sa.String(120), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("unit_code", sa.String(15), nullable=False),
        sa.Column("at", Instant, nullable=False),
    )
    op.create_table(
        grams,
        sa.Column("gram", sa.String(2), primary_key=True),
        sa.Column("weight", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("at", Instant, primary_key=True),
        sa.Column("document_id", sa.String(160), primary_key=True),
    )


def downgrade() -> None:
    op.drop_table("serving")
    op.drop_table("heard")
    for generation in (1, 2):
        for name in NAMES:
            op.drop_table(f"{name}_{generation}")
    for table in ("sweeps", "replies", "timers", "outbox", "inbox"):
        op.drop_table(table)
