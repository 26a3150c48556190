"""What a service's own database says about work that waits. Only counts, and only of the tables that the bus keeps."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, MetaData, func, select
from sqlalchemy.exc import SQLAlchemyError

from services.cli.proof import records
from services.cli.suite.databases import is_made
from shared.bus.inbox.rows import is_unsettled
from shared.bus.log.moving import held_back
from shared.bus.tables import EventStatus, bus_tables
from shared.clock import clock_from
from shared.settings import settings
from shared.storage.engine import READS, engine_for

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
    unsent: int
    late: int
    """Timers that have been due for longer than a timer may be late."""
    holds_log: int | None
    """Position of an event that the broker would not take, where it keeps old events out of the event log."""


def read_backlog(service: str) -> Backlog | None:
    """None when the database can't be read: away, not made yet, or not migrated."""
    engine = engine_for(service)
    if not is_made(engine):
        return None
    try:
        with engine.connect().execution_options(**READS) as connection:
            return count(connection)
    except SQLAlchemyError:
        return None
    finally:
        engine.dispose()


def expired_orders() -> int | None:
    """How many times an order's expiration ran out before intake read it. None when the database can't be read."""
    if not is_made(engine_for("intake")):
        return None
    try:
        return int(records.column("intake", "SELECT count(*) FROM rejections WHERE reason = 'expired'")[0])
    except SQLAlchemyError:
        return None


def count(connection: Connection) -> Backlog:
    status = _bus.inbox.c.status
    counted = select(status, func.count()).where(is_unsettled(_bus.inbox)).group_by(status)
    by_status = {row[0]: row[1] for row in connection.execute(counted)}
    timers, outbox = _bus.timers.c, _bus.outbox.c
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
        unsent=connection.execute(unsent).scalar_one(),
        late=_late_timers(connection),
        holds_log=_holds_log(connection),
    )


def _late_timers(connection: Connection) -> int:
    timers = _bus.timers.c
    is_late = timers.due_at < clock_from(settings()).now() - LATEST
    late = select(func.count()).where(timers.fired_at.is_(None), timers.parked_at.is_(None), is_late)
    return int(connection.execute(late).scalar_one())


def _holds_log(connection: Connection) -> int | None:
    found = held_back(connection)
    return found[0] if found and found[1] < records.known_since() else None
