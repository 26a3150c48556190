"""What got stuck in a service: parked events, parked timers, and messages nobody could read; and setting them right.

Works on the service's own database, whether the service runs or not; a running one takes it up within seconds.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, MetaData, Row, Update, func, select, text, update

from shared.bus.tables import EventStatus, bus_tables
from shared.bus.topology import DEAD_CALLS
from shared.contracts.flow import LISTENERS
from shared.errors import BadRequest, NotFound
from shared.storage.engine import READS, writing

EVENT, TIMER, MESSAGE = "event", "timer", "message"
LONGEST_ERROR = 2000

_bus = bus_tables(MetaData())
_inbox, _timers, _outbox = _bus.inbox, _bus.timers, _bus.outbox
_UNSETTLED = text(f"status <> '{EventStatus.HANDLED}' AND status <> '{EventStatus.DROPPED}'")  # as its index is worded


@dataclass(frozen=True)
class Stuck:
    """One stuck thing. `behind` counts events of the same subject that wait for it; `from_outside` was never ours."""

    id: str
    service: str
    kind: str
    type: str
    subject: str
    error: str
    attempts: int = 0
    behind: int = 0
    from_outside: bool = False
    since: datetime | None = None
    body: bytes | None = field(default=None, repr=False)

    @property
    def counts(self) -> bool:
        """A message from outside that nobody could read was refused and answered: kept to be seen, and not stuck."""
        return not self.from_outside


def list_stuck(service: str, engine: Engine) -> list[Stuck]:
    """Everything that is stuck in one service, oldest first within each kind."""
    return [*_parked_events(service, engine), *_parked_timers(service, engine), *_dead_messages(service, engine)]


def find_stuck(stuck_id: str, engine: Engine) -> Stuck:
    service, _, rest = stuck_id.partition(":")
    for found in list_stuck(service, engine):
        if found.id == stuck_id:
            return found
    raise NotFound(f"nothing that is stuck is called {service}:{rest}")


def retry(one: Stuck, engine: Engine) -> None:
    """Let it be tried again at once, with all its attempts."""
    fresh = {"attempts": 0, "next_attempt_at": None}
    if one.kind == EVENT:
        _change(engine, update(_inbox).where(_at(one)).values(status=EventStatus.WAITING.value, **fresh))
    elif one.kind == TIMER:
        _change(engine, update(_timers).where(_timer(one)).values(parked_at=None, **fresh))
    else:
        raise BadRequest(f"{one.id} can't be read, so it can't be tried again; its sender must send it anew")


def drop(one: Stuck, engine: Engine, *, reason: str, by: str) -> None:
    """Give it up for good. The reason is kept with it; what waited behind it goes on."""
    if not reason.strip():
        raise BadRequest("dropping needs a reason", {"reason": ["Must not be empty."]})
    kept = f"dropped by {by}: {reason}; {one.error}"[:LONGEST_ERROR]
    if one.kind == EVENT:
        _change(engine, update(_inbox).where(_at(one)).values(status=EventStatus.DROPPED.value, error=kept))
    elif one.kind == TIMER:
        gone = {"fired_at": datetime.now(UTC), "error": kept}
        _change(engine, update(_timers).where(_timer(one)).values(**gone))
    else:
        raise BadRequest(f"{one.id} lies in the broker's queue {one.service}.dead: take it out there")


def _parked_events(service: str, engine: Engine) -> Iterator[Stuck]:
    parked = select(_inbox).where(_UNSETTLED, _inbox.c.status == EventStatus.PARKED.value)
    for row in _rows(engine, parked.order_by(_inbox.c.position)):
        waiting = select(func.count()).select_from(_inbox)
        waiting = waiting.where(
            _UNSETTLED, _inbox.c.subject == row.subject, _inbox.c.status == EventStatus.WAITING.value
        )
        yield Stuck(
            id=f"{service}:{row.position}",
            service=service,
            kind=EVENT,
            type=row.type,
            subject=row.subject,
            error=row.error or "",
            attempts=row.attempts,
            behind=_rows(engine, waiting)[0][0],
            since=row.received_at,
            body=row.body,
        )


def _parked_timers(service: str, engine: Engine) -> Iterator[Stuck]:
    wanted = select(_timers).where(_timers.c.parked_at.is_not(None), _timers.c.fired_at.is_(None))
    for row in _rows(engine, wanted.order_by(_timers.c.parked_at)):
        yield Stuck(
            id=f"{service}:{row.kind}:{row.ref}",
            service=service,
            kind=TIMER,
            type=row.kind,
            subject=row.ref,
            error=row.error or "",
            attempts=row.attempts,
            since=row.parked_at,
        )


def _dead_messages(service: str, engine: Engine) -> Iterator[Stuck]:
    """What the service put into its dead queue and that for calls; the broker has the message, the outbox its copy."""
    internal = {one.wire_type for one in LISTENERS[service] if one.publisher != "hotline"}
    wanted = select(_outbox).where(_outbox.c.exchange == "").order_by(_outbox.c.position)
    for row in _rows(engine, wanted):
        wire_type = str(row.headers.get("type", ""))
        yield Stuck(
            id=f"{service}:dead-{row.position}",
            service=service,
            kind=MESSAGE,
            type=wire_type,
            subject=row.subject,
            error=": ".join(row.headers[name] for name in ("reason", "fields") if name in row.headers),
            from_outside=row.routing_key == DEAD_CALLS or (service == "intake" and wire_type not in internal),
            since=row.created_at,
            body=row.body,
        )


def _at(one: Stuck) -> Any:
    return _inbox.c.position == int(one.id.rpartition(":")[2])


def _timer(one: Stuck) -> Any:
    return (_timers.c.kind == one.type) & (_timers.c.ref == one.subject)


def _rows(engine: Engine, wanted: Any) -> list[Row[Any]]:
    with engine.connect().execution_options(**READS) as connection:
        return list(connection.execute(wanted))


def _change(engine: Engine, change: Update) -> None:
    with writing(engine), engine.begin() as connection:
        connection.execute(change)
