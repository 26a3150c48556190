"""The inbox table as questions and changes: what is known, what waits, what is tried next."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, MetaData, Row, bindparam, func, select, update

from shared.bus.tables import EventStatus, bus_tables
from shared.storage.many import is_any, is_any_of
from shared.storage.writes import Writes

_inbox = bus_tables(MetaData()).inbox
_HOLDS_UP = (EventStatus.WAITING, EventStatus.PARKED)


def known_ids(connection: Connection, event_ids: Iterable[str]) -> set[str]:
    """Those that came before, whatever became of them."""
    return set(connection.scalars(_KNOWN, {"values": list(event_ids)}))


def held_subjects(connection: Connection, subjects: Iterable[str]) -> set[str]:
    """Subjects with a failing or parked event: whatever comes for them waits behind it."""
    return set(connection.scalars(_HELD, {"values": list(subjects)}))


def add(writes: Writes, rows: list[dict[str, Any]]) -> None:
    """Written with the rest of the unit of work."""
    writes.insert(_inbox, rows)


def due(connection: Connection, now: datetime, *, subjects: set[str] | None = None, limit: int = 100) -> list[Row[Any]]:
    """Events to try again, oldest first: early ones, and of each subject's waiting ones the first.

    With `subjects`, only early events of these, due or not: something happened that they may have waited for.
    """
    wanted = select(_inbox).where(is_unsettled()).order_by(_inbox.c.position).limit(limit)
    if subjects is not None:
        wanted = wanted.where(_inbox.c.status == EventStatus.EARLY, is_any(_inbox.c.subject, subjects))
        return list(connection.execute(wanted))
    before = _inbox.alias()
    is_first = ~(
        select(before.c.position)
        .where(
            before.c.status.in_(_HOLDS_UP),
            is_unsettled(before),
            before.c.subject == _inbox.c.subject,
            before.c.position < _inbox.c.position,
        )
        .exists()
    )
    wanted = wanted.where(
        (_inbox.c.next_attempt_at.is_(None)) | (_inbox.c.next_attempt_at <= now),
        (_inbox.c.status == EventStatus.EARLY) | ((_inbox.c.status == EventStatus.WAITING) & is_first),
    )
    return list(connection.execute(wanted))


def keeps(subject: Any) -> Any:
    """Whether an event of a subject is kept, early or failing. A condition on another table's column."""
    return select(_inbox.c.position).where(is_unsettled(), _inbox.c.subject == subject).exists()


def unsettled_counts(connection: Connection) -> dict[str, int]:
    """How many events are early, waiting or parked."""
    counts: dict[str, int] = {}
    for status in connection.scalars(select(_inbox.c.status).where(is_unsettled())):
        counts[status] = counts.get(status, 0) + 1
    return counts


def oldest_unsettled(connection: Connection) -> datetime | None:
    """When the oldest event that is not settled came."""
    found: datetime | None = connection.scalar(select(func.min(_inbox.c.received_at)).where(is_unsettled()))
    return found


def mark_handled(connection: Connection, position: int, now: datetime) -> None:
    _update(
        connection, position, status=EventStatus.HANDLED, handled_at=now, error=None, body=None, next_attempt_at=None
    )


def mark_failed(
    connection: Connection, row: Row[Any], error: str, now: datetime, backoff: tuple[timedelta, ...], most: int
) -> str:
    """Count the attempt and say when to try again; after the last one it is parked. Returns the new status."""
    attempts = row.attempts + 1
    status = EventStatus.PARKED if attempts >= most else EventStatus(row.status)
    wait = backoff[min(attempts, len(backoff)) - 1]
    _update(connection, row.position, status=status, attempts=attempts, error=error[:2000], next_attempt_at=now + wait)
    return status


def _update(connection: Connection, position: int, **values: Any) -> None:
    connection.execute(update(_inbox).where(_inbox.c.position == position).values(**values))


def is_unsettled(rows: Any = _inbox) -> Any:
    """Worded as the partial index is, with its constants in the text, so that the index is used."""
    handled, dropped = _as_text(EventStatus.HANDLED), _as_text(EventStatus.DROPPED)
    return (rows.c.status != handled) & (rows.c.status != dropped)


def _as_text(status: EventStatus) -> Any:
    return bindparam(None, status.value, literal_execute=True)


_KNOWN = select(_inbox.c.event_id).where(is_any_of(_inbox.c.event_id, "values"))
_HELD = select(_inbox.c.subject).where(
    is_unsettled(), _inbox.c.status.in_(_HOLDS_UP), is_any_of(_inbox.c.subject, "values")
)
