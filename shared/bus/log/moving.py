"""Moves events from the outbox into a new segment of the event log, in one transaction: in one of both at any time.

Only what stands at the outbox's beginning, was sent long enough ago, and fills a segment or has waited a day for it.
An event that is not sent, or set aside, holds back all behind it, so that the log keeps their order, until it is sent
or dropped. What the outbox sends to dead queues, and what was dropped unsent, is no event and stays out.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, text

from shared.bus.forgetting.counts import count
from shared.bus.log.rows import EVENT, IS_EVENT, event_log, logged_event, outbox
from shared.bus.log.segment import BEFORE_THE_FIRST, LoggedEvent, pack
from shared.storage.many import is_any

MOST_EVENTS = 500
MOST_BYTES = 4_000_000
LONGEST_OPEN = timedelta(days=1)

_LAST = (
    select(event_log.c.segment, event_log.c.last_position, event_log.c.sha256)
    .order_by(event_log.c.segment.desc())
    .limit(1)
)


def close_segment(connection: Connection, service: str, *, sent_before: datetime, now: datetime) -> int:
    """Make the next segment if there is enough for one. Says how many events moved."""
    if not _is_mine(connection, service):
        return 0
    last = connection.execute(_LAST).one_or_none()
    ripe = list(_ripe(connection, last.last_position if last else 0, sent_before))
    positions = [row.position for row in _fitting(ripe)]
    is_full = len(positions) == MOST_EVENTS or len(positions) < len(ripe)
    if not ripe or not (is_full or ripe[0].sent_at < sent_before - LONGEST_OPEN):
        return 0
    events = _events(connection, positions)
    number, previous = (last.segment + 1, last.sha256) if last else (1, BEFORE_THE_FIRST)
    _keep(connection, service, number, previous, events, now)
    _take_out(connection, events)
    return len(events)


def held_back(connection: Connection) -> tuple[int, datetime] | None:
    """Position of the event that was set aside and keeps others out of the log, and when the next of them was sent."""
    events = select(outbox.c.position, outbox.c.sent_at).where(IS_EVENT).order_by(outbox.c.position).limit(1)
    first = connection.scalar(events.where(outbox.c.set_aside_at.is_not(None), outbox.c.sent_at.is_(None)))
    if first is None:
        return None
    behind = connection.execute(events.where(outbox.c.position > first, outbox.c.sent_at.is_not(None))).first()
    return (first, behind.sent_at) if behind else None


def _is_mine(connection: Connection, service: str) -> bool:
    """Ends with the transaction. SQLite lets only one write at all."""
    if connection.dialect.name == "sqlite":
        return True
    name = {"name": f"event log {service}"}
    return bool(connection.scalar(text("SELECT pg_try_advisory_xact_lock(hashtext(:name))"), name))


def _ripe(connection: Connection, after: int, sent_before: datetime) -> Iterator[Row[Any, Any, Any]]:
    """The events right after the last segment that may go, the oldest first."""
    wanted = (
        select(outbox.c.position, outbox.c.sent_at, func.length(outbox.c.body).label("bytes"))
        .where(outbox.c.position > after, IS_EVENT)
        .order_by(outbox.c.position)
        .limit(MOST_EVENTS)
    )
    for row in connection.execute(wanted):
        if row.sent_at is None or row.sent_at >= sent_before:
            return
        yield row


def _fitting(rows: Iterable[Row[Any, Any, Any]]) -> Iterator[Row[Any, Any, Any]]:
    """As many as fit into a segment, and one at least."""
    total = 0
    for row in rows:
        total += row.bytes
        if total > MOST_BYTES and total > row.bytes:
            return
        yield row


def _events(connection: Connection, positions: Sequence[int]) -> list[LoggedEvent]:
    wanted = select(*EVENT).where(is_any(outbox.c.position, positions)).order_by(outbox.c.position)
    return [logged_event(row) for row in connection.execute(wanted)]


def _keep(
    connection: Connection, service: str, number: int, previous: str, events: Sequence[LoggedEvent], now: datetime
) -> None:
    packed = pack(service, number, previous, events)
    row = {
        "segment": number,
        "first_position": events[0].position,
        "last_position": events[-1].position,
        "events": len(events),
        "first_at": events[0].created_at,
        "last_at": events[-1].created_at,
        "previous_sha256": previous,
        "sha256": packed.sha256,
        "content": packed.content,
        "closed_at": now,
    }
    connection.execute(event_log.insert(), row)


def _take_out(connection: Connection, events: Sequence[LoggedEvent]) -> None:
    gone = connection.execute(delete(outbox).where(is_any(outbox.c.position, [one.position for one in events])))
    if gone.rowcount != len(events):
        raise AssertionError(f"{gone.rowcount} events left the outbox where {len(events)} went into the log")
    count(connection, "outbox", [one.type for one in events])
