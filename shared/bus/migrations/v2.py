"""Identity by source and id, kept events with their times, rows of the outbox set aside, leases with an expiry,
timers that wait for the inbox, calls that came back, and what leaves by age."""

from typing import Any

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, Text, text

from shared.storage.types import Instant

_UNSETTLED = text("status <> 'handled' AND status <> 'dropped'")
_TIMED = text("next_attempt_at IS NOT NULL")
_UNSENT = text("sent_at IS NULL AND set_aside_at IS NULL")
_SET_ASIDE = text("set_aside_at IS NOT NULL AND sent_at IS NULL")
_UNSENT_BEFORE = text("sent_at IS NULL")


def upgrade_bus(op: Any) -> None:
    """What was received before has no source: it is known by its id alone."""
    op.drop_index("inbox_unsettled", "inbox")
    with _rebuilt(op, "inbox") as inbox:
        inbox.drop_constraint("inbox_event_id_key", type_="unique")
        inbox.add_column(Column("source", String(200), nullable=False, server_default=""))
        inbox.add_column(Column("data_sha256", String(64)))
        inbox.add_column(Column("lets_pass_since", Instant))
        inbox.create_unique_constraint("inbox_event", ["event_id", "source"])
    _index(op, "inbox_unsettled", "inbox", ["subject", "position"], _UNSETTLED)
    _index(op, "inbox_timed", "inbox", ["next_attempt_at", "position"], _TIMED)
    op.execute("UPDATE inbox SET next_attempt_at = received_at, lets_pass_since = received_at WHERE status = 'early'")
    op.drop_index("outbox_unsent", "outbox")
    op.add_column("outbox", Column("set_aside_at", Instant))
    op.add_column("outbox", Column("error", Text))
    _index(op, "outbox_unsent", "outbox", ["position"], _UNSENT)
    _index(op, "outbox_set_aside", "outbox", ["position"], _SET_ASIDE)
    op.create_table(
        "leases",
        Column("name", String(60), primary_key=True),
        Column("holder", String(200), nullable=False),
        Column("fence", BigInteger, nullable=False),
        Column("expires_at", Instant, nullable=False),
    )
    op.add_column("timers", Column("subject", String(200), nullable=False, server_default=""))
    op.create_table(
        "inbox_progress",
        Column("queue", String(200), primary_key=True),
        Column("committed_until", Instant, nullable=False),
    )
    op.create_table(
        "returned_calls",
        Column("mark", String(64), primary_key=True),
        Column("times", Integer, nullable=False),
        Column("begun_at", Instant, nullable=False),
    )
    _prepare_to_forget(op)


def downgrade_bus(op: Any) -> None:
    """What was set aside is to be sent again; of ids that came from two sources this version can keep only one.

    Raises RuntimeError once events have moved into the event log: this version can't keep them, and they are not lost.
    """
    if op.get_bind().scalar(text("SELECT count(*) FROM event_log")):
        raise RuntimeError("the event log has segments, which the earlier version has no place for")
    for index, table in (("replies_created", "replies"), ("timers_fired", "timers"), ("timers_parked", "timers")):
        op.drop_index(index, table)
    op.drop_index("outbox_dead", "outbox")
    op.drop_index("inbox_kept", "inbox")
    op.drop_table("forgotten")
    op.drop_table("event_log")
    op.drop_table("returned_calls")
    op.drop_table("inbox_progress")
    op.drop_column("timers", "subject")
    op.drop_table("leases")
    op.drop_index("outbox_unsent", "outbox")
    op.drop_index("outbox_set_aside", "outbox")
    op.drop_column("outbox", "error")
    op.drop_column("outbox", "set_aside_at")
    _index(op, "outbox_unsent", "outbox", ["position"], _UNSENT_BEFORE)
    op.drop_index("inbox_timed", "inbox")
    op.drop_index("inbox_unsettled", "inbox")
    op.execute(
        "DELETE FROM inbox WHERE position NOT IN (SELECT kept FROM (SELECT MIN(position) AS kept FROM inbox"
        " GROUP BY event_id) AS first)"
    )
    with _rebuilt(op, "inbox") as inbox:
        inbox.drop_constraint("inbox_event", type_="unique")
        inbox.drop_column("lets_pass_since")
        inbox.drop_column("data_sha256")
        inbox.drop_column("source")
        inbox.create_unique_constraint("inbox_event_id_key", ["event_id"])
    _index(op, "inbox_unsettled", "inbox", ["subject", "position"], _UNSETTLED)


def _prepare_to_forget(op: Any) -> None:
    op.create_table(
        "event_log",
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
    )
    op.create_table(
        "forgotten",
        Column("name", String(20), primary_key=True),
        Column("type", String(200), primary_key=True),
        Column("number", BigInteger, nullable=False),
    )
    op.create_index("event_log_positions", "event_log", ["last_position"], unique=True)
    _index(op, "inbox_kept", "inbox", ["position"], _UNSETTLED)
    _index(op, "outbox_dead", "outbox", ["position"], text("exchange = ''"))
    _index(op, "timers_parked", "timers", ["parked_at"], text("parked_at IS NOT NULL AND fired_at IS NULL"))
    _index(op, "timers_fired", "timers", ["fired_at"], text("fired_at IS NOT NULL"))
    op.create_index("replies_created", "replies", ["created_at"])


def _rebuilt(op: Any, table: str) -> Any:
    """SQLite can't change a constraint: there the table is copied. PostgreSQL's own name for it is given to both."""
    return op.batch_alter_table(
        table,
        naming_convention={"uq": "%(table_name)s_%(column_0_name)s_key"},
        table_kwargs={"sqlite_autoincrement": True},
    )


def _index(op: Any, name: str, table: str, columns: list[str], where: Any) -> None:
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
