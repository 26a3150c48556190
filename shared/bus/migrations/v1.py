"""The tables of the bus as they were at first. Never changed: what came later is in the next module."""

from typing import Any

from sqlalchemy import Column, Integer, LargeBinary, String, Text, text

from shared.storage.types import Instant, Json, Position


def bus_tables_v1(op: Any) -> None:
    """Create the tables in a service's first migration."""
    unsettled = text("status <> 'handled' AND status <> 'dropped'")
    op.create_table("inbox", *_inbox_columns(), sqlite_autoincrement=True)
    op.create_index(
        "inbox_unsettled", "inbox", ["subject", "position"], sqlite_where=unsettled, postgresql_where=unsettled
    )
    unsent = text("sent_at IS NULL")
    op.create_table("outbox", *_outbox_columns(), sqlite_autoincrement=True)
    op.create_index("outbox_unsent", "outbox", ["position"], sqlite_where=unsent, postgresql_where=unsent)
    unfired = text("fired_at IS NULL")
    op.create_table("timers", *_timer_columns())
    op.create_index("timers_due", "timers", ["due_at", "kind", "ref"], sqlite_where=unfired, postgresql_where=unfired)
    op.create_table("replies", *_reply_columns())
    op.create_table("sweeps", *_sweep_columns())


def _inbox_columns() -> list[Column[Any]]:
    return [
        Column("position", Position, primary_key=True, autoincrement=True),
        Column("event_id", String(200), nullable=False, unique=True),
        Column("type", String(100), nullable=False),
        Column("subject", String(200), nullable=False),
        Column("status", String(10), nullable=False),
        Column("received_at", Instant, nullable=False),
        Column("handled_at", Instant),
        Column("attempts", Integer, nullable=False),
        Column("next_attempt_at", Instant),
        Column("error", Text),
        Column("body", LargeBinary),
        Column("headers", Json),
    ]


def _outbox_columns() -> list[Column[Any]]:
    return [
        Column("position", Position, primary_key=True, autoincrement=True),
        Column("event_id", String(200), nullable=False),
        Column("exchange", String(100), nullable=False),
        Column("routing_key", String(200), nullable=False),
        Column("subject", String(200), nullable=False),
        Column("body", LargeBinary, nullable=False),
        Column("headers", Json, nullable=False),
        Column("created_at", Instant, nullable=False),
        Column("sent_at", Instant),
    ]


def _timer_columns() -> list[Column[Any]]:
    return [
        Column("kind", String(60), primary_key=True),
        Column("ref", String(200), primary_key=True),
        Column("due_at", Instant, nullable=False),
        Column("fired_at", Instant),
        Column("attempts", Integer, nullable=False),
        Column("next_attempt_at", Instant),
        Column("error", Text),
        Column("parked_at", Instant),
    ]


def _reply_columns() -> list[Column[Any]]:
    return [
        Column("caller", String(200), primary_key=True),
        Column("method", String(100), primary_key=True),
        Column("idempotency_key", String(100), primary_key=True),
        Column("request_sha256", String(64), nullable=False),
        Column("reply", Json, nullable=False),
        Column("created_at", Instant, nullable=False),
    ]


def _sweep_columns() -> list[Column[Any]]:
    return [
        Column("name", String(60), primary_key=True),
        Column("step", Integer, nullable=False),
    ]
