"""A service as the bus runs it, in this process and without a broker: events, timers and calls on a real database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Engine, MetaData, event, select

from shared.auth import Role
from shared.bus.inbox.entrypoint import Subscribe
from shared.bus.inbox.handling import EventHandling
from shared.bus.inbox.reading import Delivery, read
from shared.bus.moment import Moments
from shared.bus.rpc import operating
from shared.bus.rpc.answering import Answering
from shared.bus.rpc.entrypoint import RpcEntrypoint
from shared.bus.rpc.wire import JSON, Delivered
from shared.bus.tables import bus_tables
from shared.bus.timers.entrypoint import Timer
from shared.bus.timers.firing import Firing
from shared.bus.work import reading, transaction
from shared.contracts import Event
from shared.contracts.envelope import CONTENT_TYPE, Envelope, decode, encode
from shared.settings import settings
from shared.token_keys import make_keys
from tests.staff import a_token

_bus = bus_tables(MetaData())


def entrances(service: type, kind: type) -> list[tuple[Callable[..., Any], Any]]:
    """The methods of a service with their entrypoints of a kind."""
    methods = [method for method in vars(service).values() if hasattr(method, "nameko_entrypoints")]
    pairs = [(method, entry) for method in methods for entry in method.nameko_entrypoints]
    return [(method, entry) for method, entry in pairs if isinstance(entry, kind)]


def heard_by(service: type) -> list[type[Event]]:
    """What a service subscribes to."""
    return [entry.contract for _, entry in entrances(service, Subscribe)]


def encoded(event: Event, event_id: str, at: datetime, **changed: Any) -> bytes:
    """An event as its publisher would have sent it then, or with content that no publisher would send."""
    named = {"id": event_id, "type": event.wire_type, "source": event.publisher, "subject": event.subject}
    return encode(Envelope(**named, time=at, content=event.to_wire() | changed))


@contextmanager
def statements_of(engine: Engine) -> Iterator[list[str]]:
    """What is asked of a database meanwhile."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


class HandClock:
    """Stands where it was put."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        return self.instant


class Bus:
    """`bus.hear(event)`, `bus.move(to)`, `bus.ask("escalate", {...}, role, unit)`; the clock stands in between.

    Two services that stand on one database are given one clock.
    """

    def __init__(self, engine: Engine, service: Any, now: datetime | HandClock) -> None:
        self.engine, self.clock = engine, now if isinstance(now, HandClock) else HandClock(now)
        self._store, self._number = service.work.make_store, 0
        make_keys(settings().keys_folder)
        self.moments = moments = Moments(self.clock)
        handlers = {entry.contract.wire_type: method for method, entry in entrances(service, Subscribe)}
        timers = {entry.kind: method for method, entry in entrances(service, Timer)}
        calls = [*operating.METHODS, *(entry.method for _, entry in entrances(service, RpcEntrypoint))]
        self._heard = set(handlers)
        self._inbox = EventHandling(service.name, self.begin, service, handlers, moments)
        self._timers = Firing(service.name, self.begin, service, timers, moments)
        self._answering = Answering(service.name, self.begin, service, calls, moments)

    @contextmanager
    def begin(self, *, reads: bool = False, cause: Any = None) -> Iterator[Any]:
        opened = reading(self.engine, self._store) if reads else transaction(self.engine, self._store, cause=cause)
        with opened as work:
            yield work

    def hear(self, *events: Event, times: int = 1) -> None:
        """As one batch, delivered so often."""
        batch = [self.sent(event) for event in events]
        for _ in range(times):
            self.deliver(*batch)

    def sent(self, event: Event, event_id: str = "", **changed: Any) -> Delivery:
        self._number += 1
        name = event_id or f"e{self._number}"
        body = encoded(event, name, self.clock.now(), **changed)
        return Delivery(1, self._number, body, CONTENT_TYPE, name, event.wire_type, {})

    def deliver(self, *deliveries: Delivery) -> None:
        """As one batch, whatever they hold."""
        self._inbox.handle([read(one, self._heard) for one in deliveries])

    def try_kept(self) -> None:
        """Let events be tried whose time to be tried again has come."""
        self._inbox.try_due()

    def move(self, to: datetime) -> int:
        """Put the clock forward and let everything fire that is due; says how many timers did."""
        self.clock.instant = to
        return sum(iter(lambda: self._timers.fire_due(to), 0))

    def ask(self, method: str, request: Any, role: Role | None, unit: str | None = None, *, subject: str = "") -> Any:
        """The reply as JSON values; raises the refusal. Without a role there is no token."""
        (answer,) = self.ask_all([(method, request)], role, unit, subject=subject)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def ask_all(
        self, calls: list[tuple[str, Any]], role: Role | None, unit: str | None = None, *, subject: str = ""
    ) -> list[Any]:
        """Calls that wait together; for each its reply or the refusal."""
        return self.ask_by(role and a_token(self.engine, role, unit, subject or f"{role}-1"), calls)

    def ask_by(self, token: str | None, calls: list[tuple[str, Any]]) -> list[Any]:
        """The same, by whoever has a token."""
        waiting = [
            Delivered(1, tag, method, _body(request), JSON, "someone", str(tag), token)
            for tag, (method, request) in enumerate(calls)
        ]
        return [answer.error or answer.result for answer in self._answering.answer(waiting)]

    def told(self, *kinds: type[Event]) -> list[Any]:
        """What the outbox holds, in order: of these kinds, or the wire types of all."""
        with self.engine.connect() as connection:
            rows = connection.execute(select(_bus.outbox).order_by(_bus.outbox.c.position)).all()
        if not kinds:
            return [row.routing_key for row in rows]
        by_type = {kind.wire_type: kind for kind in kinds}
        return [
            by_type[row.routing_key].from_wire(decode(bytes(row.body), CONTENT_TYPE).content)
            for row in rows
            if row.routing_key in by_type
        ]

    def told_after(self, position: int) -> list[Delivery]:
        """What its outbox holds behind that position, as others get it; each has its own position as a tag.

        Among it is what it could not read, on its way to the dead queue.
        """
        rows = select(_bus.outbox).where(_bus.outbox.c.position > position).order_by(_bus.outbox.c.position)
        with self.engine.connect() as connection:
            return [
                Delivery(1, row.position, bytes(row.body), CONTENT_TYPE, row.event_id, row.routing_key, row.headers)
                for row in connection.execute(rows)
            ]

    def inbox_statuses(self) -> list[str]:
        with self.engine.connect() as connection:
            return list(connection.scalars(select(_bus.inbox.c.status).order_by(_bus.inbox.c.position)))


@dataclass(frozen=True)
class Request:
    """What can be asked from `unit` and from above, as far as units count, and from nowhere else."""

    unit: str
    content: dict[str, Any]


def _body(request: Any) -> bytes:
    return orjson.dumps({"args": [request], "kwargs": {}})
