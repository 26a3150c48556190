"""The tables the bus keeps in every service's database, beside the service's own and in its transactions.

inbox: every event once, and those that wait or are parked, with their content. outbox: events to be published.
timers: instants at which a service wants to look again. replies: what a command was answered, by idempotency key.
leases: which process may do what only one may, until when. inbox_progress: how far the inbox was read.
returned_calls: calls that came back, and how often they were begun again. event_log: what left the outbox by age, in
segments. forgotten: how many rows of a type left inbox and outbox.
"""

from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from shared.sealing import Sealed
from shared.storage.types import Instant, Json, Position

LONGEST_ERROR = 2000
"""So many characters of what went wrong are kept with a row."""


class EventStatus(StrEnum):
    """What became of a received event. Early ones came before what they build on and let their subject pass; waiting
    ones failed, or are behind such a one, and hold it up; parked ones need a person, and do as they did before;
    unknown ones are in a version of their type that only newer code knows, and hold up their subject until it runs."""

    HANDLED = "handled"
    EARLY = "early"
    WAITING = "waiting"
    PARKED = "parked"
    UNKNOWN = "unknown"
    DROPPED = "dropped"


class BusTables(NamedTuple):
    inbox: Table
    outbox: Table
    timers: Table
    replies: Table
    sweeps: Table
    leases: Table
    inbox_progress: Table
    returned_calls: Table
    event_log: Table
    forgotten: Table


def bus_tables(metadata: MetaData) -> BusTables:
    """Add the bus's tables to a service's metadata."""
    unsettled = text("status <> 'handled' AND status <> 'dropped'")
    unsent = text("sent_at IS NULL AND set_aside_at IS NULL")
    for_the_dead_queue = text("exchange = ''")
    timed = text("next_attempt_at IS NOT NULL")
    aside = text("set_aside_at IS NOT NULL AND sent_at IS NULL")
    return BusTables(
        inbox=Table(
            "inbox",
            metadata,
            *_inbox_columns(),
            UniqueConstraint("event_id", "source", name="inbox_event"),
            Index("inbox_unsettled", "subject", "position", sqlite_where=unsettled, postgresql_where=unsettled),
            Index("inbox_kept", "position", sqlite_where=unsettled, postgresql_where=unsettled),
            Index("inbox_timed", "next_attempt_at", "position", sqlite_where=timed, postgresql_where=timed),
            sqlite_autoincrement=True,
        ),
        outbox=Table(
            "outbox",
            metadata,
            *_outbox_columns(),
            Index("outbox_unsent", "position", sqlite_where=unsent, postgresql_where=unsent),
            Index("outbox_dead", "position", sqlite_where=for_the_dead_queue, postgresql_where=for_the_dead_queue),
            Index("outbox_set_aside", "position", sqlite_where=aside, postgresql_where=aside),
            sqlite_autoincrement=True,
        ),
        timers=_timers(metadata),
        replies=Table("replies", metadata, *_reply_columns(), Index("replies_created", "created_at")),
        sweeps=Table("sweeps", metadata, *_sweep_columns()),
        leases=Table("leases", metadata, *_lease_columns()),
        inbox_progress=Table("inbox_progress", metadata, *_progress_columns()),
        returned_calls=Table("returned_calls", metadata, *_returned_call_columns()),
        event_log=_event_log(metadata),
        forgotten=Table("forgotten", metadata, *_forgotten_columns()),
    )


def _timers(metadata: MetaData) -> Table:
    unfired, fired = text("fired_at IS NULL"), text("fired_at IS NOT NULL")
    parked = text("parked_at IS NOT NULL AND fired_at IS NULL")
    return Table(
        "timers",
        metadata,
        *_timer_columns(),
        Index("timers_due", "due_at", "kind", "ref", sqlite_where=unfired, postgresql_where=unfired),
        Index("timers_parked", "parked_at", sqlite_where=parked, postgresql_where=parked),
        Index("timers_fired", "fired_at", sqlite_where=fired, postgresql_where=fired),
    )


def _event_log(metadata: MetaData) -> Table:
    return Table("event_log", metadata, *_segment_columns(), Index("event_log_positions", "last_position", unique=True))


def _inbox_columns() -> list[Column[Any]]:
    return [
        Column("position", Position, primary_key=True, autoincrement=True),
        Column("event_id", String(200), nullable=False),
        Column("type", String(100), nullable=False),
        Column("subject", String(200), nullable=False),
        Column("status", String(10), nullable=False),
        Column("received_at", Instant, nullable=False),
        Column("handled_at", Instant),
        Column("attempts", Integer, nullable=False),
        Column("next_attempt_at", Instant),
        Column("error", Text),
        Column("body", Sealed),
        Column("headers", Json),
        Column("source", String(200), nullable=False, server_default=""),
        Column("data_sha256", String(64)),
        Column("lets_pass_since", Instant),
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
        Column("set_aside_at", Instant),
        Column("error", Text),
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
        Column("subject", String(200), nullable=False, server_default=""),
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


def _lease_columns() -> list[Column[Any]]:
    return [
        Column("name", String(60), primary_key=True),
        Column("holder", String(200), nullable=False),
        Column("fence", BigInteger, nullable=False),
        Column("expires_at", Instant, nullable=False),
    ]


def _returned_call_columns() -> list[Column[Any]]:
    return [
        Column("mark", String(64), primary_key=True),
        Column("times", Integer, nullable=False),
        Column("begun_at", Instant, nullable=False),
    ]


def _progress_columns() -> list[Column[Any]]:
    return [
        Column("queue", String(200), primary_key=True),
        Column("committed_until", Instant, nullable=False),
    ]


def _segment_columns() -> list[Column[Any]]:
    return [
        Column("segment", Integer, primary_key=True, autoincrement=False),
        Column("first_position", BigInteger, nullable=False),
        Column("last_position", BigInteger, nullable=False),
        Column("events", Integer, nullable=False),
        Column("first_at", Instant, nullable=False),
        Column("last_at", Instant, nullable=False),
        Column("previous_sha256", String(64), nullable=False),
        Column("sha256", String(64), nullable=False),
        Column("closed_at", Instant, nullable=False),
        Column("content", LargeBinary, nullable=False),
    ]


def _forgotten_columns() -> list[Column[Any]]:
    return [
        Column("name", String(20), primary_key=True),
        Column("type", String(200), primary_key=True),
        Column("number", BigInteger, nullable=False),
    ]
