"""What a service's own database says about work that waits. Only counts, and only of the tables that the bus keeps."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, MetaData, func, select

from shared.bus.inbox.rows import is_unsettled
from shared.bus.log.moving import held_back
from shared.bus.tables import EventStatus, bus_tables

LATEST = timedelta(seconds=60)
_bus = bus_tables(MetaData())


@dataclass(frozen=True)
class Backlog:
    """Events not handled yet, or not told yet, by one service.

    Parked ones need an operator; they are events, timers, and what the broker would not take. Unknown ones are in a
    version that only newer code knows.
    """

    early: int
    waiting: int
    parked: int
    unknown: int
    oldest_at: datetime | None
    """When the oldest of all these came that are events."""
    unsent: int
    late: int
    """Timers that have been due for longer than a timer may be late."""
    holds_log: int | None
    """Position of an event that the broker would not take, where it keeps old events out of the event log."""


def count(connection: Connection, now: datetime, known_since: datetime) -> Backlog:
    """`now` is the suite's instant; what was done before `known_since` may be forgotten."""
    inbox, timers, outbox = _bus.inbox.c, _bus.timers.c, _bus.outbox.c
    counted = select(inbox.status, func.count(), func.min(inbox.received_at)).where(is_unsettled(_bus.inbox))
    found = list(connection.execute(counted.group_by(inbox.status)))
    by_status = {status: number for status, number, _ in found}
    is_parked = timers.parked_at.is_not(None) & timers.fired_at.is_(None)
    is_unsent = outbox.sent_at.is_(None) & outbox.set_aside_at.is_(None)
    parked_timers = select(func.count()).select_from(_bus.timers).where(is_parked)
    unsent = select(func.count()).select_from(_bus.outbox).where(is_unsent)
    is_set_aside = outbox.sent_at.is_(None) & outbox.set_aside_at.is_not(None)
    set_aside = select(func.count()).select_from(_bus.outbox).where(is_set_aside)
    return Backlog(
        early=by_status.get(EventStatus.EARLY.value, 0),
        waiting=by_status.get(EventStatus.WAITING.value, 0),
        parked=by_status.get(EventStatus.PARKED.value, 0)
        + connection.execute(parked_timers).scalar_one()
        + connection.execute(set_aside).scalar_one(),
        unknown=by_status.get(EventStatus.UNKNOWN.value, 0),
        oldest_at=min((at for _, _, at in found), default=None),
        unsent=connection.execute(unsent).scalar_one(),
        late=_late_timers(connection, now),
        holds_log=_holds_log(connection, known_since),
    )


def _late_timers(connection: Connection, now: datetime) -> int:
    timers = _bus.timers.c
    is_late = timers.due_at < now - LATEST
    late = select(func.count()).where(timers.fired_at.is_(None), timers.parked_at.is_(None), is_late)
    return int(connection.execute(late).scalar_one())


def _holds_log(connection: Connection, known_since: datetime) -> int | None:
    found = held_back(connection)
    return found[0] if found and found[1] < known_since else None
