"""The tables of the gateway: who may sign in, who has, and how often somebody tried. Times are the machine's own."""

from sqlalchemy import Boolean, Column, Index, Integer, MetaData, String, Table, false

from shared.storage import Instant

metadata = MetaData()

accounts = Table(
    "accounts",
    metadata,
    Column("login", String(100), primary_key=True),
    Column("password_hash", String(200), nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Instant),
    Column("made_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("is_operator", Boolean, nullable=False, server_default=false()),
)

invites = Table(
    "invites",
    metadata,
    Column("mark", String(64), primary_key=True),
    Column("login", String(100), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("good_until", Instant, nullable=False),
    Column("used_at", Instant),
    Column("is_operator", Boolean, nullable=False, server_default=false()),
)
Index("invites_by_login", invites.c.login)

sessions = Table(
    "sessions",
    metadata,
    Column("mark", String(64), primary_key=True),
    Column("login", String(100), nullable=False),
    Column("organisation", String(100), nullable=False),
    Column("unit", String(15), nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("ended_at", Instant),
)
Index("sessions_by_login", sessions.c.login)
Index("sessions_by_seen_at", sessions.c.seen_at)
