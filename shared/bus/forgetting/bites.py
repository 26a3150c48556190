"""One bite of each kind of row that is old enough to go: a bounded number, in a transaction of its own.

Each says how many rows it took. Rows that stay are left alone whatever happens to them meanwhile: what a statement
chose it looks at again when it takes it out.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, MetaData, Table, delete, func, select, text, tuple_

from shared.bus.forgetting.counts import count
from shared.bus.outbox.rows import is_dropped
from shared.bus.tables import EventStatus, bus_tables

MOST_ROWS = 1000

_bus = bus_tables(MetaData())
_inbox, _outbox, _timers, _replies, _returned = _bus.inbox, _bus.outbox, _bus.timers, _bus.replies, _bus.returned_calls


class InboxWalk:
    """Goes through the inbox by position, a thousand rows at a time, and begins anew when it comes to young ones.

    An index on the time would be written with every event; the walk costs nothing until something is old.
    """

    def __init__(self) -> None:
        self._after = 0

    def forget(self, connection: Connection, *, done_before: datetime) -> int:
        """Rows looked at while there may be more to forget, also if none of them was to go; 0 at the end of a round."""
        until, oldest, looked_at = self._next(connection)
        if until is None or oldest >= done_before:
            self._after = 0
            return 0
        gone = delete(_inbox).where(
            _inbox.c.position > self._after,
            _inbox.c.position <= until,
            _inbox.c.status.in_((EventStatus.HANDLED.value, EventStatus.DROPPED.value)),
            func.coalesce(_inbox.c.handled_at, _inbox.c.received_at) < done_before,
        )
        count(connection, "inbox", connection.scalars(gone.returning(_inbox.c.type)).all())
        self._after = until
        return looked_at

    def _next(self, connection: Connection) -> tuple[int | None, Any, int]:
        walked = select(_inbox.c.position, _inbox.c.received_at).where(_inbox.c.position > self._after)
        these = walked.order_by(_inbox.c.position).limit(MOST_ROWS).subquery()
        wanted = select(func.max(these.c.position), func.min(these.c.received_at), func.count()).select_from(these)
        until, oldest, looked_at = connection.execute(wanted).one()
        return until, oldest, looked_at


def forget_timers(connection: Connection, *, fired_before: datetime) -> int:
    """Timers that fired. One that was set again is not among them."""
    return _forget(connection, _timers, _timers.c.fired_at, _timers.c.fired_at < fired_before)


def forget_replies(connection: Connection, *, given_before: datetime) -> int:
    """What commands were answered. The same key may then be used again, and does the command again."""
    return _forget(connection, _replies, _replies.c.created_at, _replies.c.created_at < given_before)


def forget_returned_calls(connection: Connection, *, begun_before: datetime) -> int:
    """How often a call came back that never ended."""
    return _forget(connection, _returned, _returned.c.begun_at, _returned.c.begun_at < begun_before)


def forget_unreadable(connection: Connection, *, sent_before: datetime) -> int:
    """Our copies of messages that nobody could read and that went to the dead queue."""
    return _forget(connection, _outbox, _outbox.c.position, text("exchange = ''"), _outbox.c.sent_at < sent_before)


def forget_dropped(connection: Connection, *, dropped_before: datetime) -> int:
    """Events that were given up unsent, once the log is past them. They are in no sum: nobody heard them."""
    passed = select(func.max(_bus.event_log.c.last_position)).scalar_subquery()
    given_up = (
        is_dropped(_outbox),
        _outbox.c.position <= passed,
        _outbox.c.exchange != "",
        _outbox.c.sent_at < dropped_before,
    )
    return _forget(connection, _outbox, _outbox.c.position, *given_up)


def _forget(connection: Connection, table: Table, first: Any, *conditions: Any) -> int:
    columns = list(table.primary_key.columns)
    key = tuple_(*columns) if len(columns) > 1 else columns[0]
    old = select(*columns).where(*conditions).order_by(first).limit(MOST_ROWS)
    if connection.dialect.name == "postgresql":
        old = old.with_for_update(skip_locked=True)
    return connection.execute(delete(table).where(key.in_(old), *conditions)).rowcount
